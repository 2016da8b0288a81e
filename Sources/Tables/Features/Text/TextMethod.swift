/// What of a text becomes features.
public enum TextMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// Words of at least two letters or digits.
    case words
    /// Words, and pairs of words that follow each other.
    case ngrams
    /// Pieces of two to four characters, each within a word and the blanks around it.
    case chars
    /// Words and pairs, put into a fixed number of features by their hash: nothing is learned from the rows.
    case hash
    /// The column is not read as text: values that recur are categories, others are left out.
    case none
}
