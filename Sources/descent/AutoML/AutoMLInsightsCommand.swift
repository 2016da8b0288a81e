import Cells
import Events
import Experiments

/// `descent automl insights`: how good a job's average, or one of its models, is on rows that it did not learn from.
enum AutoMLInsightsCommand {
    static let specification = CommandSpecification(
        words: ["automl", "insights"],
        summary: "judge an AutoML job's average, or one of its models, by rows that it did not learn from",
        details: """
            Every metric with its spread over folds, what was taken for what, the hardest rows; --json adds the curves: ROC, \
            precision-recall, gain, lift, calibration, or the residuals of a number. `descent automl report` draws them.
            """,
        positionals: [AutoMLCommands.named],
        options: [.init(name: "--candidate", value: "NAME", help: "one of its models, by its run's name or id")],
        examples: ["descent automl insights @latest", "descent automl insights @latest --candidate boosted --json"],
        run: { arguments in
            let insights = try subject(arguments).judged()
            for line in arguments.flag("--json") ? [insights.json.text] : InsightsText.lines(insights) { Console.print(line) }
            return .done
        })

    /// What is judged: a job's average, or one of its candidates.
    struct Subject {
        var record: AutoMLRecord
        var candidates: [AutoMLCandidate]
        var candidate: AutoMLCandidate?
        var store: RunStore
        var workspace: Workspace

        /// - Throws: why it cannot be judged.
        func judged() throws -> ModelInsights {
            guard let candidate else {
                return try InsightsReading.insights(of: record, candidates, store, in: workspace)
            }
            guard let run = try store.run(candidate.run) else {
                throw CommandError.failed("\(candidate.name) is gone from the workspace: name another of the job's candidates")
            }
            return try InsightsReading.insights(of: run.record, in: workspace)
        }

        /// Its page.
        var page: String {
            get throws {
                if let candidate { return try CandidateReport(record: record, candidate: candidate, insights: judged()).html }
                var report = AutoMLReport(record: record, candidates: candidates)
                report.exploration = ExplorationFile.read(from: workspace.artifactFolder(of: record.id))
                if record.ensemble != nil {
                    // The rest of the page is worth having where a member's run is gone.
                    do { report.insights = try judged() } catch { Console.note("\(error)") }
                }
                return report.html
            }
        }
    }

    static func subject(_ arguments: ParsedArguments) throws -> Subject {
        let workspace = try WorkspaceChoice.existing(arguments), store = try WorkspaceChoice.reading(arguments)
        let record = try store.automls.automl(named: arguments.positionals[0])
        var subject = Subject(
            record: record, candidates: try store.automls.candidates(of: record.id), store: store, workspace: workspace)
        guard let name = arguments.value("--candidate") else { return subject }
        subject.candidate = subject.candidates.first {
            $0.run.text == name || $0.name == name || $0.name == "\(record.name)-\(name)"
        }
        guard subject.candidate != nil else {
            let names = subject.candidates.map(\.name).joined(separator: ", ")
            throw CommandError.usage("--candidate '\(name)': \(record.name) has \(names.isEmpty ? "none yet" : names)")
        }
        return subject
    }
}

/// Insights into a model as lines of text.
enum InsightsText {
    static func lines(_ insights: ModelInsights) -> [String] {
        var lines = ["\(insights.model): \(NumberFormat.grouped(insights.rowCount)) rows, \(insights.judged)"]
        let measures = insights.measures.map { one -> [String] in
            let pair = one.spread.map { NumberFormat.withSpread(one.value, $0) }
            return [one.name, pair?.value ?? NumberFormat.significant(one.value), pair?.spread ?? ""]
        }
        lines += table([["measure", "value", "±"]] + measures)
        if !insights.confusion.isEmpty, insights.classes.count <= 15 {
            lines += ["", "what it is (rows) and what was said (columns):"]
            lines += table(
                [[""] + insights.classes] + zip(insights.classes, insights.confusion).map { [$0] + $1.map(NumberFormat.grouped) })
        }
        for curves in insights.curves {
            let areas = [
                "roc_auc \(NumberFormat.significant(curves.rocArea))",
                "average precision \(NumberFormat.significant(curves.averagePrecision))",
                "brier \(NumberFormat.significant(curves.brier))",
            ]
            lines.append("\(curves.name): \(areas.joined(separator: ", "))")
        }
        if let residuals = insights.residuals {
            lines.append(
                "residuals: mean \(NumberFormat.significant(residuals.mean)), deviation "
                    + "\(NumberFormat.significant(residuals.deviation)), \(residuals.outliers) beyond three deviations")
        }
        guard !insights.hardest.isEmpty else { return lines }
        lines += ["", "hardest rows:"]
        let rows = insights.hardest.map {
            [NumberFormat.grouped($0.record), $0.expected, $0.predicted, NumberFormat.significant($0.miss)]
        }
        return lines + table([["record", insights.target, "predicted", "miss"]] + rows)
    }

    private static func table(_ rows: [[String]]) -> [String] {
        RunText.table(rows, rightAligned: Set(1..<(rows.first?.count ?? 1))).split(separator: "\n").map(String.init)
    }
}
