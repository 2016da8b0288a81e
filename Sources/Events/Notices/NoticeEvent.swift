import JSON

/// What is said to the user and changes nothing.
public enum NoticeEvent: EventDomain {
    /// A command could not be carried out; `message` says what happened and what to do.
    case commandFailed(message: String)
    /// A line for the log.
    case messageLogged(String)
}

extension EventName {
    public static let commandFailed = EventName("commandFailed")
    public static let messageLogged = EventName("messageLogged")
}

extension NoticeEvent {
    public var name: EventName {
        switch self {
        case .commandFailed: .commandFailed
        case .messageLogged: .messageLogged
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .commandFailed(let message): [.init("message", .string(message))]
        case .messageLogged(let message): [.init("message", .string(message))]
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .commandFailed: self.init(json["message"]?.string, { .commandFailed(message: $0) })
        case .messageLogged: self.init(json["message"]?.string, Self.messageLogged)
        default: return nil
        }
    }
}
