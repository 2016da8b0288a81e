import Cells
import Glibc

/// The themes that can be chosen: the built-in one, those that come with the program, the user's own.
struct ThemeLibrary {
    private var themes: [String: Theme] = [Theme.descentDark.name: .descentDark]
    /// Files that are not themes, in words for the user.
    private(set) var messages: [String] = []

    var names: [String] { themes.keys.sorted() }

    /// Reads every `.theme` file; of two with one name, the user's own counts.
    init(environment: [String: String]) {
        var folders = ResourceFolder.find("themes", containing: nil, environment).map { [$0] } ?? []
        if let config = ConfigurationFolder.path(environment) { folders.append(config + "/themes") }
        for folder in folders {
            for file in Self.files(in: folder).sorted() where file.hasSuffix(".theme") { load(folder + "/" + file) }
        }
    }

    /// The theme of a name; the default one and a message when there is none.
    func theme(named name: String) -> (theme: Theme, message: String?) {
        if let theme = themes[name] { return (theme, nil) }
        return (.descentDark, "no theme '\(name)': using \(Theme.descentDark.name); T shows what there is")
    }

    private mutating func load(_ path: String) {
        guard let text = TextFile.read(path) else { return }
        do throws(ThemeError) {
            let theme = try Theme.parse(text, file: path)
            themes[theme.name] = theme
        } catch {
            messages.append(error.description)
        }
    }

    static func files(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}

/// Where the user's settings lie: `$XDG_CONFIG_HOME/descent` or `~/.config/descent`.
enum ConfigurationFolder {
    static func path(_ environment: [String: String]) -> String? {
        if let config = environment["XDG_CONFIG_HOME"], config.hasPrefix("/") { return config + "/descent" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.config/descent" }
        return nil
    }
}

/// Small text files, whole.
enum TextFile {
    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 1 << 22 {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
