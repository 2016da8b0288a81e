/// Whether less or more of a metric is better.
public enum MetricDirection: String, Hashable, Sendable, CaseIterable {
    case minimised, maximised
    /// Nobody said, and the metric's name does not say it either: no value is better than another.
    case unknown

    /// As a sentence says it.
    public var words: String {
        switch self {
        case .minimised: "lower is better"
        case .maximised: "higher is better"
        case .unknown: "whether lower or higher is better is not known"
        }
    }

    /// The arrow that stands beside a metric's name.
    public var arrow: String {
        switch self {
        case .minimised: "↓"
        case .maximised: "↑"
        case .unknown: "?"
        }
    }

    var opposite: MetricDirection {
        switch self {
        case .minimised: .maximised
        case .maximised: .minimised
        case .unknown: .unknown
        }
    }
}
