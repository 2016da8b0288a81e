/// Whether texts are worth reading: their words recur from text to text, as those of titles, messages and addresses do and those of
/// keys and random letters do not.
enum FreeText {
    /// Texts that are looked at; of more, every so-manieth.
    private static let textLimit = 20_000

    /// What is found about some texts.
    struct Survey {
        /// Characters and words of a text on average.
        var length = 0.0, words = 0.0
        /// Share of the words that other texts have too, leaving aside those that nearly all texts have. One with a digit does not
        /// count as recurring: numbers of a few digits recur by chance.
        var recurring = 0.0

        var isText: Bool { words >= 2 && recurring > 0.5 }
    }

    /// - Parameter texts: distinct ones.
    static func survey(_ texts: [String]) -> Survey {
        guard texts.count >= 10 else { return Survey() }
        let step = (texts.count + textLimit - 1) / textLimit
        var reader = TextTerms(.words), table = TermTable()
        var textCounts: [Int] = [], wordCounts: [Int] = [], latest: [Int] = [], digits: [Bool] = []
        var survey = Survey(), read = 0, length = 0
        for index in stride(from: 0, to: texts.count, by: step) {
            reader.read(texts[index])
            read += 1
            length += reader.measures[TextMeasure.length.index]
            for (place, hash) in reader.hashes.enumerated() {
                let number = table.add(hash)
                if number == wordCounts.count {
                    wordCounts.append(0)
                    textCounts.append(0)
                    latest.append(-1)
                    digits.append(reader.hasDigit(place))
                }
                wordCounts[number] += 1
                if latest[number] != index {
                    latest[number] = index
                    textCounts[number] += 1
                }
            }
        }
        let all = wordCounts.reduce(0, +)
        let rarer = wordCounts.indices.filter { textCounts[$0] * 10 <= read * 9 }
        let sum = { (words: [Int]) in Double(words.reduce(0) { $0 + wordCounts[$1] }) }
        survey.length = Double(length) / Double(read)
        survey.words = Double(all) / Double(read)
        survey.recurring = rarer.isEmpty ? 0 : sum(rarer.filter { textCounts[$0] > 1 && !digits[$0] }) / sum(rarer)
        return survey
    }
}
