import PrintableText

extension ReadOptions {
    /// Options as a user writes them, by the name of the `ReadOption`; several types stand on lines of their own.
    ///
    /// - Throws: `badOption` that says which value is valid.
    public init(_ texts: [String: String]) throws(TableError) {
        self.init()
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let option = ReadOption(rawValue: name) else {
                throw TableError(
                    .badOption,
                    "no read option '\(name)': use \(ReadOption.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            try set(option, text)
        }
        try checkMarks()
    }

    /// One character cannot be two marks.
    private func checkMarks() throws(TableError) {
        var marks: [(ReadOption, Character)] = []
        if let delimiter { marks.append((.delimiter, delimiter)) }
        if let decimal { marks.append((.decimal, decimal)) }
        for (option, mark) in [(ReadOption.thousands, thousands), (.quote, quote), (.comment, comment)] {
            if case .character(let one)? = mark { marks.append((option, one)) }
        }
        for (index, mark) in marks.enumerated() {
            guard let other = marks[..<index].first(where: { $0.1 == mark.1 }) else { continue }
            // Blanks between fields may group digits within quotes.
            if mark.1 == " " { continue }
            throw Self.fault(mark.0, String(mark.1), "--\(other.0.rawValue) is that already; give different characters")
        }
    }

    /// What of it holds for another file of the same kind too: not how many records to read.
    public var forOtherFiles: ReadOptions {
        var options = self
        options.rowLimit = nil
        return options
    }

    /// Options that say how files of one kind are written, which other files of that kind are read by, too.
    public static let ofKind: Set<ReadOption> = [
        .delimiter, .decimal, .thousands, .quote, .comment, .encoding, .header, .skippedLines,
    ]

    /// These options, and of another file's those that say how files of its kind are written and are not given here. Where both
    /// together make no sense, these alone.
    ///
    /// - Returns: the options, and the names of those that were taken over.
    public func taking(_ texts: [String: String]) -> (options: ReadOptions, taken: [String]) {
        let known = Set(given.map(\.0) + (header == nil ? [] : [.header]) + (encoding == nil ? [] : [.encoding]))
        var options = self, taken: [String] = []
        do throws(TableError) {
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
                guard let option = ReadOption(rawValue: name), Self.ofKind.contains(option), !known.contains(option) else {
                    continue
                }
                try options.set(option, text)
                taken.append(name)
            }
            try options.checkMarks()
        } catch { return (self, []) }
        return (options, taken)
    }

    private mutating func set(_ option: ReadOption, _ text: String) throws(TableError) {
        switch option {
        case .format:
            guard let known = DataFormat(rawValue: text.lowercased()) else { throw Self.fault(option, text, option.help) }
            format = known
        case .delimiter: delimiter = try Self.character(option, text, words: ["tab": "\t", "\\t": "\t", "blanks": " "])
        case .decimal:
            guard text == "." || text == "," else { throw Self.fault(option, text, "give . or ,") }
            decimal = text.first
        case .thousands:
            thousands = try Self.mark(option, text, words: ["space": " "])
            if case .character(let mark)? = thousands, !",.'_ ".contains(mark) {
                throw Self.fault(option, text, "give , . ' _ space or none")
            }
        case .quote: quote = try Self.mark(option, text)
        case .comment: comment = try Self.mark(option, text)
        case .encoding:
            guard !text.isEmpty, !text.contains("/"), TextEncoding.isKnown(text) else {
                throw Self.fault(option, text, "this machine's iconv knows no such encoding; iconv -l lists those it knows")
            }
            encoding = text
        case .header: header = try Self.header(text)
        case .skippedLines: skippedLines = try Self.count(option, text, from: 0)
        case .missing:
            let replaces = text.hasPrefix("=")
            let words = text.dropFirst(replaces ? 1 : 0).split(separator: ",").map(String.init)
            missing = Missing(words: words, replacesUsual: replaces)
        case .type: kinds = try Self.kinds(text)
        case .dateFormat:
            guard ["dmy", "mdy", "ymd"].contains(text.lowercased()) || text.contains("%") else {
                throw Self.fault(option, text, "give dmy, mdy, ymd or a pattern such as %d.%m.%Y")
            }
            dateFormat = text.contains("%") ? text : text.lowercased()
        case .rows: rowLimit = try Self.count(option, text, from: 1)
        case .sheet, .table: part = text
        case .strict:
            guard ["", "yes", "no"].contains(text) else { throw Self.fault(option, text, "give yes or no") }
            isStrict = text != "no"
        }
    }

    private static func fault(_ option: ReadOption, _ text: String, _ advice: String) -> TableError {
        TableError(.badOption, "\(option.rawValue) is '\(text.prefix(100).replacing("\n", with: "\\n").printable)': \(advice)")
    }

    private static func character(
        _ option: ReadOption, _ text: String, words: [String: Character] = [:]
    ) throws(TableError) -> Character {
        if let known = words[text.lowercased()] { return known }
        guard let only = text.first, text.utf8.count == 1, only != "\n", only != "\r" else {
            let known = words.keys.sorted().map { ", \($0)" }.joined()
            throw fault(option, text, "give one ASCII character\(known)")
        }
        return only
    }

    private static func mark(
        _ option: ReadOption, _ text: String, words: [String: Character] = [:]
    ) throws(TableError) -> Mark {
        text.lowercased() == "none" ? .none : .character(try character(option, text, words: words))
    }

    private static func header(_ text: String) throws(TableError) -> Header {
        switch text.lowercased() {
        case "yes", "true": return .first
        case "no", "none", "false": return .none
        default:
            guard let line = Int(text), line >= 1 else {
                throw fault(.header, text, "give yes, no or a line of the file, from 1")
            }
            return .line(line)
        }
    }

    private static func count(_ option: ReadOption, _ text: String, from least: Int) throws(TableError) -> Int {
        guard let count = Int(text), count >= least else { throw fault(option, text, "give a whole number from \(least) on") }
        return count
    }

    private static func kinds(_ text: String) throws(TableError) -> [String: ColumnKind] {
        var kinds: [String: ColumnKind] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.lastIndex(of: "="),
                let kind = ColumnKind(rawValue: line[line.index(after: equals)...].lowercased())
            else {
                throw fault(
                    .type, String(line),
                    "give COL=KIND with one of \(ColumnKind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            let name = String(line[..<equals])
            if let other = kinds[name], other != kind {
                throw fault(.type, String(line), "\(name) is said to be \(other.rawValue) too; give one of them")
            }
            kinds[name] = kind
        }
        return kinds
    }
}
