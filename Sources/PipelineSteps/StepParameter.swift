/// One thing that is said of a step, such as its columns: a member of its object, a field of its form.
public struct StepParameter: Sendable, Hashable {
    /// What its value may be.
    public enum Value: Sendable, Hashable {
        /// A column, or several.
        case column, columns
        /// A name for a new column.
        case newColumn
        /// One of some words.
        case choice([String])
        /// One or more of some words.
        case words([String])
        /// A finite number, or exactly so many of them.
        case number
        case numbers(count: Int)
        /// Whole numbers in a range; `wholeNumbers` are one or more.
        case whole(ClosedRange<Int>), wholeNumbers(ClosedRange<Int>)
        /// A number above 0 and below 1.
        case share
        /// A condition on rows, as a search has it.
        case condition
        /// Anything.
        case text
    }

    /// The member of JSON, and what the field is called.
    public let name: String
    public let value: Value
    public let isRequired: Bool
    /// One sentence, without a full stop.
    public let help: String

    init(_ name: String, _ value: Value, isRequired: Bool = false, _ help: String) {
        (self.name, self.value, self.isRequired, self.help) = (name, value, isRequired, help)
    }

    /// Whether its value is a list.
    public var isList: Bool {
        switch value {
        case .columns, .words, .numbers, .wholeNumbers: true
        case .column, .newColumn, .choice, .number, .whole, .share, .condition, .text: false
        }
    }

    /// Whether its values are numbers, which JSON writes without quotes.
    var isNumeric: Bool {
        switch value {
        case .number, .numbers, .whole, .wholeNumbers, .share: true
        case .column, .columns, .newColumn, .choice, .words, .condition, .text: false
        }
    }

    /// What is wrong with its values; nil = nothing.
    public func problem(with texts: [String]) -> String? {
        switch value {
        case .column, .columns, .newColumn, .condition, .text:
            return texts.contains { $0.allSatisfy(\.isWhitespace) } ? "is empty" : nil
        case .choice(let words), .words(let words):
            guard let other = texts.first(where: { !words.contains($0) }) else { return nil }
            return "'\(other)' is none of \(words.joined(separator: ", "))"
        case .number: return texts.allSatisfy(Self.isFinite) ? nil : "is a number"
        case .numbers(let count):
            return texts.count == count && texts.allSatisfy(Self.isFinite) ? nil : "is \(count) numbers"
        case .whole(let range), .wholeNumbers(let range):
            return texts.allSatisfy { Int($0).map(range.contains) == true }
                ? nil : "is a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .share:
            return texts.allSatisfy { Double($0).map { $0 > 0 && $0 < 1 } == true } ? nil : "is above 0 and below 1"
        }
    }

    private static func isFinite(_ text: String) -> Bool { Double(text)?.isFinite == true }
}
