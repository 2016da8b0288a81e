/// One fact that happened in the studio. Posted on the `EventBus`, kept by the store, shown on the screen, printed by `--json`.
public struct StudioEvent: Sendable, Hashable {
    /// Position in this process's stream, from 1, without gaps in lifecycle events.
    public var sequence: UInt64
    /// Seconds since 1970.
    public var wallTime: Double
    /// The run it belongs to; nil for events of the studio itself.
    public var run: RunID?
    public var kind: Kind

    public init(sequence: UInt64, wallTime: Double, run: RunID?, kind: Kind) {
        self.sequence = sequence
        self.wallTime = wallTime
        self.run = run
        self.kind = kind
    }

    /// What happened, by what it happened to. Each domain's facts stand in a file of their own, in a folder of that name.
    public enum Kind: Sendable, Hashable {
        case dataset(DatasetEvent)
        case entity(EntityEvent)
        case run(RunEvent)
        case job(JobEvent)
        case sample(SampleEvent)
        case debugger(DebuggerEvent)
        case tensors(TensorEvent)
        case profile(ProfileEvent)
        case tuning(TuningEvent)
        case automl(AutoMLEvent)
        case endpoint(EndpointEvent)
        case workspace(WorkspaceEvent)
        case notice(NoticeEvent)
        case action(ActionEvent)
    }
}
