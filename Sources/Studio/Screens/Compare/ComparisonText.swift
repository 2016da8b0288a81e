import Cells
import Events

/// What the comparison of runs says, from top to bottom, for the runs in view.
struct ComparisonText {
    private let comparison: RunComparison
    private let state: AppState
    private let width: Int
    private let page: ComparePage
    private let columns: ComparisonColumns
    /// Each run's badge and colour.
    private let labels: [ComparedRun]

    init(_ comparison: RunComparison, _ page: ComparePage, _ state: AppState, width: Int) {
        self.comparison = comparison
        self.state = state
        self.width = width
        self.page = page
        columns = ComparisonColumns(count: comparison.runs.count, width: width, hidden: page.hiddenColumns)
        labels = zip(comparison.runs, comparison.names).map { id, name in
            ComparedRun(
                name: state.runs[id]?.record.name ?? name, badge: state.runs.letter(of: id),
                role: state.runs.role(of: id))
        }
    }

    var document: Document {
        var text = Document()
        var head = columns.row(columns.place, .accent) { .init("\(labels[$0].badge) \(labels[$0].name)", labels[$0].role, .bold) }
        // A click on a name in the head goes to the run.
        for (place, run) in columns.shown.enumerated() {
            let part = 1 + 2 * place
            if head.parts.indices.contains(part) { head.parts[part].link = link(to: run) }
        }
        text.head = [head]
        text.hiddenColumns = columns.mostHidden
        text.add("Settings", settings)
        text.add("Metrics", metrics())
        if let curves = curves() { text.add("Curves", curves) }
        guard let heldOut = comparison.heldOut else {
            let why = comparison.obstacle.isEmpty ? "predicting the rows that no run was trained on …" : comparison.obstacle
            let lines = TextWrap.lines(why, width: max(8, width - 4)).map { TextLine($0, .muted, indent: 2) }
            text.add("Held-out", [Self.heading("Held-out rows")] + lines)
            return text
        }
        HeldOutText(heldOut, labels: labels, columns: columns, glyphs: state.settings.glyphs, width: width).add(to: &text)
        return text
    }

    static func heading(_ text: String, _ note: String = "") -> TextLine {
        TextLine(text, .title, .bold).adding(note.isEmpty ? "" : "   " + note, .muted)
    }

    /// Whether a run's job is at work, so that its values change under the reader's eyes.
    private func isLive(_ run: Int) -> Bool { state.runs[comparison.runs[run]]?.status.isActive ?? false }

    /// When the facts were as they are said, where they change.
    private var timeNote: String {
        guard comparison.runs.indices.contains(where: isLive) else { return "" }
        return "as of " + NumberFormat.clock(page.foundAt, utcOffsetSeconds: state.utcOffsetSeconds)
    }

    // MARK: - Metrics

    /// What came of the runs: it differs always, and is no reason for anything.
    private static let outcomes: Set<String> = ["status", "steps", "best step", "trained for"]

    private func metrics() -> [Document.Block] {
        let isAllKept = comparison.sources.allSatisfy(\.isKeptModel)
        let what = isAllKept ? "of the kept models, with the difference to the first run" : "with the difference to the first run"
        let notes = [what, comparison.metrics.contains { !$0.best.isEmpty } ? "★ the best" : ""]
        var lines: [TextLine] = []
        if !isAllKept {
            lines.append(columns.row("of") { isLive($0) ? .init("now", .muted) : .init(comparison.sources[$0].words, .muted) })
        }
        let shown = comparison.metrics.map { ($0, values(of: $0)) }.filter { metric, values in
            page.showsAll || metric.isObjective || metric.name.split == "validation" && Set(values).count > 1
        }
        // What differs is what one looks for.
        let ordered = shown.filter { differs($0) } + shown.filter { !differs($0) }
        let facts = comparison.environment.filter { Self.outcomes.contains($0.name) && (page.showsAll || $0.differs) }
        let rows: [DocumentTable.Row] = ordered.flatMap { self.rows(of: $0.0, $0.1) } + facts.map { row($0) }
        return [
            .text([Self.heading("Metrics", notes.filter { !$0.isEmpty }.joined(separator: "; "))] + lines + incomparable),
            .table(table("metrics", rows)), .text(verdicts()),
        ]
    }

