import JSON
import MetricDirections

extension MetricDirection {
    /// True, false, or null where nobody knows.
    var json: JSONValue { self == .unknown ? .null : .boolean(self == .minimised) }

    init?(json: JSONValue) {
        switch json {
        case .boolean(let minimises): self = minimises ? .minimised : .maximised
        case .null: self = .unknown
        default: return nil
        }
    }
}
