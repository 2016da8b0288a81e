import Events

/// A run of which the workspace does not have everything.
public struct RecordingLoss: Hashable, Sendable {
    public var run: RunID
    public var name: String
    /// Up to this step its curve is whole; 0 when nothing is.
    public var recordedStep: Int
}
