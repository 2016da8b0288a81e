import JSON

/// A value of a hyperparameter.
public enum SettingValue: Sendable, Hashable {
    case number(Double)
    case integer(Int)
    case word(String)

    /// What a job is given.
    public var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .integer(let number): "\(number)"
        case .word(let word): word
        }
    }

    public var json: JSONValue {
        switch self {
        case .number(let number): .number(number)
        case .integer(let number): .integer(number)
        case .word(let word): .string(word)
        }
    }

    /// The value as a number, if it is one.
    var number: Double? {
        switch self {
        case .number(let number): number
        case .integer(let number): Double(number)
        case .word(let word): Double(word)
        }
    }
}
