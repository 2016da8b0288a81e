import Events

/// What has to happen for an action to be taken.
public struct ActionTrigger: Sendable, Hashable {
    /// Whose state: one by its name, or everybody's.
    public enum Subject: Sendable, Hashable {
        case named(String)
        case anything
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
        if case .named(let name) = subject, name != change.name { return false }
        if let severity, change.severity != severity { return false }
        return self.change.matches(change.state)
    }
}
