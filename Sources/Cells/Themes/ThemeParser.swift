import NearestNames

extension Theme {
    /// Reads a theme file's text; themes/README.md has the format.
    /// - Parameter file: the file's name, for errors and for a theme without a `name`.
    /// - Throws: a `ThemeError` at the first line that cannot be understood.
    public static func parse(_ text: String, file: String) throws(ThemeError) -> Theme {
        var parser = ThemeParser(file: file)
        // "\r\n" is one character, so both line ends are told apart from the rest by `isNewline`.
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { try parser.read(line) }
        return parser.theme
    }
}

private struct ThemeParser {
    let file: String
    var theme: Theme
    var lineNumber = 0

    init(file: String) {
        self.file = file
        let base = file.split(separator: "/").last ?? ""
        theme = Theme(name: String(base.hasSuffix(".theme") ? base.dropLast(6) : base))
    }

    mutating func read(_ line: Substring) throws(ThemeError) {
        lineNumber += 1
        let content = trim(uncommented(line))
        if content.isEmpty { return }
        guard let equals = content.firstIndex(of: "=") else {
            throw error(.malformedLine, "no '=' in '\(content)': write role = colour")
        }
        let key = String(trim(content[..<equals]))
        let value = trim(content[content.index(after: equals)...])
        guard !value.isEmpty else { throw error(.malformedLine, "'\(key)' has no value: write \(key) = colour") }
        switch key {
        case "name": theme.name = String(value)
        case "kind":
            guard let kind = Theme.Kind(rawValue: String(value)) else {
                throw error(.unknownKind, "unknown kind '\(value)': write dark or light")
            }
            theme.kind = kind
        default: try setRole(key, value)
        }
    }

    private mutating func setRole(_ key: String, _ value: Substring) throws(ThemeError) {
        guard let role = ColorRole(name: key) else {
            let names = ColorRole.allCases.map(\.name) + ["name", "kind"]
            throw error(.unknownRole, "unknown role '\(key)'" + suggestion(for: key, among: names))
        }
        guard theme[role] == nil else { throw error(.repeatedRole, "role '\(key)' is set twice: remove one line") }
        let fields = value.split(separator: "/", omittingEmptySubsequences: false).map { trim($0) }
        guard fields.count <= 3 else {
            throw error(.malformedLine, "'\(key)' has \(fields.count) fields: write 256 colours / 16 colours / monochrome")
        }
        let palette = try paint(fields[0])
        let ansi: Theme.Paint
        if fields.count > 1, !fields[1].isEmpty {
            ansi = try paint(fields[1], depth: .sixteen)
        } else {
            ansi = Theme.Paint(palette.color.map(Palette.nearest16), palette.attributes)
        }
        var mono: Style.Attributes?
        if fields.count > 2 { mono = try attributes(fields[2].split(separator: " ")) }
        theme[role] = Theme.Entry(palette: palette, ansi: ansi, mono: mono)
    }

    private func paint(_ field: Substring, depth: ColorDepth = .palette256) throws(ThemeError) -> Theme.Paint {
        let words = field.split(separator: " ")
        guard let first = words.first else { throw error(.malformedLine, "a colour is missing: write a colour or default") }
        let color = try color(String(first))
        return Theme.Paint(
            depth == .sixteen ? color.map(Palette.nearest16) : color, try attributes(words.dropFirst()))
    }

    private func color(_ word: String) throws(ThemeError) -> UInt8? {
        if word == "default" { return nil }
        if let index = Palette.names[word] { return index }
        if let index = UInt8(word) { return index }
        if word.hasPrefix("#"), word.utf8.count == 7, let value = Int(word.dropFirst(), radix: 16) {
            return Palette.nearest256((value >> 16 & 255, value >> 8 & 255, value & 255))
        }
        let isNumber = word.allSatisfy(\.isNumber)
        throw error(
            .unknownColor,
            isNumber
                ? "no colour \(word): the palette has 0 to 255"
                : "unknown colour '\(word)'" + suggestion(for: word, among: Palette.names.keys + ["default"]))
    }

    private func attributes(_ words: some Sequence<Substring>) throws(ThemeError) -> Style.Attributes {
        var result: Style.Attributes = []
        for word in words {
            guard let attribute = Style.Attributes(name: String(word)) else {
                throw error(
                    .unknownAttribute,
                    "unknown attribute '\(word)'" + suggestion(for: String(word), among: Array(Style.Attributes.names.keys)))
            }
            result.formUnion(attribute)
        }
        return result
    }

    private func error(_ code: ThemeError.Code, _ message: String) -> ThemeError {
        ThemeError(code: code, message: message, file: file, line: lineNumber)
    }

    /// The line without its comment: "#" at its start or after a space, unless it begins a colour.
    private func uncommented(_ line: Substring) -> Substring {
        var previous: Character = " "
        for index in line.indices {
            if line[index] == "#", previous == " " || previous == "\t" {
                let word = line[index...].prefix { $0 != " " && $0 != "\t" && $0 != "/" }
                let isColor = word.count == 7 && word.dropFirst().allSatisfy(\.isHexDigit)
                if !isColor || trim(line[..<index]).isEmpty { return line[..<index] }
            }
            previous = line[index]
        }
        return line
    }

    private func trim(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

extension Style.Attributes {
    /// The attributes' names in theme files; `normal` is none.
    static let names: [String: Style.Attributes] = [
        "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse, "italic": .italic, "normal": [],
    ]

    init?(name: String) {
        guard let attribute = Style.Attributes.names[name] else { return nil }
        self = attribute
    }
}

/// ": did you mean 'x'?" with the nearest candidate, or nothing if all are too far.
private func suggestion(for word: String, among candidates: [String]) -> String {
    NearestName.suggestions(for: word, among: candidates.sorted()).first.map { ": did you mean '\($0)'?" } ?? ""
}
