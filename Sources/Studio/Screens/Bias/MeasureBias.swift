import Events

/// Whose treatment of groups is looked at.
package enum BiasSubject: Hashable, Sendable {
    /// What a run's model predicts.
    case run(RunID)
    /// The labels of a data file, read as the user said.
    case data(path: String, reading: [String: String])
}

/// Asks how alike groups of rows are treated.
package struct MeasureBias: StudioQuery {
    package static let lane = QueryLane.compute
    package static let isLive = true

    package let subject: BiasSubject
    /// Label, facets and strata, as `BiasPage` asks for them.
    package let question: String

    package init(_ subject: BiasSubject, _ question: String) { (self.subject, self.question) = (subject, question) }

    package func take(_ answer: BiasFindings, into state: inout AppState) -> [Effect] {
        var step: Int?
        if case .run(let run) = subject { step = state.runs[run]?.step }
        state.changeScreen(BiasPage.self) { page, _ in
            if page.subject == subject, page.question == question { page.take(answer, step: step) }
        }
        state.pageChanged()
        return state.askForBias()
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(BiasPage.self) { page, _ in if page.question == question { page.refuse(message) } }
        state.pageChanged()
        return []
    }
}
