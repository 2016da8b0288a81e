import JSON

/// What is known of the tensors of a model while it trains.
public enum TensorEvent: EventDomain {
    /// The tensors of a step were summed up. Posted of some of the steps, after the metrics of that step.
    case summarised(TensorsOfStep)
}

extension EventName {
    public static let tensorsSummarised = EventName("tensorsSummarised")
}

extension TensorEvent {
    public var name: EventName {
        switch self {
        case .summarised: .tensorsSummarised
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .summarised(let payload): payload.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .tensorsSummarised: self.init(TensorsOfStep(json: json), Self.summarised)
        default: return nil
        }
    }
}
