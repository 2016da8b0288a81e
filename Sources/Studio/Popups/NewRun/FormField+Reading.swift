import Events
import PrintableText

// A field that says how a file is read, in the words of the command line: what could stand at its end.
extension FormField {
    var isReading: Bool { if case .readOption("type") = name { true } else { name == .reading } }

    /// What continues the text: all of it, and the word that is added.
    var readingChoices: [(text: String, word: String)] {
        let typed = input.text
        let start = typed.lastIndex(of: " ").map { typed.index(after: $0) } ?? typed.startIndex
        let (earlier, word) = (typed[..<start], typed[start...])
        let words = name == .reading ? lineWords(after: earlier) : kinds(of: word)
        return words.filter { $0.hasPrefix(word) && $0 != word }.map { (earlier + $0, String($0.trimmingSpaces)) }
    }

    /// What can stand behind a part of a line of options.
    private func lineWords(after earlier: Substring) -> [String] {
        let words = earlier.split(separator: " ")
        if let last = words.last, let option = readOptions.first(where: { "--" + $0.name == last }), option.placeholder != nil {
            let start = input.text.lastIndex(of: " ").map { input.text.index(after: $0) } ?? input.text.startIndex
            return option.isRepeatable ? kinds(of: input.text[start...]) : option.choices.map { $0.shellWord }
        }
        return readOptions.filter { $0.isRepeatable || !words.contains("--" + $0.name[...]) }.map {
            "--" + $0.name + ($0.placeholder == nil ? "" : " ")
        }
    }

    /// `COLUMN=` for the columns there are, and a kind behind that.
    private func kinds(of word: Substring) -> [String] {
        guard let equals = word.lastIndex(of: "=") else { return columns.map { $0.shellWord + "=" } }
        let kinds = readOptions.first { $0.name == "type" }?.choices ?? []
        return kinds.map { word[...equals] + $0 }
    }
}
