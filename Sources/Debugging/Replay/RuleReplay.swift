import Events

/// Rules over what a run recorded: how each stands after it.
///
/// What belongs to one step is shown together, metrics by their names and tensors last. While a run trains, its rules see the same in the
/// order in which it was recorded.
public struct RuleReplay: Sendable {
    /// How the rules stand, in the order of the selection.
    public let reports: [RuleReport]
    /// What was found and cleared on the way.
    public let events: [DebuggerEvent]

    /// - Parameters:
    ///   - history: what the run recorded, to its end where it has ended.
    ///   - algorithm: what trains, where it is one of ours.
    ///   - earlier: finds what the tensors of another run were like.
    public init(
        of record: RunRecord, _ selection: RuleSelection, _ history: RunHistory, algorithm: AlgorithmDescription? = nil,
        earlier: (String) -> EarlierRun = { EarlierRun($0, problem: "it is not here") }
    ) {
        let run = RunUnderRules(record: record, selection: selection, algorithm: algorithm)
        var events = run.showEarlier(earlier) + run.show(history)
        let facts = history.events.map(RunFact.init)
        let end = facts.last { fact in
            switch fact {
            // What was registered after it goes on.
            case .ended, .registered: true
            default: false
            }
        }
        if case .ended(var change)?? = end {
            change.evaluation = history.lastEvaluation
            events += run.showEnd(change)
        }
        reports = zip(selection.entries, run.stands).map { RuleReport($0, $1, of: record) }
        self.events = events
    }
}
