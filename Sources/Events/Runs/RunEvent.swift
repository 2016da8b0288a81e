import JSON

/// What happened to a run as the workspace keeps it, whether a job trains it or not.
public enum RunEvent: EventDomain {
    /// It exists from now on. Posted once a run, before anything else of it; once more, with the same id, when the data was read and
    /// its fingerprint and resolved hyperparameters are known, and again whenever the run is resumed.
    case registered(RunRecord)
    /// The user gave it another name, tags or note, or moved it to the archive or back. Posted after the workspace has it.
    case edited(RunEdit)
    /// It went to the bin.
    case deleted
    /// It came back from the bin.
    case restored
    /// It did another run again and was compared with that one. Posted after `JobEvent.finished`, by the engine that did
    /// it.
    case reproduced(ReproductionResult)
}

extension EventName {
    public static let runRegistered = EventName("runRegistered")
    public static let runEdited = EventName("runEdited")
    public static let runDeleted = EventName("runDeleted")
    public static let runRestored = EventName("runRestored")
    public static let runReproduced = EventName("runReproduced")
}

extension RunEvent {
    public var name: EventName {
        switch self {
        case .registered: .runRegistered
        case .edited: .runEdited
        case .deleted: .runDeleted
        case .restored: .runRestored
        case .reproduced: .runReproduced
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .registered(let payload): payload.json.members ?? []
        case .edited(let payload): payload.json.members ?? []
        case .reproduced(let payload): payload.json.members ?? []
        case .deleted, .restored: []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .runRegistered: self.init(RunRecord(json: json), Self.registered)
        case .runEdited: self.init(RunEdit(json: json), Self.edited)
        case .runDeleted: self = .deleted
        case .runRestored: self = .restored
        case .runReproduced: self.init(ReproductionResult(json: json), Self.reproduced)
        default: return nil
        }
    }
}
