import Cells
import Events

/// A candidate of an AutoML job as one self-contained page.
struct CandidateReport {
    let record: AutoMLRecord
    let candidate: AutoMLCandidate
    let insights: ModelInsights

    var html: String { AutoMLPageHTML.page(candidate.name, summary + InsightsSections(insights: insights).html + settings) }

    private var summary: String {
        let value = candidate.value.map { "\(record.objective.metric) \(AutoMLText.value($0, candidate.spread))" } ?? "no value"
        let weight =
            candidate.weight > 0 ? "\(NumberFormat.percent(candidate.weight)) of the average" : "does not count in the average"
        return HTML.element(
            "p", "\(candidate.family), a candidate of \(record.name): \(candidate.why); \(value); \(weight)", class: "quiet")
    }

    private var settings: String {
        let rows = candidate.hyperparameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value].map(Markup.escaped) }
        return rows.isEmpty ? "" : "<h2>Settings</h2>\n" + HTML.table([("setting", false), ("value", false)], rows)
    }
}
