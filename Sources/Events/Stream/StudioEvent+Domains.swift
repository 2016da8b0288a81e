import JSON

extension StudioEvent.Kind {
    /// How each domain's facts are read back. A new domain is a case of `Kind`, a line here and one in `fact`.
    private static let readers: [@Sendable (EventName, JSONValue) -> Self?] = [
        { SampleEvent(name: $0, json: $1).map(Self.sample) },
        { JobEvent(name: $0, json: $1).map(Self.job) },
        { RunEvent(name: $0, json: $1).map(Self.run) },
        { DebuggerEvent(name: $0, json: $1).map(Self.debugger) },
        { EntityEvent(name: $0, json: $1).map(Self.entity) },
        { DatasetEvent(name: $0, json: $1).map(Self.dataset) },
        { TensorEvent(name: $0, json: $1).map(Self.tensors) },
        { ProfileEvent(name: $0, json: $1).map(Self.profile) },
        { TuningEvent(name: $0, json: $1).map(Self.tuning) },
        { AutoMLEvent(name: $0, json: $1).map(Self.automl) },
        { EndpointEvent(name: $0, json: $1).map(Self.endpoint) },
        { WorkspaceEvent(name: $0, json: $1).map(Self.workspace) },
        { NoticeEvent(name: $0, json: $1).map(Self.notice) },
        { ActionEvent(name: $0, json: $1).map(Self.action) },
    ]

    private var fact: any EventDomain {
        switch self {
        case .dataset(let fact): fact
        case .entity(let fact): fact
        case .run(let fact): fact
        case .job(let fact): fact
        case .sample(let fact): fact
        case .debugger(let fact): fact
        case .tensors(let fact): fact
        case .profile(let fact): fact
        case .tuning(let fact): fact
        case .automl(let fact): fact
        case .endpoint(let fact): fact
        case .workspace(let fact): fact
        case .notice(let fact): fact
        case .action(let fact): fact
        }
    }

    /// The fact's name on the wire.
    public var name: EventName { fact.name }

    /// What the fact carries, as members of the event's object.
    var members: [JSONValue.Member] { fact.members }

    init?(name: EventName, json: JSONValue) {
        for read in Self.readers {
            if let kind = read(name, json) {
                self = kind
                return
            }
        }
        return nil
    }
}