    private func differs(_ metric: (RunComparison.Metric, [Double?])) -> Bool { metric.0.isObjective || Set(metric.1).count > 1 }

    private func values(of metric: RunComparison.Metric) -> [Double?] {
        metric.values.indices.map { run in
            isLive(run) ? state.runs[comparison.runs[run]]?.lastMetrics[metric.name] : metric.values[run]
        }
    }

    private func rows(of metric: RunComparison.Metric, _ values: [Double?]) -> [DocumentTable.Row] {
        let numbers = NumberColumn(values.compactMap { $0 }, least: 6)
        let weight: Style.Attributes = metric.isObjective ? .bold : []
        let line = columns.row(metric.name.text, metric.isObjective ? .accent : .muted, weight) { run in
            guard let value = values[run] else { return .missing }
            var entry = ComparisonColumns.Entry(numbers.text(value), value.isFinite ? .text : .bad, weight)
            if isBest(run, metric) { (entry.mark, entry.attributes) = (" ★", .bold) }
            if let obstacle = comparison.obstacles[run] {
                // A difference would be one of two different things.
                (entry.role, entry.note) = (.muted, " ≠ \(obstacle.rawValue)")
                entry.noteRole = .warning
            } else if run > 0, let base = values[0], value.isFinite, base.isFinite {
                let verdict = isLive(run) || isLive(0) ? nil : metric.verdicts[run]?.outcome
                entry.note = " \(NumberFormat.delta(value - base, decimals: numbers.decimals)) \(verdict?.glyph ?? "")"
                entry.noteRole = verdict?.role ?? .muted
            }
            return entry
        }
        let row = DocumentTable.Row(line, [metric.name.text] + values.map { $0.map { "\($0)" } ?? "" })
        guard metric.isObjective, metric.spreads.contains(where: { $0 != nil }) else { return [row] }
        let spread = columns.row("  over seeds") { run in
            guard let spread = metric.spreads[run] else { return .missing }
            let deviation = NumberFormat.delta(spread.deviation, decimals: numbers.decimals).dropFirst()
            var entry = ComparisonColumns.Entry("\(numbers.text(spread.mean)) ±\(deviation)", .muted)
            entry.note = " ×\(spread.count)"
            return entry
        }
        let means = metric.spreads.map { $0.map { "\($0.mean)" } ?? "" }
        return [row, DocumentTable.Row(spread, ["\(metric.name.text) over seeds"] + means)]
    }

    /// Which runs' metrics say nothing beside the first one's, and why.
    private var incomparable: [TextLine] {
        [RunComparison.Obstacle.target, .data, .program].flatMap { obstacle -> [TextLine] in
            let names = comparison.obstacles.indices.filter { comparison.obstacles[$0] == obstacle }.map { labels[$0].name }
            guard !names.isEmpty else { return [] }
            let words =
                "\(names.joined(separator: ", ")) \(obstacle.words(names.count)) than \(labels[0].name): their metrics do not compare"
            return TextWrap.lines(words, width: max(8, width - 6)).enumerated().map { row, text in
                row == 0
                    ? TextLine("≠ ", .warning, .bold, indent: 2).adding(text, .warning) : TextLine(text, .warning, indent: 4)
            }
        }
    }

    /// Rows of the runs in a form that can be gone through and written to a file.
    private func table(_ name: String, _ rows: [DocumentTable.Row]) -> DocumentTable {
        DocumentTable(name, header: ["name"] + labels.map(\.name), rows: rows)
    }

    /// What a live run's newest value is worth shows when it has ended.
    private func isBest(_ run: Int, _ metric: RunComparison.Metric) -> Bool {
        metric.best.contains(run) && !comparison.runs.indices.contains(where: isLive)
    }

    /// What the objective's verdicts rest on, a sentence for each run.
    private func verdicts() -> [TextLine] {
        guard let objective = comparison.metrics.first(where: \.isObjective) else { return [] }
        let base = labels[0].name
        return objective.verdicts.enumerated().flatMap { index, verdict -> [TextLine] in
            guard let verdict, !isLive(index) else { return [] }
            let words = "\(labels[index].name) is \(verdict.outcome.words(base)) (\(verdict.reason))"
            return TextWrap.lines(words, width: max(8, width - 8)).enumerated().map { row, text -> TextLine in
                guard row == 0 else { return TextLine(text, verdict.outcome.role, indent: 6) }
                let name = text.hasPrefix(labels[index].name) ? labels[index].name : ""
                return TextLine("\(verdict.outcome.glyph) ", verdict.outcome.role, .bold, indent: 2)
                    .adding("\(labels[index].badge) ", labels[index].role, .bold, link: link(to: index))
                    .adding(name, verdict.outcome.role, link: link(to: index))
                    .adding(String(text.dropFirst(name.count)), verdict.outcome.role)
            }
        }
    }

