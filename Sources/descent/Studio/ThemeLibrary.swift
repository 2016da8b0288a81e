import Cells
import Files

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
            for file in Folder.names(in: folder) where file.hasSuffix(".theme") { load(folder + "/" + file) }
        }
    }

    /// The theme of a name; the default one and a message when there is none.
    func theme(named name: String) -> (theme: Theme, message: String?) {
        if let theme = themes[name] { return (theme, nil) }
        // A file of its own, by its path.
        if name.contains("/") {
            guard let text = FileContents.text(name) else {
                return (.descentDark, "\(name) cannot be read: using \(Theme.descentDark.name)")
            }
            do throws(ThemeError) { return (try Theme.parse(text, file: name), nil) } catch {
                return (.descentDark, error.description)
            }
        }
        return (.descentDark, "no theme '\(name)': using \(Theme.descentDark.name); T shows what there is")
    }

    private mutating func load(_ path: String) {
        guard let text = FileContents.text(path) else { return }
        do throws(ThemeError) {
            let theme = try Theme.parse(text, file: path)
            themes[theme.name] = theme
        } catch {
            messages.append(error.description)
        }
    }
}
