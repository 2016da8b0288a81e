import JSON

/// What is known of the inside of a model, and of how it is fed, while it trains.
public enum TensorEvent: EventDomain {
    /// The tensors of a step were summed up. Posted of some of the steps, after the metrics of that step.
    case summarised(TensorsOfStep)
    /// Something was seen from inside of how a script trains. Posted when it is another than was told before.
    case observed(TrainingObservation)
}

extension EventName {
    public static let tensorsSummarised = EventName("tensorsSummarised")
    public static let trainingObserved = EventName("trainingObserved")
}

extension TensorEvent {
    public var name: EventName {
        switch self {
        case .summarised: .tensorsSummarised
        case .observed: .trainingObserved
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .summarised(let payload): payload.json.members ?? []
        case .observed(let payload): payload.members
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .tensorsSummarised: self.init(TensorsOfStep(json: json), Self.summarised)
        case .trainingObserved: self.init(TrainingObservation(json: json), Self.observed)
        default: return nil
        }
    }
}
