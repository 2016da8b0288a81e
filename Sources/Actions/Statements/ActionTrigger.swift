import Events

/// What has to happen for an action to be taken.
public struct ActionTrigger: Sendable, Hashable {
    /// Whose state: one rule's by its name, or every rule's; one alarm's, or every alarm's.
    public enum Subject: Sendable, Hashable {
        case named(String)
        case anything
        case alarm(String)
        case anyAlarm

        fileprivate func matches(_ change: StateChange) -> Bool {
            switch self {
            case .named(let name): change.kind == .rule && change.name == name
            case .anything: change.kind == .rule
            case .alarm(let name): change.kind == .alarm && change.name == name
            case .anyAlarm: change.kind == .alarm
            }
        }
    }

    /// Whether it is about alarms, which belong to no run.
    public var isOfAlarm: Bool {
        switch subject {
        case .alarm, .anyAlarm: true
        case .named, .anything: false
        }
    }

    /// Which change of it.
    public enum Change: String, Sendable, Hashable, CaseIterable {
        case issue, suspect, cleared, error, change

        fileprivate func matches(_ state: RuleState) -> Bool {
            switch self {
            case .issue: state == .issue
            case .suspect: state == .suspect
            case .cleared: state == .cleared
            case .error: state == .error
            case .change: true
            }
        }
    }

    public var subject: Subject
    /// Only findings so grave; nil = all.
    public var severity: Alert.Severity?
    public var change: Change

    public init(_ subject: Subject, severity: Alert.Severity? = nil, change: Change = .issue) {
        (self.subject, self.severity, self.change) = (subject, severity, change)
    }

    public func matches(_ change: StateChange) -> Bool {
        guard subject.matches(change) else { return false }
        if let severity, change.severity != severity { return false }
        return self.change.matches(change.state)
    }
}
