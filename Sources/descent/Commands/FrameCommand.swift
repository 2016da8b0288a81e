import Cells
import JSON
import OutputFiles
import Studio
import Terminal

/// `descent frame`: a screen of the studio as a picture, without a terminal.
enum FrameCommand {
    /// The screens by name, with the keys that lead to them from the home screen.
    static let screens: [(name: String, keys: String)] = [
        ("home", ""), ("datasets", "1 z"), ("experiments", "2 z"), ("curves", "3 z"), ("alerts", "4 z"), ("metrics", "3 t"),
        ("run", "2 enter"), ("compare", "2 a c"), ("importance", "2 i"), ("insights", "2 D"), ("new-run", "n"), ("help", "?"),
        ("themes", "T"),
    ]

    static let specification = CommandSpecification(
        words: ["frame"], summary: "write a screen of the studio as an image or as text",
        details: """
            SCREEN is \(screens.map(\.name).joined(separator: ", ")); without one, home. What the workspace holds is shown as the \
            studio shows it; nothing is trained or changed. The file's ending says what is written: .svg an image, else text.
            """,
        positionals: [.init(name: "SCREEN", help: "which screen (default: home)", isOptional: true)],
        options: [
            .init(name: "--size", value: "WxH", help: "columns and rows (default: 120x40)"),
            .init(name: "--theme", value: "NAME", help: "colours of an image (default: the one chosen in the studio)"),
            .init(name: "--run", value: "RUN", help: "select this run first"),
            .init(name: "--keys", value: "KEYS", help: "keys to press then, such as \"right right\""),
            .init(name: "--out", value: "FILE", help: "write here rather than to standard output"),
        ],
        examples: [
            "descent frame", "descent frame run --run adam --keys right --size 80x24", "descent frame curves --out curves.svg",
        ],
        run: { try run($0) })

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let name = arguments.positionals.first ?? "home"
        guard let screen = screens.first(where: { $0.name == name }) else {
            throw CommandError.usage("there is no screen '\(name)': give \(screens.map(\.name).joined(separator: ", "))")
        }
        let size = try size(arguments.value("--size") ?? "120x40")
        let themes = ThemeLibrary(environment: arguments.environment)
        let workspace = try WorkspaceChoice.existing(arguments)
        var (_, settings, _) = SettingsFile.read(arguments.environment, workspace: workspace)
        if let theme = arguments.value("--theme") {
            guard themes.names.contains(theme) else {
                throw CommandError.usage("there is no theme '\(theme)': give \(themes.names.joined(separator: ", "))")
            }
            settings.theme = theme
        }
        let keys = try (screen.keys + " " + (arguments.value("--keys") ?? "")).split(separator: " ").map { name in
            guard let key = Key(name: String(name)) else { throw CommandError.usage("--keys: there is no key '\(name)'") }
            return key
        }
        let studio = try HeadlessStudio(
            workspace: workspace, settings: settings, size: size, themes: themes)
        defer { studio.close() }
        if let run = arguments.value("--run"), !studio.select(run) { throw CommandError.failed("there is no run '\(run)'") }
        studio.press(keys)
        if !keys.isEmpty, let refusal = studio.state.refusal { throw CommandError.failed("\(name): \(refusal)") }
        let frame = studio.frame()
        guard let path = arguments.value("--out") else {
            if arguments.flag("--json") {
                Console.print(
                    JSONValue.object([
                        "kind": .string("frame"), "screen": .string(name), "width": .number(Double(size.width)),
                        "height": .number(Double(size.height)), "place": .string(studio.state.wayHere),
                        "lines": .array(frame.textPlane.map { .string($0) }),
                    ]).text)
            } else {
                Console.printRaw(frame.plainText)
            }
            return .done
        }
        try OutputFile.write(
            path.hasSuffix(".svg") ? frame.svg(theme: studio.theme, title: "descent: " + studio.state.wayHere) : frame.plainText,
            to: path)
        return .done
    }

    private static func size(_ text: String) throws(CommandError) -> Size {
        let parts = text.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, (20...1000).contains(parts[0]), (5...500).contains(parts[1]) else {
            throw CommandError.usage("--size is '\(text)': give 20 to 1000 columns and 5 to 500 rows, such as 120x40")
        }
        return Size(width: parts[0], height: parts[1])
    }
}
