import Events
import Explaining
import Files
import JSON
import Monitoring
import Tables
import Training

extension MonitorExecutor {
    /// Rows that are explained, spread over all there are.
    private static let mostRows = 500
    /// Beyond this share of what columns do, others doing it is a violation though the ranking has kept.
    private static let mostMoved = 0.25
    static let analysisName = "analysis.json"

    /// Whether columns do for the model what they did.
    func attributions(_ execution: MonitorExecution, _ monitor: MonitorRecord, _ folder: String) throws -> Outcome {
        guard case .endpoint(let endpoint) = monitor.source else {
            throw CommandError.failed("what columns do is told of an endpoint's requests: create the monitor with --endpoint")
        }
        var outcome = Outcome()
        let earlier = try Self.analysis(monitor.baseline, ExplanationDocument.init(reading:))
        let table = try capturedRows(execution, endpoint, monitor, try model(monitor), &outcome.notes)
        outcome.rowCount = table.rowCount
        guard table.rowCount > 0 else {
            try MonitorFiles.write([], nil, to: folder)
            return outcome
        }
        let chosen = try ChosenModel(monitor.settings[Self.modelSetting] ?? "", workspace: workspace)
        let explanation = try Self.explanation(of: chosen, table)
        for (place, label) in earlier.labels.enumerated() where explanation.outputs.indices.contains(place) {
            let now = Dictionary(zip(explanation.columns, explanation.global(output: place)), uniquingKeysWith: { $1 })
            let name = earlier.labels.count == 1 ? "" : " (\(label.name))"
            if let gain = AttributionDrift.gain(baseline: label.values, live: now) {
                outcome.drift["ndcg" + name] = gain
                if gain < AttributionDrift.leastGain {
                    outcome.violations.append(
                        ConstraintViolation(
                            label.name, .attributionDrift,
                            "the ranking of columns by what they do has an NDCG of \(MonitorText.short(gain)), less than the threshold 0.9"
                        ))
                }
            }
            if let moved = AttributionDrift.movedShare(baseline: label.values, live: now) {
                outcome.drift["moved share" + name] = moved
                if moved > Self.mostMoved {
                    outcome.violations.append(
                        ConstraintViolation(
                            label.name, .attributionDrift,
                            "other columns do \(MonitorText.percent(moved)) of what is done, more than the threshold 25 %"))
                }
            }
        }
        let document = ExplanationDocument.json(explanation, .meanAbsolute, [])
        try MonitorFiles.write(outcome.violations, nil, to: folder)
        try PrivateFile.write(document, to: folder + "/" + Self.analysisName)
        return outcome
    }

    /// What columns do for rows, by the model's own method.
    static func explanation(of chosen: ChosenModel, _ table: Table) throws -> Explanation {
        let count = table.rowCount, taken = min(count, mostRows)
        let rows = (0..<taken).map { $0 * count / taken }
        let table = try chosen.model.prepared(table)
        do throws(ExplainingError) {
            var explainer = try ModelExplainer(chosen.model, background: nil)
            if explainer.needsBackground(.init()) {
                // Where the training data is gone, the rows themselves are what others are compared with.
                let training = try? chosen.model.readPrepared(
                    chosen.request.datasetPath, options: try ReadOptions(chosen.request.reading))
                explainer = try ModelExplainer(
                    chosen.model,
                    background: try Background(training ?? table, of: chosen.model, choice: .rows(100), name: "", seed: 0))
            }
            return try explainer.explain(table, rows: rows)
        } catch { throw CommandError(error) }
    }

    /// Reads a folder's `analysis.json`.
    static func analysis<Value, Fault: Error>(_ folder: String, _ make: (JSONValue) throws(Fault) -> Value) throws -> Value {
        let path = folder + "/" + analysisName
        guard let text = FileContents.text(path) else {
            throw CommandError.data(
                "\(path) is not there: it is what Clarify, or `descent explain --analysis` and `descent bias --out`, write")
        }
        do { return try make(try JSONValue(parsing: text)) } catch { throw CommandError.data("\(path): \(error)") }
    }
}
