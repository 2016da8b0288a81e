import Events

/// Asks what a model makes of rows that it did not learn from.
package struct ReadModelInsights: StudioQuery {
    package static let lane = QueryLane.compute

    package enum Subject: Sendable, Hashable {
        case run(RunID)
        /// The average of a job, by its id.
        case automl(String)
    }

    package let subject: Subject

    package init(_ subject: Subject) { self.subject = subject }

    package func take(_ answer: ModelInsights, into state: inout AppState) -> [Effect] {
        state.changeScreen(ModelInsightsPage.self) { page, _ in if page.subject == subject { page.take(answer) } }
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.screens.removeAll { ($0 as? ModelInsightsPage).map { $0.subject == subject && $0.insights == nil } ?? false }
        state.say(message, .warning)
        return []
    }
}
