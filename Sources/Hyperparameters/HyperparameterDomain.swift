extension Hyperparameter {
    /// The values a hyperparameter may take.
    public enum Domain: Sendable, Hashable {
        /// A finite number between bounds; each bound may itself be excluded.
        case number(minimum: Double, excludesMinimum: Bool, maximum: Double, excludesMaximum: Bool)
        /// A whole number between bounds, both included.
        case integer(minimum: Int, maximum: Int)
        /// One of some words.
        case choice([String])
        /// true or false.
        case boolean
        /// A text without spaces, or `none`, with an example of what is meant.
        case text(example: String)
        /// At most 64 whole numbers with commas between, each between bounds, both included; `none` is the empty list.
        case list(minimum: Int, maximum: Int)
        /// `none`, or an image's HEIGHTxWIDTHxCHANNELS; the channels may be left out.
        case imageShape

        /// A number over 0.
        public static let positive = number(minimum: 0, excludesMinimum: true, maximum: .infinity, excludesMaximum: true)
        /// A number of at least 0.
        public static let nonNegative = number(minimum: 0, excludesMinimum: false, maximum: .infinity, excludesMaximum: true)
        /// A number from 0 to below 1.
        public static let fraction = number(minimum: 0, excludesMinimum: false, maximum: 1, excludesMaximum: true)
        /// A number between 0 and 1.
        public static let openFraction = number(minimum: 0, excludesMinimum: true, maximum: 1, excludesMaximum: true)
        /// A number over 0 and at most 1.
        public static let factor = number(minimum: 0, excludesMinimum: true, maximum: 1, excludesMaximum: false)
        /// Any finite number.
        public static let anyNumber = number(
            minimum: -.infinity, excludesMinimum: true, maximum: .infinity, excludesMaximum: true)
    }

    /// The numbers of a list such as `64,32`; nil if it is none.
    public static func list(_ text: String) -> [Int]? {
        guard text != "none" else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
        let numbers = parts.compactMap { $0 }
        return numbers.count == parts.count && numbers.count <= 64 ? numbers : nil
    }
}

extension Hyperparameter.Domain {
    func contains(_ text: String) -> Bool {
        switch self {
        case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
            guard let number = Double(text), number.isFinite else { return false }
            return (excludesMinimum ? number > minimum : number >= minimum)
                && (excludesMaximum ? number < maximum : number <= maximum)
        case .integer(let minimum, let maximum): return Int(text).map { $0 >= minimum && $0 <= maximum } ?? false
        case .choice(let words): return words.contains(text)
        case .boolean: return text == "true" || text == "false"
        case .text: return !text.isEmpty && !text.contains { $0.isWhitespace || $0.isNewline }
        case .list(let minimum, let maximum):
            return Hyperparameter.list(text).map { $0.allSatisfy { (minimum...maximum).contains($0) } } ?? false
        case .imageShape:
            let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            return text == "none" || (2...3).contains(parts.count) && parts.allSatisfy { (1...65_536).contains($0) }
        }
    }

    /// All values where there are few; empty for numbers, lists and texts.
    var choices: [String] {
        switch self {
        case .choice(let words): words
        case .boolean: ["true", "false"]
        case .number, .integer, .list, .imageShape, .text: []
        }
    }
}
