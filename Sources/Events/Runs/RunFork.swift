/// Where a run that was forked from another one began.
public struct RunFork: Hashable, Sendable {
    public var parent: RunID
    /// The step of the parent's checkpoint: the first own step is the next one.
    public var step: Int
    /// Hyperparameters that were changed there.
    public var settings: [String: String]

    public init(parent: RunID, step: Int, settings: [String: String] = [:]) {
        self.parent = parent
        self.step = step
        self.settings = settings
    }
}
