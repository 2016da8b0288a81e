/// What is wrong with read options that a user typed, and what to do.
public struct ReadingProblem: Error, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// Read options as a line of text, as the command line takes them: `--decimal , --date-format dmy`. `DataReading.words(of:)` writes
/// what is read here.
public enum ReadingWords {
    /// The options that a line says, by name. Their values are checked by who reads the file.
    ///
    /// - Throws: for a name that no option has, an option without its value, and a quote that is not closed.
    public static func request(
        _ line: String, options: [ReadOptionDescription]
    ) throws(ReadingProblem) -> [String: String] {
        var request: [String: String] = [:]
        var words = try split(line)[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                throw ReadingProblem("'\(word)': write --NAME VALUE, such as --decimal ,")
            }
            let equals = word.firstIndex(of: "=")
            let name = String(word[word.index(word.startIndex, offsetBy: 2)..<(equals ?? word.endIndex)])
            guard let option = options.first(where: { $0.name == name }) else {
                throw ReadingProblem("no read option '\(name)': use \(options.map(\.name).joined(separator: ", "))")
            }
            let value: String
            if let equals {
                value = String(word[word.index(after: equals)...])
            } else if option.placeholder == nil {
                // What takes no value may still be given one, as it is kept with one.
                value = words.first.map(option.choices.contains) == true ? words.removeFirst() : "yes"
            } else {
                guard let next = words.popFirst(), !options.contains(where: { "--" + $0.name == next }) else {
                    throw ReadingProblem("--\(name) \(option.placeholder ?? ""): give its value, \(option.help)")
                }
                value = next
            }
            let before = option.isRepeatable ? request[name].map { $0 + "\n" } ?? "" : ""
            request[name] = before + value
        }
        return request
    }

    /// The words of a line, as a shell takes it apart: spaces within quotes, or behind a backslash, belong to a word.
    ///
    /// - Throws: for a quote that is not closed.
    public static func split(_ line: String) throws(ReadingProblem) -> [String] {
        var words: [String] = []
        var word = "", isWord = false
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                (isEscaped, isWord) = (true, true)
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                (quote, isWord) = (character, true)
            } else if character == " " || character == "\t" {
                if isWord { words.append(word) }
                (word, isWord) = ("", false)
            } else {
                word.append(character)
                isWord = true
            }
        }
        if let quote { throw ReadingProblem("a quote \(quote) is not closed: close it, or write it as \\\(quote)") }
        if isEscaped { word.append("\\") }
        if isWord { words.append(word) }
        return words
    }
}
