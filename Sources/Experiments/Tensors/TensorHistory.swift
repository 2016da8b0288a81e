import Events

/// One tensor over the steps in which it was captured.
public struct TensorHistory: Sendable, Hashable {
    /// What it was like at a step.
    public struct Point: Sendable, Hashable {
        public var step: Int
        /// Epochs done at this step, with fraction.
        public var epoch: Double
        /// Seconds since 1970.
        public var wallTime: Double
        public var mode: TensorsOfStep.Mode
        public var summary: TensorSummary
    }

    public var name: String
    public var collection: TensorCollection
    /// By step.
    public var points: [Point]

    /// What it was like at a step; nil where it was not captured then.
    public func step(_ step: Int, mode: TensorsOfStep.Mode = .train) -> TensorSummary? {
        points.first { $0.step == step && $0.mode == mode }?.summary
    }
}

/// How much is kept of the tensors of a run.
public struct TensorUsage: Sendable, Hashable {
    /// Captured steps that are here.
    public var stepCount = 0
    /// Captured evaluations that are here.
    public var evaluationCount = 0
    /// What their summaries take.
    public var byteCount = 0
    /// Captured steps that were left out again since there was no more room.
    public var thinnedCount = 0
    /// The first and the last step; nil where nothing was captured.
    public var steps: ClosedRange<Int>?
}
