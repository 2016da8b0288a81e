/// What is counted of a text beside its words; as a feature, the logarithm of one more.
package enum TextMeasure: String, Sendable, Hashable, Codable, CaseIterable {
    case length
    case words
    case digits
    case capitals
    case punctuation
    case exclamations = "exclamation marks"
    case currencySigns = "currency signs"
    case links

    /// Its place among all.
    var index: Int {
        switch self {
        case .length: 0
        case .words: 1
        case .digits: 2
        case .capitals: 3
        case .punctuation: 4
        case .exclamations: 5
        case .currencySigns: 6
        case .links: 7
        }
    }
}
