import Cells
import Clocks
import Databases
import Events
import Experiments
import Training

/// A report of runs as one self-contained page: no scripts, nothing loaded from anywhere.
struct RunReport {
    /// What is known about one run.
    struct Entry {
        var summary: RunSummary
        var curves: [(metric: MetricName, points: [MetricPoint])]
        var alerts: [RaisedAlert]
        var changes: [HyperparameterChange] = []
        var data: TrainingDataSummary?
        var warnings: [DataWarning] = []

        var record: RunRecord { summary.record }

        /// Whether a setting was set by hand; of runs that other programs wrote, any may have been.
        func sets(_ name: String) -> Bool {
            let isOurs = Algorithms.all.contains { $0.name == record.algorithm }
            return isOurs ? record.request.hyperparameters[name] != nil : record.hyperparameters[name] != nil
        }

        init(_ summary: RunSummary, store: RunStore) throws(StoreError) {
            self.summary = summary
            curves = []
            for metric in try store.metrics(of: summary.record.id) {
                curves.append((metric, try store.points(run: summary.record.id, metric: metric)))
            }
            let events = try store.events(of: summary.record.id)
            alerts = RaisedAlert.all(in: events)
            for event in events {
                switch event.kind {
                case .job(.hyperparametersChanged(let change)): changes.append(change)
                case .job(.trainingDataSummarised(let summary)): data = summary
                case .job(.dataWarned(let warning)) where !warning.isNotice: warnings.append(warning)
                default: break
                }
            }
        }
    }

    let title: String
    /// The first is what the others are compared with.
    let entries: [Entry]
    /// Seconds since 1970.
    let madeAt: Double

