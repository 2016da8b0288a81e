import JSON

/// What Descent did, or could not do, because something changed its state.
public struct ActionTaken: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable {
        case done
        /// Kept back for now: it is told later, in a summary.
        case held
        /// It went wrong, and is tried again.
        case retrying
        case failed
    }

    /// `stop`, `pause`, `checkpoint`, `steer` or `notify`.
    public var action: String
    /// The rule, alarm or monitor that it follows from.
    public var subject: String
    /// Where a notice goes, by name; nil for other actions.
    public var channel: String?
    public var outcome: Outcome
    /// One line, in words: `stopped by action of Overfit`, `mail boss sent`.
    public var message: String

    public init(action: String, subject: String, channel: String? = nil, outcome: Outcome, message: String) {
        (self.action, self.subject, self.channel) = (action, subject, channel)
        (self.outcome, self.message) = (outcome, message)
    }

    /// Whether somebody should see to it.
    public var isWarning: Bool { outcome == .failed || outcome == .retrying }
}

/// What followed from alerts.
public enum ActionEvent: EventDomain {
    /// An action was taken, is kept back, or failed. Posted of the run that it follows from; of one notice once when it first fails, once
    /// when it is kept back and once when it is sent or given up.
    case taken(ActionTaken)
}

extension EventName {
    public static let actionTaken = EventName("actionTaken")
}

extension ActionEvent {
    public var name: EventName { .actionTaken }

    public var members: [JSONValue.Member] {
        switch self {
        case .taken(let taken):
            let object: JSONValue = .object([
                "action": .string(taken.action), "subject": .string(taken.subject), "channel": taken.channel.map { .string($0) },
                "outcome": .string(taken.outcome.rawValue), "message": .string(taken.message),
            ])
            return object.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        guard name == .actionTaken, let action = json["action"]?.string, let subject = json["subject"]?.string,
            let outcome = json["outcome"]?.string.flatMap(ActionTaken.Outcome.init), let message = json["message"]?.string
        else { return nil }
        self = .taken(
            ActionTaken(
                action: action, subject: subject, channel: json["channel"]?.string, outcome: outcome, message: message))
    }
}
