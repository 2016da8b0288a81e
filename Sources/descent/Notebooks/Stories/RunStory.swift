import Cells
import Events
import Experiments
import Notebooks

/// A notebook that tells what a run did, and trains it again through the Python package.
struct RunStory {
    private let summary: RunSummary
    private let store: RunStore
    private let code: EstimatorCode
    /// The version of a model that is kept of it, where that is what it is about.
    private let version: ModelVersion?

    init(_ summary: RunSummary, _ store: RunStore, version: ModelVersion? = nil) {
        (self.summary, self.store, self.version) = (summary, store, version)
        code = EstimatorCode(request: summary.record.requestAgain)
    }

    private var record: RunRecord { summary.record }
    private var isWatched: Bool { record.origin == .watched }

    /// - Throws: `CommandError` where it cannot be trained by its settings alone.
    var notebook: Notebook {
        get throws {
            guard record.request.stack.isEmpty else {
                throw CommandError.failed(
                    "\(record.name) learns from other candidates: write the notebook of its AutoML job, which has them too")
            }
            let entry = try RunReport.Entry(summary, store: store)
            var cells = [NotebookCell(.markdown, about, id: "title")]
            cells += data(entry) + settings + training + (try curves())
            cells += results(try store.keptMetrics(of: summary) ?? summary.lastMetrics) + alerts(entry) + predictions
            return Notebook(cells: cells, metadata: Notebook.pythonMetadata)
        }
    }

    // MARK: - What it is

    private var about: String {
        let name = MarkdownTable.plain(version?.title ?? record.name),
            objective = MarkdownTable.plain(record.objective.metric.text)
        var facts = ["\(record.algorithm) by Descent \(MarkdownTable.plain(record.version)): \(summary.status.rawValue)"]
        if version != nil { facts.append("it was kept of the run \(MarkdownTable.plain(record.name))") }
        if let value = summary.lastObjective {
            facts.append(
                "**\(objective) \(NumberFormat.significant(value))**" + (summary.bestStep.map { " at step \($0)" } ?? ""))
        }
        let reason = summary.reason.text
        if !reason.isEmpty { facts.append(MarkdownTable.plain(reason)) }
        var lines = ["# \(name)", "", facts.joined(separator: "; ") + "."]
        for text in [summary.note, version?.note ?? ""] where !text.isEmpty { lines += ["", "> " + MarkdownTable.plain(text)] }
        lines += [
            "",
            isWatched
                ? "Another program trained it, and Descent read its log: the cells show what was read."
                : "The cells train it again through Descent's Python package; the curves below are those of the run itself until then.",
        ]
        return lines.joined(separator: "\n")
    }

    private func data(_ entry: RunReport.Entry) -> [NotebookCell] {
        guard !isWatched else { return [] }
        var lines = ["## Data"]
        if !record.request.datasetPath.isEmpty {
            var rows = [["file", record.request.datasetPath]]
            if let path = record.request.validationPath { rows.append(["validation", path]) }
            if let target = record.request.target { rows.append(["target", target]) }
            if let data = entry.data {
                rows += [
                    ["rows learned from", NumberFormat.grouped(data.rowCount)],
                    ["rows that judge", NumberFormat.grouped(data.validationRowCount)],
                    ["features", data.featureWords { NumberFormat.grouped($0) }],
                ]
            }
            if !record.dataFingerprint.isEmpty { rows.append(["fingerprint", record.dataFingerprint]) }
            lines += ["", MarkdownTable.text(["data", ""], rows)]
        } else {
            lines += ["", "The script reads its own data."]
        }
        let warnings = entry.warnings.map { "- " + MarkdownTable.plain($0.message) }
        if !warnings.isEmpty { lines += ["", "Found in it:", ""] + warnings }
        let files = [code.imports(), code.files].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return [NotebookCell(.markdown, lines.joined(separator: "\n"), id: "data"), NotebookCell(.code, files, id: "files")]
    }

