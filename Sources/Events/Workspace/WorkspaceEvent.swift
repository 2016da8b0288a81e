import JSON

/// Whether what happens reaches the workspace.
public enum WorkspaceEvent: EventDomain {
    /// What happens can no longer be written, and why; it is kept in memory as far as there is room, and tried again. Posted when
    /// that begins and when the reason changes.
    case recordingStalled(RecordingProblem)
    /// Everything that was kept is in the workspace again. Posted after `recordingStalled`.
    case recordingResumed
}

extension EventName {
    public static let recordingStalled = EventName("recordingStalled")
    public static let recordingResumed = EventName("recordingResumed")
}

extension WorkspaceEvent {
    public var name: EventName {
        switch self {
        case .recordingStalled: .recordingStalled
        case .recordingResumed: .recordingResumed
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .recordingStalled(let payload): payload.json.members ?? []
        case .recordingResumed: []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .recordingStalled: self.init(RecordingProblem(json: json), Self.recordingStalled)
        case .recordingResumed: self = .recordingResumed
        default: return nil
        }
    }
}
