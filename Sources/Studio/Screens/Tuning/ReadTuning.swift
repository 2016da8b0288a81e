import Events

/// Asks how a tuning job stands.
package struct ReadTuning: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    /// Its id.
    package let tuning: String
    package var slot: QuerySlot { QuerySlot(of: Self.self, tuning) }

    package init(_ tuning: String) { self.tuning = tuning }

    package func take(_ answer: TuningStanding?, into state: inout AppState) -> [Effect] {
        let query = state.changeScreen(TuningPage.self) { page, _ -> ReadSurrogate? in
            guard page.tuning == tuning else { return nil }
            page.take(answer)
            return page.surrogateQuery
        }
        return (query ?? nil).map { state.ask($0) } ?? []
    }
}

/// Asks for all tuning jobs, newest first.
package struct ReadTunings: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package init() {}

    package func take(_ answer: [TuningStanding], into state: inout AppState) -> [Effect] {
        state.changeScreen(TuningsPage.self) { page, _ in page.take(answer) }
        return []
    }
}
