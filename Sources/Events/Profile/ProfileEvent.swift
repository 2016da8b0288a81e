import JSON

/// What is known of where the time of a run goes.
public enum ProfileEvent: EventDomain {
    /// A stretch of time is over.
    case recorded(ProfileSlice)
}

extension EventName {
    public static let profileRecorded = EventName("profileRecorded")
}

extension ProfileEvent {
    public var name: EventName {
        switch self {
        case .recorded: .profileRecorded
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .recorded(let slice): slice.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .profileRecorded: self.init(ProfileSlice(json: json), Self.recorded)
        default: return nil
        }
    }
}
