import CheckedNumbers
import Numerics

/// A setting of a learner: its name, the values it may take, and what it does.
public struct HyperparameterSpec: Sendable, Hashable {
    /// The values a hyperparameter may take.
    public enum Domain: Sendable, Hashable {
        /// A number between bounds; each bound may itself be excluded.
        case number(minimum: Double, excludesMinimum: Bool, maximum: Double, excludesMaximum: Bool)
        /// A whole number between bounds, both included.
        case integer(minimum: Int, maximum: Int)
        /// One of some words.
        case choice([String])
        /// true or false.
        case boolean
        /// A text without spaces, or `none`, with an example of what is meant.
        case text(example: String)
        /// Whole numbers with commas between, each between bounds, both included; `none` is the empty list.
        case list(minimum: Int, maximum: Int)
        /// `none`, or an image's HEIGHTxWIDTHxCHANNELS.
        case imageShape
    }

    /// SageMaker's name for it.
    public var name: String
    /// The values it may take.
    public var domain: Domain
    /// Whether `auto` leaves the choice to the learner.
    public var allowsAuto: Bool
    /// Words it takes besides, such as `balanced`.
    public var words: [String]
    /// The value it has when nothing is said.
    public var defaultValue: String
    /// What it does, in one line.
    public var summary: String

    /// A setting.
    public init(
        _ name: String, _ domain: Domain, allowsAuto: Bool = false, words: [String] = [], default defaultValue: String,
        _ summary: String
    ) {
        self.name = name
        self.domain = domain
        self.allowsAuto = allowsAuto
        self.words = words
        self.defaultValue = defaultValue
        self.summary = summary
    }

    /// The valid values in words, such as `auto or a number over 0`.
    public var validValues: String {
        ((allowsAuto ? ["auto"] : []) + words + [domain.words]).joined(separator: " or ")
    }

    /// Whether a text is a valid value.
    public func accepts(_ text: String) -> Bool {
        if allowsAuto && text == "auto" || words.contains(text) { return true }
        switch domain {
        case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
            guard let number = Double(text), number.isFinite else { return false }
            return (excludesMinimum ? number > minimum : number >= minimum)
                && (excludesMaximum ? number < maximum : number <= maximum)
        case .integer(let minimum, let maximum):
            return Int(text).map { $0 >= minimum && $0 <= maximum } ?? false
        case .choice(let words): return words.contains(text)
        case .boolean: return text == "true" || text == "false"
        case .text: return !text.isEmpty && !text.contains { $0.isWhitespace || $0.isNewline }
        case .list(let minimum, let maximum):
            return Self.list(text).map { $0.allSatisfy { (minimum...maximum).contains($0) } } ?? false
        case .imageShape: return text == "none" || ImageShape(text) != nil
        }
    }

    /// The numbers of a list such as `64,32`; nil if it is none.
    static func list(_ text: String) -> [Int]? {
        guard text != "none" else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
        let numbers = parts.compactMap { $0 }
        return numbers.count == parts.count && numbers.count <= 64 ? numbers : nil
    }

    /// Every setting's text, given or default, by name.
    ///
    /// - Throws: `unknownHyperparameter` naming the nearest valid name, `invalidHyperparameter` with the valid values.
    public static func values(
        _ given: [String: String], specs: [HyperparameterSpec], learner: String
    ) throws(LearnerError) -> [String: String] {
        let names = specs.map(\.name)
        for name in given.keys.sorted() where !names.contains(name) {
            let near = NearestName.suggestions(for: name, among: names)
            let advice = near.first.map { "did you mean '\($0)'?" } ?? "it has \(names.joined(separator: ", "))"
            throw LearnerError(.unknownHyperparameter, "\(learner) has no hyperparameter '\(name)': \(advice)")
        }
        var values: [String: String] = [:]
        for spec in specs {
            let text = given[spec.name] ?? spec.defaultValue
            guard spec.accepts(text) else {
                throw LearnerError(.invalidHyperparameter, "\(spec.name) = '\(text)' is not valid: give \(spec.validValues)")
            }
            values[spec.name] = text
        }
        return values
    }
}

extension HyperparameterSpec.Domain {
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

    var words: String {
        switch self {
        case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
            let low = minimum == -.infinity ? nil : "\(excludesMinimum ? "over" : "of at least") \(Self.short(minimum))"
            let high = maximum == .infinity ? nil : "\(excludesMaximum ? "below" : "at most") \(Self.short(maximum))"
            return (["a number"] + [[low, high].compactMap { $0 }.joined(separator: " and ")].filter { !$0.isEmpty })
                .joined(separator: " ")
        case .integer(let minimum, let maximum):
            return maximum == .max ? "a whole number of at least \(minimum)" : "a whole number from \(minimum) to \(maximum)"
        case .choice(let words): return words.joined(separator: ", ")
        case .boolean: return "true or false"
        case .text(let example): return "none, or a text such as \(example)"
        case .list(let minimum, let maximum):
            return "none, or whole numbers from \(minimum) to \(maximum) with commas between, such as 64,32"
        case .imageShape: return "none, or HEIGHTxWIDTHxCHANNELS, such as 28x28x1"
        }
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? Int(nearest: number).map(String.init) ?? String(number) : String(number)
    }
}
