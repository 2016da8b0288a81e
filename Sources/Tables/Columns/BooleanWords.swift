/// The words read as truth values.
enum BooleanWords {
    private static let families: [(no: String, yes: String)] = [("false", "true"), ("no", "yes"), ("f", "t"), ("n", "y")]

    static func isBoolean(_ text: String) -> Bool {
        let word = text.lowercased()
        return families.contains { $0.no == word || $0.yes == word }
    }

    /// 0 for the false word of a pair, 1 for its true one, in any case, and as numbers or in the other family's spelling of the pair
    /// where that is plain; nil for anything else.
    static func code(of text: String, among pair: [String]) -> Int32? {
        let word = text.lowercased()
        if word == pair[0].lowercased() || word == "0" { return 0 }
        if word == pair[1].lowercased() || word == "1" { return 1 }
        if families.contains(where: { $0.no == word }) { return 0 }
        return families.contains { $0.yes == word } ? 1 : nil
    }

    /// For each word of a dictionary 0 or 1, and the words shown for them; `nil` if the column is not one of truth values.
    ///
    /// A single letter counts only when its opposite occurs too: a column of nothing but `F` is no column of falsehoods.
    static func interpret(_ dictionary: [String]) -> (codes: [Int32], words: [String])? {
        guard !dictionary.isEmpty, dictionary.count <= 6 else { return nil }
        let words = dictionary.map { $0.lowercased() }
        guard let family = families.first(where: { $0.no == words[0] || $0.yes == words[0] }) else { return nil }
        guard words.allSatisfy({ $0 == family.no || $0 == family.yes }) else { return nil }
        if family.no.count == 1, Set(words).count < 2 { return nil }
        let shown = [family.no, family.yes].map { word in
            words.firstIndex(of: word).map { dictionary[$0] } ?? word
        }
        return (words.map { $0 == family.yes ? 1 : 0 }, shown)
    }
}
