import Cells
import Clocks
import Events
import OutputFiles
import Studio

/// An AutoML job as one self-contained page: no scripts, nothing loaded from anywhere.
struct AutoMLReport {
    let record: AutoMLRecord
    let candidates: [AutoMLCandidate]
    /// Of the average; nil where there is none, or what it predicted is not known any more.
    var insights: ModelInsights?
    /// nil where it is not kept.
    var exploration: DataExploration?

    static let specification = CommandSpecification(
        words: ["automl", "report"], summary: "write an AutoML job as one self-contained HTML page",
        details: """
            What the data was before training, the leaderboard with all metrics, how the average came on, which model is for what, and how \
            good the average is on rows that no model in it learned from: confusions, ROC, precision-recall, gain, lift and calibration, or \
            residuals. With --candidate, how good that one model is.
            """,
        positionals: [AutoMLCommands.named],
        options: [
            .init(name: "--out", value: "FILE", help: "the page to write"),
            .init(name: "--candidate", value: "NAME", help: "one of its models, by its run's name or id"),
        ],
        examples: [
            "descent automl report @latest --out models.html",
            "descent automl report @latest --candidate boosted --out boosted.html",
        ],
        run: { arguments in
            guard let path = arguments.value("--out") else {
                throw CommandError.usage("descent automl report: --out is missing: name the page to write")
            }
            let html = try AutoMLInsightsCommand.subject(arguments).page
            try OutputFile.write(html, to: path)
            if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
            return .done
        })

    var html: String {
        AutoMLPageHTML.page(
            record.name,
            HTML.element("p", AutoMLText.outcome(record, candidates), class: "quiet")
                + "\n\(picks)\(leaderboard)\(figure)\(insights.map { InsightsSections(insights: $0).html } ?? "")\(ablation)\(data)"
                + "\(list("What was decided", record.decisions, none: ""))\(metrics)\(settings)")
    }

    private var ablation: String {
        guard let found = AutoMLAblation(record, candidates), !found.lines.isEmpty else { return "" }
        let rows = found.lines.map { line in
            let texts = NumberFormat.withSpread(line.without, line.gain)
            return [
                line.step, number(line.with), texts.value, (line.gain > 0 ? "+" : "") + texts.spread, AutoMLText.words(line.gain),
            ]
            .map(Markup.escaped)
        }
        return "<h2>What preparation brings</h2>\n"
            + HTML.element(
                "p",
                "\(found.base), the best single model, again without each step that bears on this data; by \(record.objective.metric) of "
                    + "rows that it did not learn from.", class: "quiet")
            + HTML.table([("step", false), ("with it", true), ("without", true), ("it brings", true), ("", false)], rows)
    }

    private var data: String {
        (exploration.map { ExplorationSections(exploration: $0).html } ?? "")
            + list("What was found in the data", record.findings, none: "nothing that harms a model")
    }

    private func number(_ value: Double?, digits: Int = 4) -> String {
        value.map { Markup.escaped(NumberFormat.significant($0, digits: digits)) } ?? ""
    }

    private var picks: String {
        let found = AutoMLAdvice(record, candidates, number: AutoMLText.number, time: { NumberFormat.duration($0) }).picks
        guard !found.isEmpty else { return "" }
        return "<h2>Which one</h2>\n"
            + HTML.table(
                [("for", false), ("model", false), ("why", false)],
                found.map { [$0.want.rawValue, $0.model, $0.reason].map(Markup.escaped) })
    }

    private var leaderboard: String {
        let result = AutoMLResult(record, candidates)
        let rows = result.leaderboard.map { line in
            let pair = line.value.flatMap { value in line.spread.map { NumberFormat.withSpread(value, $0) } }
            let share = line.weight.map { weight in
                weight > 0
                    ? "<span class=\"bar\" style=\"width:\(NumberFormat.significant(weight * 8, digits: 3))rem\"></span>"
                        + NumberFormat.percent(weight, decimals: 0) : ""
            }
            let kind = line.level > 1 ? "\(line.family), level \(line.level)" : line.family
            return [
                Markup.escaped(line.model), Markup.escaped(kind), pair?.value ?? number(line.value), pair?.spread ?? "",
                number(line.fitSeconds, digits: 3), number(line.predictMilliseconds, digits: 3), share ?? "the average",
            ]
        }
        let direction = record.objective.direction == .maximised ? "more is better" : "less is better"
        return "<h2>Leaderboard</h2>\n"
            + HTML.element(
                "p", "\(record.objective.metric.metric) of rows that no model in it learned from; \(direction)", class: "quiet")
            + HTML.table(
                [
                    ("model", false), ("kind", false), (String(record.objective.metric.metric), true), ("± over folds", true),
                    ("fit, s", true), ("ms a row", true), ("weight", false),
                ], rows)
    }

    private var figure: String {
        guard let chart = AutoMLCurve.chart(AutoMLStanding(record: record, candidates: candidates)) else { return "" }
        let image = chart.svg(
            title: "The average (line) as candidates (points) end", width: 900, height: 320, xTitle: "candidate",
            theme: .descentLight, embeddedAs: "average")
        return "<h2>How it came on</h2>\n<figure>\n\(image)</figure>\n"
    }

    private func list(_ title: String, _ lines: [String], none: String) -> String {
        let said = lines.isEmpty ? [none].filter { !$0.isEmpty } : lines
        return said.isEmpty ? "" : "<h2>\(title)</h2>\n<ul>\n" + said.map { HTML.element("li", $0) + "\n" }.joined() + "</ul>\n"
    }

    private var metrics: String {
        let names = candidates.flatMap(\.metrics.keys).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.sorted()
        guard !names.isEmpty else { return "" }
        let rows = candidates.filter { $0.outcome == .completed }.map { candidate in
            [Markup.escaped(candidate.name)] + names.map { number(candidate.metrics[$0]) }
        }
        return "<h2>All metrics</h2>\n" + HTML.element("p", "Means over the folds.", class: "quiet")
            + HTML.table([("model", false)] + names.map { ($0, true) }, rows)
    }

    private var settings: String {
        let rows = candidates.map { candidate in
            [
                candidate.name, candidate.algorithm, candidate.why, TuningText.settings(candidate.hyperparameters),
                candidate.outcome == .failed ? candidate.reason : "",
            ].map(Markup.escaped)
        }
        return "<h2>Candidates</h2>\n"
            + HTML.table([("run", false), ("algorithm", false), ("why", false), ("settings", false), ("fault", false)], rows)
    }
}
