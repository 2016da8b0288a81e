/// Where the user's settings lie: `$XDG_CONFIG_HOME/descent` or `~/.config/descent`.
enum ConfigurationFolder {
    static func path(_ environment: [String: String]) -> String? {
        if let config = environment["XDG_CONFIG_HOME"], config.hasPrefix("/") { return config + "/descent" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.config/descent" }
        return nil
    }
}
