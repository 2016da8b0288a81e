/// Whether and how well typed letters match a text: the letters in order, anywhere; runs of letters and word starts count more.
package enum FuzzyMatch {
    /// Letters of the longest pattern that is looked for.
    static let longestPattern = 1000

    /// What is looked for, taken apart once for all texts.
    package struct Pattern: Sendable {
        fileprivate let words: [[Unicode.Scalar]]
        fileprivate let letterCount: Int
        fileprivate let longest: Int

        package init(_ text: some StringProtocol) {
            words = text.split(separator: " ").map { Array($0.lowercased().unicodeScalars) }
            letterCount = words.reduce(0) { $0 + $1.count }
            longest = words.reduce(0) { max($0, $1.count) }
        }
    }

    /// - Returns: nil when a letter is missing; otherwise a score, higher is better.
    package static func score(_ pattern: String, in text: String) -> Int? { score(Pattern(pattern), in: text) }

    /// - Returns: nil when a letter is missing; otherwise a score, higher is better.
    package static func score(_ pattern: Pattern, in text: String) -> Int? {
        // Every letter of a word is found in the text at a place of its own; words may share letters.
        if pattern.longest > 4 * text.utf8.count || pattern.letterCount > longestPattern { return nil }
        let letters = Array(text.lowercased().unicodeScalars)
        var total = 0
        for word in pattern.words {
            guard let score = scoreWord(word, in: letters) else { return nil }
            total += score
        }
        return total
    }

    private static func scoreWord(_ pattern: [Unicode.Scalar], in letters: [Unicode.Scalar]) -> Int? {
        guard !pattern.isEmpty else { return 0 }
        if let start = firstRange(of: pattern, in: letters) {
            let atWordStart = start == 0 || isBreak(letters[start - 1])
            return 1000 + (atWordStart ? 200 : 0) - min(start, 100) - min(letters.count, 99) / 4
        }
        var score = 0, position = 0, previous = -2
        for letter in pattern {
            guard let found = letters[position...].firstIndex(of: letter) else { return nil }
            if found == previous + 1 { score += 15 }
            if found == 0 || isBreak(letters[found - 1]) { score += 10 }
            score -= min(found - max(previous, 0), 10)
            previous = found
            position = found + 1
        }
        return score
    }

    private static func firstRange(of pattern: [Unicode.Scalar], in letters: [Unicode.Scalar]) -> Int? {
        guard letters.count >= pattern.count else { return nil }
        return (0...(letters.count - pattern.count)).first { letters[$0...].starts(with: pattern) }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "." || scalar == "_" || scalar == "-" || scalar == ":" || scalar == "/"
    }
}
