import Events

/// An AutoML job, as pages show it.
package struct AutoMLStanding: Sendable, Hashable {
    package var record: AutoMLRecord
    package var candidates: [AutoMLCandidate]
    /// What it saw in its data before it trained anything; nil where that is not asked for, or not kept.
    package var exploration: DataExploration?

    package init(record: AutoMLRecord, candidates: [AutoMLCandidate], exploration: DataExploration? = nil) {
        (self.record, self.candidates, self.exploration) = (record, candidates, exploration)
    }

    var ended: Int { candidates.count { $0.outcome != nil } }

    /// Candidates that ended with a value, best first; behind them those that train, and those that failed.
    var ordered: [AutoMLCandidate] {
        candidates.sorted { first, second in
            switch (first.value, second.value) {
            case (let one?, let other?):
                one == other ? first.number < second.number : record.objective.isBetter(one, than: other)
            case (nil, nil): first.number < second.number
            case (let one, _): one != nil
            }
        }
    }
}

/// Asks how an AutoML job stands.
package struct ReadAutoML: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    /// Its id.
    package let automl: String
    package var slot: QuerySlot { QuerySlot(of: Self.self, automl) }

    package init(_ automl: String) { self.automl = automl }

    package func take(_ answer: AutoMLStanding?, into state: inout AppState) -> [Effect] {
        state.changeScreen(AutoMLPage.self) { page, _ in if page.automl == automl { page.take(answer) } }
        return []
    }
}

/// Asks for all AutoML jobs, newest first.
package struct ReadAutoMLs: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package init() {}

    package func take(_ answer: [AutoMLStanding], into state: inout AppState) -> [Effect] {
        state.changeScreen(AutoMLsPage.self) { page, _ in page.take(answer) }
        return []
    }
}
