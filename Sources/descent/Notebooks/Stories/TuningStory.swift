import Cells
import Events
import Experiments
import Notebooks
import Studio
import Tuning

/// A notebook that tells what a search for hyperparameters found, and searches again through the Python package.
struct TuningStory {
    private let record: TuningRecord
    private let trials: [TuningTrial]
    private let result: TuningResult
    private let code: EstimatorCode

    init(_ record: TuningRecord, _ store: RunStore) throws {
        self.record = record
        trials = try store.tunings.trials(of: record.id)
        result = try TuningCommands.standing(record, store).result
        code = EstimatorCode(request: record.request.job)
    }

    var notebook: Notebook {
        get throws {
            let cells = try [
                NotebookCell(.markdown, about, id: "title"), NotebookCell(.code, imports, id: "files"),
                NotebookCell(.markdown, searched, id: "searched"),
                NotebookCell(.code, code.estimator(without: ["objective_metric"]) + "\n" + tuner(), id: "tuner"),
                NotebookCell(.markdown, "## The search", id: "search"),
                NotebookCell(.code, "tuner.fit(\(code.channels))\njob = tuner.latest_tuning_job", id: "fit"), progress,
            ]
            return Notebook(cells: cells + table + importance + best, metadata: Notebook.pythonMetadata)
        }
    }

    private var about: String {
        let outcome = MarkdownTable.plain(TuningText.outcome(result))
        return """
            # \(MarkdownTable.plain(record.name))

            \(outcome).

            The cells search again through Descent's Python package; the pictures below are those of this search until then.
            """
    }

    private var imports: String {
        let types = ["CategoricalParameter", "ContinuousParameter", "HyperparameterTuner", "IntegerParameter"]
        return [code.imports(types), code.files].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var searched: String {
        let rows = record.request.ranges.map { [RangeProposals.name($0), String($0.drop { $0 != "=" }.dropFirst())] }
        return "## What is searched\n\nBy \(record.objective.metric.text), \(record.request.strategy).\n\n"
            + MarkdownTable.text(["parameter", "range"], rows)
    }

    // MARK: - As code

    private func tuner() throws -> String {
        let request = record.request
        var options: [(String, String)] = []
        if !request.otherObjectives.isEmpty {
            options.append(("objective", NotebookCode.list(request.otherObjectives.map(written))))
        }
        if let confirm = request.confirm { options.append(("confirm", String(confirm))) }
        if let count = request.noImprovement { options.append(("no-improvement", String(count))) }
        if request.endsConverged { options.append(("complete-on-convergence", "True")) }
        if let value = request.targetValue { options.append(("target-value", PythonText.number(value))) }
        if let seconds = request.maxRuntime { options.append(("max-runtime", PythonText.number(seconds))) }
        let runs = "runs: ", earlier = request.warmStart.filter { !$0.hasPrefix(runs) }
        if !earlier.isEmpty { options.append(("warm-start", NotebookCode.text(earlier.joined(separator: ",")))) }
        if let search = request.warmStart.first(where: { $0.hasPrefix(runs) }) {
            options.append(("warm-start-runs", NotebookCode.text(String(search.dropFirst(runs.count)))))
        }
        if let kind = request.warmStartType { options.append(("warm-start-type", NotebookCode.text(kind))) }
        let minimises = record.objective.direction == .minimised
        let arguments = [
            "estimator", NotebookCode.text(record.objective.metric.text), try ranges(),
            "objective_type=\(minimises ? "\"Minimize\"" : "\"Maximize\"")",
            "strategy=\(NotebookCode.text(request.strategy))", "max_jobs=\(request.maxJobs)",
            "max_parallel_jobs=\(request.maxParallelJobs)", request.stopsEarly ? "early_stopping_type=\"Auto\"" : "",
            PythonText.dictionary("options", options),
        ].filter { !$0.isEmpty }
        return "tuner = HyperparameterTuner(\n" + arguments.map { "    \($0),\n" }.joined() + ")"
    }

    /// Of a program of the user's the metric alone does not say which way is better.
    private func written(_ objective: Objective) -> String {
        guard record.request.job.isScript else { return objective.metric.text }
        return (objective.direction == .maximised ? "max:" : "min:") + objective.metric.text
    }