    var html: String {
        let body = [runs, differences, figures, alerts, data, environment, settings].joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>\(Markup.escaped(title))</title><style>
            \(ReportStyle.css)
            </style></head><body>
            <h1>\(Markup.escaped(title))</h1>
            <p class="quiet">\(entries.count) \(entries.count == 1 ? "run" : "runs"), \(WallClock.text(madeAt).prefix(16).split(separator: "T").joined(separator: " ")) UTC</p>
            \(body)<footer>Made by Descent \(Markup.escaped(Engine.version)).</footer>
            </body></html>

            """
    }

    private static func table(_ heads: [(name: String, isNumber: Bool)], _ rows: [String]) -> String {
        let head = heads.map { HTML.element("th", $0.name, class: $0.isNumber ? "number" : "") }.joined()
        return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n" + rows.map { "<tr>\($0)</tr>\n" }.joined()
            + "</tbody></table></div>\n"
    }

    private func style(_ index: Int) -> RunStyle {
        RunStyle(entries[index].record, after: entries[..<index].map(\.record))
    }

    private func name(_ index: Int) -> String {
        let style = style(index)
        return
            "<td><span class=\"badge \(style.styleClass)\">\(style.letter)</span> \(Markup.escaped(entries[index].record.name))</td>"
    }

    // Runs, with the first as the baseline.
    private var runs: String {
        let rows = entries.indices.map { index -> String in
            let run = entries[index].summary
            let duration = run.finishedAt.flatMap { run.duration(now: $0) }.map { NumberFormat.duration($0) } ?? "–"
            let cells = [
                name(index), HTML.element("td", "\(RunText.glyph(run.status)) \(run.status.rawValue)", class: "status"),
                HTML.element("td", run.record.algorithm), HTML.element("td", run.record.objective.metric.text),
                HTML.element("td", run.lastObjective.map { NumberFormat.significant($0) } ?? "–", class: "number"), delta(index),
                HTML.element("td", run.bestStep.map { NumberFormat.grouped($0) } ?? "–", class: "number"),
                HTML.element("td", NumberFormat.grouped(run.step), class: "number"),
                HTML.element("td", duration, class: "number"),
                HTML.element("td", String(entries[index].alerts.count { $0.cleared == nil }), class: "number"),
            ]
            return cells.joined()
        }
        let heads = [
            ("run", false), ("status", false), ("algorithm", false), ("objective", false), ("value", true), ("Δ", true),
            ("best step", true), ("steps", true), ("time", true), ("alerts", true),
        ]
        return "<h2>Runs</h2>\n" + Self.table(heads.map { (name: $0.0, isNumber: $0.1) }, rows) + notes
    }

    /// The difference to the first run, better or worse, when both are judged by the same.
    private func delta(_ index: Int) -> String {
        let (base, run) = (entries[0].summary, entries[index].summary)
        guard index > 0 else { return HTML.element("td", "base", class: "number quiet") }
        guard base.record.objective == run.record.objective, let before = base.lastObjective, let now = run.lastObjective,
            (now - before).isFinite
        else { return HTML.element("td", "–", class: "number") }
        if now == before { return HTML.element("td", "= 0", class: "number") }
        let isBetter = run.record.objective.isBetter(now, than: before)
        let size = NumberFormat.significant(abs(now - before))
        return HTML.element(
            "td", "\(now < before ? "▼ −" : "▲ +")\(size) \(isBetter ? "better" : "worse")",
            class: "number \((isBetter ? ColorRole.good : .bad).styleClass())")
    }

    private var notes: String {
        entries.indices.compactMap { index in
            let run = entries[index].summary
            let parts = [run.tags.joined(separator: ", "), run.note, run.reason.text].filter { !$0.isEmpty }
            return parts.isEmpty
                ? nil : "<p class=\"quiet\">\(style(index).letter): \(Markup.escaped(parts.joined(separator: " · ")))</p>\n"
        }.joined()
    }

    /// What can differ between runs, by name.
    private func facts(_ entry: Entry) -> [String: String] {
        var facts = entry.record.hyperparameters
        facts["algorithm"] = entry.record.algorithm
        facts["dataset"] = entry.record.request.datasetPath
        facts["data fingerprint"] = entry.record.dataFingerprint
        facts["target"] = entry.record.request.target
        facts["seed"] = String(entry.record.seed)
        return facts
    }

    private var differences: String {
        guard entries.count > 1 else { return "" }
        let all = entries.map(facts)
        // What only one algorithm has is a difference where somebody set it, not where it has its default.
        let names = Set(all.flatMap(\.keys)).filter { name in
            let values = all.compactMap { $0[name] }
            return Set(values).count > 1 || values.count < all.count && entries.contains { $0.sets(name) }
        }.sorted()
        guard !names.isEmpty else { return "<h2>What differs</h2>\n<p>Nothing: the runs have the same settings and data.</p>\n" }
        let rows = names.map { name in
            HTML.element("td", name) + all.map { HTML.element("td", $0[name] ?? "–", class: "text") }.joined()
        }
        let heads = [(name: "setting", isNumber: false)] + entries.indices.map { (name: style($0).letter, isNumber: false) }
        return "<h2>What differs</h2>\n" + Self.table(heads, rows)
    }

    private var figures: String {
        let objective = entries[0].record.objective.metric
        let names = Set(entries.flatMap { $0.curves.map(\.metric) }.filter { !$0.isCandidate })
        let rank = { (name: MetricName) in
            if !name.isOfModels { return name.isSystem ? 5 : 4 }
            return name == objective ? 0 : name.metric == "loss" ? 1 : name.split == "validation" ? 2 : 3
        }
        let sorted = names.sorted { (rank($0), $0.text) < (rank($1), $1.text) }
        var out = "<h2>Curves</h2>\n"
        for (place, metric) in sorted.prefix(12).enumerated() {
            let curves = entries.indices.compactMap { index -> MetricFigure.Curve? in
                guard let points = entries[index].curves.first(where: { $0.metric == metric })?.points, !points.isEmpty else {
                    return nil
                }
                return MetricFigure.Curve(
                    style: style(index), name: entries[index].record.name, points: points,
                    bestStep: entries[index].summary.bestStep,
                    changes: entries[index].changes, alerts: entries[index].alerts.map(\.alert))
            }
            if let figure = MetricFigure(metric, isObjective: metric == objective, curves: curves) {
                out += figure.html(place: "figure-\(place)")
            }
        }
        if sorted.count > 12 {
            out +=
                "<p class=\"quiet\">\(sorted.count - 12) more metrics are in the workspace; descent runs export has them all.</p>\n"
        }
        return out
    }

    private var alerts: String {
        var out = ""
        for index in entries.indices {
            for raised in entries[index].alerts {
                let alert = raised.alert
                out += "<h3><span class=\"badge \(style(index).styleClass)\">\(style(index).letter)</span> "
                out += "\(Markup.escaped(alert.rule)), step \(NumberFormat.grouped(alert.step))</h3>\n"
                if alert.cause.contains("\n") {
                    out += HTML.element("p", alert.summary) + HTML.element("pre", alert.cause) + "\n<ul>"
                } else {
                    out += HTML.element("p", "\(alert.summary). \(alert.cause)") + "\n<ul>"
                }
                if let cleared = raised.cleared { out += HTML.element("li", cleared.clearedWords) }
                for remedy in alert.remedies {
                    let settings = remedy.set.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
                    out += HTML.element("li", remedy.text + (settings.isEmpty ? "" : " (\(settings))"))
                }
                out += "</ul>\n"
            }
        }
        return out.isEmpty ? "" : "<h2>Alerts</h2>\n" + out
    }

    private var data: String {
        let rows = entries.indices.map { index -> String in
            let (record, data) = (entries[index].record, entries[index].data)
            let number = { (count: Int?) in HTML.element("td", count.map { NumberFormat.grouped($0) } ?? "–", class: "number") }
            return name(index) + HTML.element("td", record.request.datasetPath, class: "text")
                + HTML.element("td", record.dataFingerprint.isEmpty ? "–" : record.dataFingerprint) + number(data?.rowCount)
                + number(data?.validationRowCount) + number(data?.featureCount) + HTML.element("td", record.request.target ?? "–")
        }
        let heads = [
            ("run", false), ("data", false), ("fingerprint", false), ("rows", true), ("validation", true), ("features", true),
            ("target", false),
        ]
        var warnings: [String] = []
        for warning in entries.flatMap(\.warnings) where !warnings.contains(warning.message) { warnings.append(warning.message) }
        let list = warnings.isEmpty ? "" : "<ul>" + warnings.map { HTML.element("li", $0) }.joined() + "</ul>\n"
        return "<h2>Data</h2>\n" + Self.table(heads.map { (name: $0.0, isNumber: $0.1) }, rows) + list
    }

    private var environment: String {
        let rows = entries.indices.map { index -> String in
            let record = entries[index].record
            let cells = [
                String(WallClock.text(record.createdAt).prefix(19)), record.version, record.gitRevision ?? "–",
                String(record.seed),
                record.id.text,
            ]
            return name(index) + cells.map { HTML.element("td", $0, class: "text") }.joined()
        }
        let heads = ["run", "begun (UTC)", "Descent", "commit", "seed", "id"].map { (name: $0, isNumber: false) }
        return "<h2>Environment</h2>\n" + Self.table(heads, rows)
    }

    /// Every setting, folded away.
    private var settings: String {
        "<h2>All settings</h2>\n"
            + entries.indices.map { index in
                let record = entries[index].record
                let rows = record.hyperparameters.sorted { $0.key < $1.key }.map { name, value in
                    HTML.element("td", name) + HTML.element("td", value, class: "text")
                        + HTML.element("td", record.request.hyperparameters[name] == nil ? "" : "set by hand", class: "quiet")
                }
                let heads = ["setting", "value", ""].map { (name: $0, isNumber: false) }
                return "<details><summary>\(style(index).letter) \(Markup.escaped(record.name))</summary>"
                    + Self.table(heads, rows)
                    + "</details>\n"
            }.joined()
    }
}
