import JSON

/// What was measured at a step. Samples: merged on their way to a slow screen, never dropped on their way to the store.
public enum SampleEvent: EventDomain {
    /// Metric values. Posted each step (training loss) and each epoch (the rest).
    case metricsRecorded(MetricsRecorded)
    /// What the job costs the machine. Posted when training begins, about once a second, and before the job ends. Told apart from
    /// `metricsRecorded` since it differs from one attempt to the next.
    case systemSampled(MetricsRecorded)
}

extension EventName {
    public static let metricsRecorded = EventName("metricsRecorded")
    public static let systemSampled = EventName("systemSampled")
}

extension SampleEvent {
    public var name: EventName {
        switch self {
        case .metricsRecorded: .metricsRecorded
        case .systemSampled: .systemSampled
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .metricsRecorded(let payload): payload.json.members ?? []
        case .systemSampled(let payload): payload.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .metricsRecorded: self.init(MetricsRecorded(json: json), Self.metricsRecorded)
        case .systemSampled: self.init(MetricsRecorded(json: json), Self.systemSampled)
        default: return nil
        }
    }
}
