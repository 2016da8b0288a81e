import Events

/// Where the debugger finds what runs recorded. Both are called on its thread.
public struct RecordedRuns: Sendable {
    /// What a run recorded so far, with everything that was posted before; nil where it cannot be read.
    let history: @Sendable (RunID, RunHistory.Wish) -> RunHistory?
    /// What the tensors of a run were like, by its name.
    let tensors: @Sendable (String) -> EarlierRun

    /// By default nothing is recorded anywhere: a rule that is changed while a run trains looks from there on.
    public init(
        history: @escaping @Sendable (RunID, RunHistory.Wish) -> RunHistory? = { _, _ in nil },
        tensors: @escaping @Sendable (String) -> EarlierRun = { EarlierRun($0, problem: "it is not here") }
    ) {
        (self.history, self.tensors) = (history, tensors)
    }
}
