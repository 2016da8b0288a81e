/// The places where a run can be forked.
public struct ForkPlaces: Hashable, Sendable {
    /// Steps of the checkpoints, newest first.
    public var steps: [Int]
    /// Step of the best evaluation, when the newest checkpoint holds one.
    public var bestStep: Int?

    public init(steps: [Int], bestStep: Int?) {
        self.steps = steps
        self.bestStep = bestStep
    }
}
