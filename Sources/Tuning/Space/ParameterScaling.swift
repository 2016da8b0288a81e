import Glibc

/// How a number's range is stretched before it is searched.
public enum ParameterScaling: String, Sendable, Hashable, CaseIterable {
    case linear
    /// Each factor of ten counts the same.
    case logarithmic = "log"
    /// Each factor of ten in the distance to 1 counts the same.
    case reverseLogarithmic = "reverse-log"

    /// The scaling that suits a range when nothing is said: logarithmic over two decades and more, reverse-logarithmic where
    /// the distance to 1 covers as much.
    public static func suiting(_ minimum: Double, _ maximum: Double, isInteger: Bool) -> ParameterScaling {
        if minimum > 0, maximum / minimum >= 100 { return .logarithmic }
        if !isInteger, minimum >= 0, maximum < 1, (1 - minimum) / (1 - maximum) >= 100 { return .reverseLogarithmic }
        return .linear
    }

    func stretched(_ value: Double) -> Double {
        switch self {
        case .linear: value
        case .logarithmic: log(value)
        case .reverseLogarithmic: -log1p(-value)
        }
    }

    func unstretched(_ stretched: Double) -> Double {
        switch self {
        case .linear: stretched
        case .logarithmic: exp(stretched)
        case .reverseLogarithmic: -expm1(-stretched)
        }
    }
}
