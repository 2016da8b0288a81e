import JSON

/// What the debugger found.
public enum DebuggerEvent: EventDomain {
    /// A rule found something wrong. Posted once a finding.
    case alertRaised(Alert)
}

extension EventName {
    public static let alertRaised = EventName("alertRaised")
}

extension DebuggerEvent {
    public var name: EventName {
        switch self {
        case .alertRaised: .alertRaised
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .alertRaised(let payload): payload.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .alertRaised: self.init(Alert(json: json), Self.alertRaised)
        default: return nil
        }
    }
}
