import JSON
import PrintableText

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
        public var words: String {
            // A value that looks like an option is tied to its own.
            "--\(option)\(value.hasPrefix("-") && value.count > 1 ? "=" : " ")\(value.shellWord)"
        }
    }

    /// A column's kind, with how its values are written where that is not as programs write them.
    public static func kind(_ kind: String, written: String?) -> String { kind + (written.map { " " + $0 } ?? "") }

    /// What a request says about reading, as the command line takes it; empty when it says nothing.
    public static func words(of request: [String: String]) -> String {
        var words: [String] = []
        for (option, text) in request.sorted(by: { $0.key < $1.key }) {
            switch option {
            // The one option without a value.
            case "strict": if text != "no" { words.append("--strict") }
            // Those of several columns stand on lines of their own.
            case "type":
                words += text.split(separator: "\n", omittingEmptySubsequences: false).map {
                    Choice(option: option, value: String($0)).words
                }
            default: words.append(Choice(option: option, value: text).words)
            }
        }
        return words.joined(separator: " ")
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
    public func line(grouped: (Int) -> String) -> String { phrases(grouped: grouped).map(\.text).joined(separator: " ") }

    /// The parts of `line` between which it may be broken.
    ///
    /// - Parameter grouped: how whole numbers are written.
    public func phrases(grouped: (Int) -> String) -> [Phrase] {
        var phrases = ["\(format),", "\(grouped(rowCount)) rows", "× \(grouped(columnCount)) columns"].map { Phrase(text: $0) }
        func add(_ text: String, after sign: String, isGuess: Bool = false) {
            phrases[phrases.count - 1].text += sign
            phrases.append(Phrase(text: text, isGuess: isGuess))
        }
        if fileCount > 1 { add("of \(grouped(fileCount)) files", after: "") }
        if !choices.isEmpty { add("read with", after: ",") }
        for choice in choices { phrases.append(Phrase(text: choice.words, isChoice: true, isGuess: choice.isGuess)) }
        if leftOut > 0 { add("\(grouped(leftOut)) \(leftOut == 1 ? "line" : "lines") left out", after: ";") }
        let guesses = choices.filter(\.isGuess).map(\.option)
        if !guesses.isEmpty { add("not sure of \(guesses.joined(separator: ", "))", after: ";", isGuess: true) }
        return phrases
    }

    /// A part of the line that says how a file was read.
    public struct Phrase: Sendable, Hashable {
        public var text: String
        /// Whether it is an option with what was decided.
        public var isChoice = false
        /// Whether it could be otherwise as well.
        public var isGuess = false

        public init(text: String, isChoice: Bool = false, isGuess: Bool = false) {
            self.text = text
            self.isChoice = isChoice
            self.isGuess = isGuess
        }
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
