import Events

/// What a change of a run's rules would come to.
package struct RuleEditCheck: Sendable, Hashable {
    /// What is wrong with it; nil = it can be made.
    package var problem: String?
    /// Where in the line, in characters.
    package var place: Int?
    /// Whether it can be made as soon as more is typed.
    package var isUnfinished: Bool
    package var changes: [RulesChange.Change]
    /// What takes it back.
    package var inverse: RuleEdit

    package init(
        problem: String? = nil, place: Int? = nil, isUnfinished: Bool = false, changes: [RulesChange.Change] = [],
        inverse: RuleEdit = RuleEdit()
    ) {
        (self.problem, self.place, self.isUnfinished) = (problem, place, isUnfinished)
        (self.changes, self.inverse) = (changes, inverse)
    }
}

/// Whether a statement can be put on a run's list of rules, and what would be different then; while it is typed.
package struct CheckRuleEdit: StudioQuery {
    package static let lane = QueryLane.glances

    package let run: RunID
    package let edit: RuleEdit

    package init(_ run: RunID, _ edit: RuleEdit) { (self.run, self.edit) = (run, edit) }

    package func take(_ answer: RuleEditCheck, into state: inout AppState) -> [Effect] {
        guard state.changeTop(RulePrompt.self, { prompt, _ in prompt.take(answer, to: self) }) == true else { return [] }
        return state.acceptRule()
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        take(RuleEditCheck(problem: message), into: &state)
    }
}