    private var settings: [NotebookCell] {
        let rows = record.hyperparameters.sorted { $0.key < $1.key }.map { name, value in
            [name, value, record.isSetByHand(name) ? "set by hand" : ""]
        }
        let table = MarkdownTable.text(["setting", "value", ""], rows)
        let told = NotebookCell(.markdown, "## Settings\n\n" + (rows.isEmpty ? "None are known." : table), id: "settings")
        guard !isWatched else { return rows.isEmpty ? [] : [told] }
        return [told, NotebookCell(.code, code.estimator(), id: "estimator")]
    }

    private var training: [NotebookCell] {
        let own = NotebookCode.text(record.name)
        if isWatched {
            return [
                NotebookCell(
                    .code, "from descent.sagemaker import TrainingJob\n\njob = TrainingJob(\(own)).load()\njob", id: "job")
            ]
        }
        return [
            NotebookCell(.markdown, "## Training", id: "training"),
            NotebookCell(
                .code, "estimator.fit(\(code.channels))\njob = estimator.latest_training_job\njob", id: "fit"),
        ]
    }

    // MARK: - What came of it

    private func curves() throws -> [NotebookCell] {
        let objective = record.objective.metric, first = String(objective.family)
        var cells = [NotebookCell(.markdown, "## Curves", id: "curves")]
        for metric in first == "loss" ? [first] : [first, "loss"] {
            let curves = try RunCurves([summary], metric: metric, store: store)
            guard !curves.chart.series.isEmpty else { continue }
            var cell = NotebookCell(.code, "job.curves(\(NotebookCode.text(metric)))", id: "curves-\(metric.identifier)")
            cell.outputs = [.data(curves.picture, result: nil)]
            cells.append(cell)
        }
        return cells.count > 1 ? cells : []
    }

    private func results(_ metrics: [MetricName: Double]) -> [NotebookCell] {
        let own = metrics.filter { $0.key.isOfModels && !$0.key.isCandidate }.sorted { $0.key < $1.key }
        guard !own.isEmpty else { return [] }
        let rows = own.map { [$0.key.text, NumberFormat.significant($0.value, digits: 6)] }
        let told = NotebookCell(
            .markdown, "## Results\n\n" + MarkdownTable.text(["metric", "value"], rows, right: [1]), id: "results")
        guard !isWatched else { return [told] }
        let values = own.map { "    \(NotebookCode.text($0.key.text)): \(PythonText.number($0.value)),\n" }.joined()
        let code = """
            recorded = {
            \(values)}
            for name, value in recorded.items():
                print(f"{name:32} {job.metrics.get(name, float('nan')):12.6g}   recorded {value:.6g}")
            """
        return [told, NotebookCell(.code, code, id: "compare")]
    }

    private func alerts(_ entry: RunReport.Entry) -> [NotebookCell] {
        guard !entry.alerts.isEmpty else { return [] }
        let lines = entry.alerts.map { raised in
            let alert = raised.alert
            return "- **\(MarkdownTable.plain(alert.rule))**, step \(NumberFormat.grouped(alert.step)): "
                + MarkdownTable.plain(alert.summary) + (raised.cleared.map { " (\(MarkdownTable.plain($0.clearedWords)))" } ?? "")
        }
        return [NotebookCell(.markdown, "## What the debugger found\n\n" + lines.joined(separator: "\n"), id: "alerts")]
    }

    private var predictions: [NotebookCell] {
        guard !isWatched, !record.request.isScript else { return [] }
        return [
            NotebookCell(
                .markdown,
                "## Predictions\n\n`estimator.deploy()` has the model answer over HTTP; `predict` asks the model that was just trained.",
                id: "predictions"),
            NotebookCell(.code, "estimator.predict(DATA)[:10]", id: "predict"),
        ]
    }
}

extension RunCurves {
    /// The chart as an image, and as text for who shows none.
    var picture: NotebookData {
        let image = chart.svg(title: metric, width: 960, height: 480, xTitle: "step", theme: .descentLight)
        return NotebookData(["image/svg+xml": image, "text/plain": chart.text(title: metric, width: 100, height: 24)])
    }
}

extension String {
    /// As a cell's id may be.
    ///
    /// - Source: nbformat 4.5, letters, digits, hyphens and underscores, at most 64.
    var identifier: String {
        String(map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" }.prefix(50))
    }
}
