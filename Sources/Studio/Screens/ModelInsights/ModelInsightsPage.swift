import Cells
import Events

/// How good a model is, by rows that it did not learn from: a run's, or an AutoML job's average.
package struct ModelInsightsPage: Screen {
    package let subject: ReadModelInsights.Subject
    /// What it is called.
    private let name: String
    /// nil until they are known.
    package private(set) var insights: ModelInsights?
    package var reading = Reading()

    init(_ subject: ReadModelInsights.Subject, name: String) { (self.subject, self.name) = (subject, name) }

    package var contexts: [KeyContext] { [.modelInsights, .detail] }

    package func title(_ state: AppState) -> String { "How good \(name) is" }

    package func crumb(_ state: AppState) -> String { "how good" }

    package var sectionsRefusal: String? { insights == nil ? "the model's predictions are being read" : nil }

    mutating func take(_ found: ModelInsights) { insights = found }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadModelInsights(subject) }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { event in
            switch (subject, event.kind) {
            case (.automl(let id), .automl(.ensembleImproved(let news))): news.automl == id
            case (.run(let run), .job(.finished)): event.run == run
            default: false
            }
        }
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let insights else { return Document([TextLine("reading what it predicted …", .muted)]) }
        return ModelInsightsText(insights: insights, glyphs: state.settings.glyphs, width: width, height: state.size.height)
            .document
    }
}
