import Events

/// Another run of the workspace, as rules see it that compare with it.
public struct EarlierRun: Sendable {
    /// As the rule names it.
    public var name: String
    /// What its tensors were like, oldest first.
    public var tensors: [TensorsOfStep]
    /// Why it cannot be compared with; nil = it can.
    public var problem: String?

    public init(_ name: String, tensors: [TensorsOfStep] = [], problem: String? = nil) {
        (self.name, self.tensors, self.problem) = (name, tensors, problem)
    }
}