    // MARK: - Curves and rows

    /// The runs' curves over each other, as the Curves pane draws them.
    private func curves() -> [Document.Block]? {
        let scene = CurvesScene(state)
        guard !scene.chart.series.isEmpty, width >= 30 else { return nil }
        let more = comparison.runs.count > CurvesScene.capacity ? "of the first \(CurvesScene.capacity) runs, " : ""
        let heading = Self.heading("Curves", "\(more)\(scene.title) over \(state.settings.xAxis.words)")
        let chart = DocumentChart(
            title: heading, in: Rect(x: 0, y: 0, width: width - 2, height: 15), scene.exported, isOfCurves: true)
        return [.charts([chart], height: chart.rect.height)]
    }

    // MARK: - Settings

    /// What the runs were asked to do: first in what they differ, then, if all is to be shown, what they share.
    private var settings: [Document.Block] {
        let asked = comparison.environment.filter { !Self.outcomes.contains($0.name) }
        // What was learned from, by what and how tells more than where it was done.
        let first: Set<String> = ["algorithm", "dataset", "target", "validation"]
        let all =
            asked.filter { first.contains($0.name) } + comparison.hyperparameters + asked.filter { !first.contains($0.name) }
        let differing = all.filter(\.differs), same = all.filter { !$0.differs }
        let count = same.count == 1 ? "1 more that is" : "\(same.count) more that are"
        let notes = [
            differing.isEmpty ? "no difference" : "in which the runs differ", timeNote,
            page.showsAll ? "all are shown; a shows only what differs" : same.isEmpty ? "" : "a shows \(count) the same",
        ]
        var blocks = [Document.Block.text([Self.heading("Settings", notes.filter { !$0.isEmpty }.joined(separator: "; "))])]
        let rows = differing.map { row($0) } + (page.showsAll ? same.map { row($0) } : [])
        if !rows.isEmpty { blocks.append(.table(table("settings", rows))) }
        return blocks
    }

    private func row(_ row: RunComparison.Row) -> DocumentTable.Row {
        let line = columns.row(row.name) { run in row.values[run].map { .init($0, row.differs ? .text : .muted) } ?? .missing }
        return DocumentTable.Row(line, [row.name] + row.values.map { $0 ?? "" })
    }

    private func link(to run: Int) -> ObjectLink? {
        comparison.runs.indices.contains(run) ? state.runs[comparison.runs[run]].map { .run($0.record.id) } : nil
    }
}

extension RunComparison.Source {
    /// `kept model, step 120`
    package var words: String {
        switch self {
        case .keptModel(let step): "kept model" + (step.map { ", step \(NumberFormat.grouped($0))" } ?? "")
        case .newest(let step): "newest, step \(NumberFormat.grouped(step))"
        }
    }
}

/// A run as charts and tables beside each other name it.
struct ComparedRun {
    var name: String
    var badge: Character
    var role: ColorRole
}

extension RunComparison.Obstacle {
    /// Of so many runs.
    func words(_ count: Int) -> String {
        switch self {
        case .target: count == 1 ? "predicts another column" : "predict another column"
        case .data: count == 1 ? "was judged by other data" : "were judged by other data"
        case .program: count == 1 ? "was measured by another program" : "were measured by other programs"
        }
    }
}

extension RunComparison.Verdict.Outcome {
    var glyph: String {
        switch self {
        case .better: "▲"
        case .worse: "▾"
        case .even: "±"
        case .none: "·"
        }
    }

    var role: ColorRole {
        switch self {
        case .better: .good
        case .worse: .bad
        case .even, .none: .muted
        }
    }

    func words(_ base: String) -> String {
        switch self {
        case .better: "better than \(base)"
        case .worse: "worse than \(base)"
        case .even: "like \(base) but for noise"
        case .none: "not known to differ from \(base)"
        }
    }
}
