import Cells
import Events

/// How the debugger's rules stand in a run, and alerts of all runs.
package struct InsightsPage: ScreenOfRun {
    package let run: RunID
    /// How the rules stand; nil until that is known.
    package private(set) var reports: [RuleReport]?
    package var reading = Reading()

    init(_ run: RunID) { self.run = run }

    package func title(_ state: AppState) -> String { "Insights: \(state.runs[run]?.record.name ?? run.text)" }

    package func document(_ state: AppState, width: Int) -> Document {
        InsightsText(reports: reports, run: run, state: state, width: width).document
    }

    package var contexts: [KeyContext] { [.insights, .detail] }

    package var sectionsRefusal: String? { nil }

    mutating func take(_ reports: [RuleReport]) { self.reports = reports }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadRules(run) }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run)
            || events.contains { event in
                guard event.run == run else { return false }
                return switch event.kind {
                case .debugger(.ruleEvaluated), .debugger(.rulesChanged), .job(.checkpointSaved), .job(.finished): true
                default: false
                }
            }
    }
}
