import Cells
import Events

/// An AutoML job: its leaderboard, how the average comes on, and what was decided.
package struct AutoMLPage: Screen {
    /// Its id.
    package let automl: String
    /// How it stands; nil until that is known.
    package private(set) var standing: AutoMLStanding?
    /// Whether it is gone from the workspace.
    private var isGone = false
    package var reading = Reading()

    init(_ automl: String) { self.automl = automl }

    package var contexts: [KeyContext] { [.automl, .detail] }

    package func title(_ state: AppState) -> String { standing.map { "AutoML \($0.record.name)" } ?? "AutoML" }

    package func crumb(_ state: AppState) -> String { standing?.record.name ?? "automl" }

    mutating func take(_ found: AutoMLStanding?) {
        isGone = found == nil
        if let found { standing = found }
    }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadAutoML(automl) }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        if let standing, !loaded.isEmpty, standing.candidates.contains(where: { loaded.contains($0.run) }) { return true }
        return events.contains { if case .automl(let fact) = $0.kind { fact.automl == automl } else { false } }
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let standing else {
            return Document([TextLine(isGone ? "The job is gone from the workspace." : "reading …", .muted)])
        }
        return AutoMLPageText(standing: standing, state: state, width: width).document
    }
}
