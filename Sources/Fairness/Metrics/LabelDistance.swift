import Glibc

/// How far two groups' labels are from each other.
public struct LabelDistance: Sendable {
    private let metric: BiasMetric

    /// - Parameter metric: KL, JS, LP, TVD or KS.
    public init(_ metric: BiasMetric) {
        precondition([.KL, .JS, .LP, .TVD, .KS].contains(metric), "\(metric) is no distance of labels")
        self.metric = metric
    }

    /// - Shape: both [labels], the parts of each group's rows that have each label.
    public func value(_ a: [Double], _ d: [Double], _ reading: BiasReading = .guide) -> BiasValue {
        precondition(a.count == d.count, "\(a.count) and \(d.count) labels")
        var pairs = Array(zip(a, d))
        if reading == .smclarify {
            pairs.removeAll { $0 == 0 || $1 == 0 }
            if pairs.isEmpty { return .undefined("the groups have no label in common") }
        }
        switch metric {
        case .KL: return .value(Self.divergence(pairs))
        case .JS:
            let middle = pairs.map { ($0 + $1) / 2 }
            let first = Self.divergence(Array(zip(pairs.map(\.0), middle)))
            return .value((first + Self.divergence(Array(zip(pairs.map(\.1), middle)))) / 2)
        case .LP: return .value(pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot())
        case .TVD: return .value(pairs.reduce(0) { $0 + ($1.0 - $1.1).magnitude } / 2)
        default: return .value(pairs.reduce(0) { max($0, ($1.0 - $1.1).magnitude) })
        }
    }

    /// In nats; without bound where the second has none of what the first has.
    private static func divergence(_ pairs: [(Double, Double)]) -> Double {
        pairs.reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.1 == 0 ? .infinity : $1.0 * log($1.0 / $1.1)) }
    }
}
