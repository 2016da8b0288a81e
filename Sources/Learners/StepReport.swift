/// What one optimiser step did.
public struct StepReport: Sendable, Hashable {
    /// Mean training loss of the mini-batch before the update, in the target's own units; NaN and infinity are reported as such.
    public var loss: Double
    /// Rows in the mini-batch.
    public var rowCount: Int
    /// L2 norm of the gradient the optimiser saw, weight decay included; nil where there is no gradient.
    public var gradientNorm: Double?
    /// The learning rate of the step, or its length where that is searched for; nil where there is neither.
    public var learningRate: Double?

    /// What is reported of no step: none is left to take, or it failed.
    static let nothing = StepReport(loss: .nan, rowCount: 0)
}
