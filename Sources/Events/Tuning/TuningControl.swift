import JSON

/// What is asked of a tuning job that runs.
public enum TuningControl: Hashable, Sendable {
    /// No new trials; those that run go on.
    case pause
    case goOn
    /// Stops its trials so that they can be resumed, and ends.
    case stop
    /// Tries a configuration that somebody thought of: a value for everything that is searched and exists with the others.
    case add([String: String])
    case change(TuningChange)
}

extension TuningControl {
    public var json: JSONValue {
        switch self {
        case .pause: .object(["ask": .string("pause")])
        case .goOn: .object(["ask": .string("goOn")])
        case .stop: .object(["ask": .string("stop")])
        case .add(let values): .object(["ask": .string("add"), "hyperparameters": JSONValue(values)])
        case .change(let change): .object(["ask": .string("change"), "change": change.json])
        }
    }

    public init?(json: JSONValue) {
        switch json["ask"]?.string {
        case "pause": self = .pause
        case "goOn": self = .goOn
        case "stop": self = .stop
        case "add":
            guard let values = json["hyperparameters"]?.strings else { return nil }
            self = .add(values)
        case "change":
            guard let change = json["change"].flatMap(TuningChange.init(json:)) else { return nil }
            self = .change(change)
        default: return nil
        }
    }
}
