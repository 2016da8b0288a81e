import JSON

/// A hyperparameter's name, valid values, default, and one line on what it does.
public struct HyperparameterDescription: Sendable, Hashable {
    public enum Domain: Sendable, Hashable {
        case number(lower: Double, upper: Double, lowerIncluded: Bool, upperIncluded: Bool)
        case integer(lower: Int, upper: Int)
        case choice([String])
        case boolean
        /// A text without spaces, or `none`.
        case text(example: String)
        /// Whole numbers with commas between, or `none`.
        case list(lower: Int, upper: Int)
        /// `none`, or an image's HEIGHTxWIDTHxCHANNELS.
        case imageShape
    }

    public var name: String
    public var domain: Domain
    /// Words that are valid beside the domain's values: `auto`, `balanced`.
    public var words: [String]
    public var defaultValue: String
    public var summary: String
    /// Whether it says when the job ends and what it is judged by, rather than how the algorithm learns.
    public var isJobSetting: Bool

    public init(
        name: String, domain: Domain, words: [String] = [], defaultValue: String, summary: String, isJobSetting: Bool = false
    ) {
        self.name = name
        self.domain = domain
        self.words = words
        self.defaultValue = defaultValue
        self.summary = summary
        self.isJobSetting = isJobSetting
    }

    /// The valid values in words: `auto or a number > 0`.
    public var validValues: String {
        let values: String
        switch domain {
        case .number(let lower, let upper, let lowerIncluded, let upperIncluded):
            switch (lower.isFinite, upper.isFinite) {
            case (false, false): values = "a number"
            case (true, false): values = "a number \(lowerIncluded ? ">=" : ">") \(JSONValue.text(lower))"
            case (false, true): values = "a number \(upperIncluded ? "<=" : "<") \(JSONValue.text(upper))"
            case (true, true):
                let open = lowerIncluded ? "[" : "(", close = upperIncluded ? "]" : ")"
                values = "a number in \(open)\(JSONValue.text(lower)), \(JSONValue.text(upper))\(close)"
            }
        case .integer(let lower, let upper):
            values = upper == .max ? "an integer >= \(lower)" : "an integer in \(lower)...\(upper)"
        case .choice(let choices): values = "one of " + choices.joined(separator: ", ")
        case .boolean: values = "true or false"
        case .text(let example): values = "none, or a text such as \(example)"
        case .list(let lower, let upper): values = "none, or integers in \(lower)...\(upper) such as 64,32"
        case .imageShape: values = "none, or HEIGHTxWIDTHxCHANNELS such as 28x28x1"
        }
        return (words + [values]).joined(separator: " or ")
    }

    /// Whether `value` is valid.
    public func accepts(_ value: String) -> Bool {
        if words.contains(value) { return true }
        switch domain {
        case .number(let lower, let upper, let lowerIncluded, let upperIncluded):
            guard let number = Double(value), number.isFinite else { return false }
            return (lowerIncluded ? number >= lower : number > lower) && (upperIncluded ? number <= upper : number < upper)
        case .integer(let lower, let upper):
            guard let number = Int(value) else { return false }
            return number >= lower && number <= upper
        case .choice(let choices): return choices.contains(value)
        case .boolean: return value == "true" || value == "false"
        case .text: return !value.isEmpty && !value.contains { $0.isWhitespace }
        case .list(let lower, let upper):
            let parts = value.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
            return value == "none" || parts.count <= 64 && parts.allSatisfy { $0.map { $0 >= lower && $0 <= upper } ?? false }
        case .imageShape:
            let parts = value.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            return value == "none" || (2...3).contains(parts.count) && parts.allSatisfy { (1...65_536).contains($0) }
        }
    }

    /// All valid values where there are few; empty for numbers, lists and texts.
    public var choices: [String] {
        let values: [String]
        switch domain {
        case .choice(let choices): values = choices
        case .boolean: values = ["true", "false"]
        case .number, .integer, .list, .imageShape, .text: return []
        }
        return words.filter { !values.contains($0) } + values
    }
}
