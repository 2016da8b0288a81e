/// That another parameter has a certain value, as in `layers>=2`.
public struct ParameterCondition: Sendable, Hashable {
    public enum Comparison: String, Sendable, Hashable, CaseIterable {
        // Longer signs first, since they are looked for in this order.
        case atLeast = ">=", atMost = "<=", differs = "!=", same = "==", above = ">", below = "<", equals = "="
    }

    public let parameter: String
    public let comparison: Comparison
    public let value: String

    public init(_ parameter: String, _ comparison: Comparison, _ value: String) {
        (self.parameter, self.comparison, self.value) = (parameter, comparison, value)
    }

    public var text: String { parameter + comparison.rawValue + value }

    /// Whether it holds for a value of its parameter.
    func holds(for found: SettingValue) -> Bool {
        let (left, right) = (found.number, Double(value))
        switch comparison {
        case .same, .equals: return found.text == value || (left != nil && left == right)
        case .differs: return !(found.text == value || (left != nil && left == right))
        case .atLeast, .atMost, .above, .below:
            guard let left, let right else { return false }
            switch comparison {
            case .atLeast: return left >= right
            case .atMost: return left <= right
            case .above: return left > right
            default: return left < right
            }
        }
    }
}
