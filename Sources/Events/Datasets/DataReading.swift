import JSON

/// How a data file was read: what was decided, each with the option that decides otherwise.
public struct DataReading: Sendable, Hashable {
    /// One decision.
    public struct Choice: Sendable, Hashable {
        /// The read option, such as `delimiter`: `--delimiter` on the command line.
        public var option: String
        /// As the option takes it, such as `;`, `yes` or `dmy`.
        public var value: String
        /// Whether the file could be read otherwise as well.
        public var isGuess: Bool

        public init(option: String, value: String, isGuess: Bool = false) {
            self.option = option
            self.value = value
            self.isGuess = isGuess
        }

        /// As a shell takes it.
        public var words: String { "--\(option) \(Self.quoted(value))" }

        private static func quoted(_ text: String) -> String {
            let isPlain = text.utf8.allSatisfy {
                ($0 | 32) &- 97 < 26 || $0 &- 48 < 10 || $0 >= 0x80 || [37, 43, 44, 45, 46, 47, 58, 61, 64, 95].contains($0)
            }
            return isPlain && !text.isEmpty
                ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
    }

    /// What a request says about reading, as the command line takes it; empty when it says nothing.
    public static func words(of request: [String: String]) -> String {
        request.sorted { $0.key < $1.key }.flatMap { option, text in
            // Types of several columns stand on lines of their own.
            text.split(separator: "\n", omittingEmptySubsequences: false).map { Choice(option: option, value: String($0)).words }
        }.joined(separator: " ")
    }

    public var format: String
    public var rowCount: Int
    public var columnCount: Int
    public var choices: [Choice]
    /// Lines that are no records: above the names, at the end, remarks, names that came again, units.
    public var leftOut: Int
    /// Files that were read as one.
    public var fileCount: Int

    public init(
        format: String, rowCount: Int, columnCount: Int, choices: [Choice] = [], leftOut: Int = 0, fileCount: Int = 1
    ) {
        self.format = format
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.choices = choices
        self.leftOut = leftOut
        self.fileCount = fileCount
    }

    /// All of it in one line, which says how to change each decision.
    ///
    /// - Parameter grouped: how whole numbers are written.
    public func line(grouped: (Int) -> String) -> String {
        var line = "\(format), \(grouped(rowCount)) rows × \(grouped(columnCount)) columns"
        if fileCount > 1 { line += " of \(grouped(fileCount)) files" }
        if !choices.isEmpty { line += ", read with \(choices.map(\.words).joined(separator: " "))" }
        if leftOut > 0 { line += "; \(grouped(leftOut)) \(leftOut == 1 ? "line" : "lines") left out" }
        let guesses = choices.filter(\.isGuess).map(\.option)
        if !guesses.isEmpty { line += "; not sure of \(guesses.joined(separator: ", "))" }
        return line
    }
}

extension DataReading {
    public var json: JSONValue {
        .object([
            "format": .string(format), "rowCount": .integer(rowCount), "columnCount": .integer(columnCount),
            "choices": .array(
                choices.map {
                    .object(["option": .string($0.option), "value": .string($0.value), "isGuess": .boolean($0.isGuess)])
                }), "leftOut": .integer(leftOut), "fileCount": .integer(fileCount),
        ])
    }

    public init?(json: JSONValue) {
        guard let format = json["format"]?.string, let rowCount = json["rowCount"]?.integer,
            let columnCount = json["columnCount"]?.integer, let choices = json["choices"]?.array,
            let leftOut = json["leftOut"]?.integer, let fileCount = json["fileCount"]?.integer
        else { return nil }
        self.init(
            format: format, rowCount: rowCount, columnCount: columnCount,
            choices: choices.compactMap { choice in
                guard let option = choice["option"]?.string, let value = choice["value"]?.string else { return nil }
                return Choice(option: option, value: value, isGuess: choice["isGuess"]?.boolean ?? false)
            }, leftOut: leftOut, fileCount: fileCount)
    }
}