    private func ranges() throws -> String {
        let space = try TuningSetup(record.request, record.objective).search.space
        let written = Dictionary(record.request.ranges.map { (RangeProposals.name($0), $0) }) { $1 }
        let members = space.parameters.compactMap { parameter -> String? in
            guard let range = written[parameter.name] else { return nil }
            let plain = parameter.condition == nil ? Self.range(parameter.values) : nil
            let value = plain ?? NotebookCode.text(String(range.drop { $0 != "=" }.dropFirst()))
            return "        \(NotebookCode.text(parameter.name)): \(value),\n"
        }
        return "{\n" + members.joined() + "    }"
    }

    private static func range(_ values: SearchParameter.Values) -> String? {
        switch values {
        case .continuous(let low, let high, let scaling):
            "ContinuousParameter(\(PythonText.number(low)), \(PythonText.number(high)), \(Self.scaling(scaling)))"
        case .integer(let low, let high, let scaling): "IntegerParameter(\(low), \(high), \(Self.scaling(scaling)))"
        case .categorical(let words): "CategoricalParameter(\(NotebookCode.list(words)))"
        case .fixed: nil
        }
    }

    private static func scaling(_ scaling: ParameterScaling) -> String {
        switch scaling {
        case .linear: "\"Linear\""
        case .logarithmic: "\"Logarithmic\""
        case .reverseLogarithmic: "\"ReverseLogarithmic\""
        }
    }

    // MARK: - What came of it

    private var progress: NotebookCell {
        var cell = NotebookCell(.code, "job", id: "progress")
        if let picture = TuningCurve.chart(record, trials).map(Self.picture) { cell.outputs = [.data(picture, result: nil)] }
        return cell
    }

    private static func picture(_ chart: LineChart) -> NotebookData {
        NotebookData(["image/svg+xml": image(chart), "text/plain": text(chart)])
    }

    private static let title = "best so far over trials"

    static func image(_ chart: LineChart) -> String {
        chart.svg(title: title, width: 960, height: 400, xTitle: "trial", theme: .descentLight)
    }

    static func text(_ chart: LineChart) -> String { chart.text(title: title, width: 100, height: 20) }

    /// Trials that are told; of more the best.
    private static let mostTold = 50

    private var table: [NotebookCell] {
        let sign = record.objective.direction == .maximised ? -1.0 : 1
        let ended = trials.filter { $0.value != nil }.sorted { sign * ($0.value ?? 0) < sign * ($1.value ?? 0) }
        guard !ended.isEmpty else { return [] }
        let names = Set(ended.flatMap(\.values.keys)).sorted()
        let rows = ended.prefix(Self.mostTold).map { trial in
            [
                String(trial.number + 1), TuningText.value(trial.value ?? .nan, trial.deviation, trial.others),
                trial.outcome?.rawValue ?? "running",
            ] + names.map { trial.values[$0] ?? "" }
        }
        let more = ended.count > rows.count ? "\n\nThe best \(rows.count) of \(ended.count)." : ""
        let heads = ["trial", record.objective.metric.text, ""] + names
        return [
            NotebookCell(.markdown, "## Trials\n\n" + MarkdownTable.text(heads, rows, right: [0, 1]) + more, id: "trials"),
            NotebookCell(.code, "tuner.analytics().rows()", id: "rows"),
        ]
    }

    /// Nothing where too few trials have ended to tell.
    private var importance: [NotebookCell] {
        guard let found = try? TuningSetup.search(record, trials).importance() else { return [] }
        var cell = NotebookCell(.code, "tuner.importance()", id: "importance")
        let image = TuningImportanceCommand.image(found), text = TuningImportanceCommand.text(found, of: record)
        cell.outputs = [.data(NotebookData(["image/svg+xml": image, "text/plain": text]), result: nil)]
        return [NotebookCell(.markdown, "## What matters", id: "matters"), cell]
    }

    private var best: [NotebookCell] {
        guard let best = result.best else { return [] }
        let rows = best.hyperparameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        let told = "## The best\n\n\(MarkdownTable.plain(best.name)): \(MarkdownTable.plain(TuningText.worth(best)))\n\n"
        return [
            NotebookCell(.markdown, told + MarkdownTable.text(["parameter", "value"], rows), id: "best"),
            NotebookCell(.code, "best = tuner.best_estimator()\nbest.latest_training_job", id: "best-estimator"),
        ]
    }
}
