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
        text.head = [
            columns.row(columns.place, .accent) { .init("\(labels[$0].badge) \(labels[$0].name)", labels[$0].role, .bold) }
        ]
        text.hiddenColumns = columns.mostHidden
        text.add("Metrics", metrics())
        if let curves = curves() { text.add("Curves", curves) }
        text.add("Hyperparameters", rows("Hyperparameters", comparison.hyperparameters))
        text.add("Data", rows("Data and environment", comparison.environment, note: environmentNote))
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

    private var environmentNote: String {
        guard comparison.runs.indices.contains(where: isLive) else { return "" }
        return "as of " + NumberFormat.clock(page.foundAt, utcOffsetSeconds: state.utcOffsetSeconds)
    }

    // MARK: - Metrics

    private func metrics() -> [TextLine] {
        let isAllKept = comparison.sources.allSatisfy(\.isKeptModel)
        let what = isAllKept ? "of the kept models, with the difference to the first run" : "with the difference to the first run"
        var lines = [Self.heading("Metrics", what)]
        if !isAllKept {
            lines.append(columns.row("of") { isLive($0) ? .init("now", .muted) : .init(comparison.sources[$0].words, .muted) })
        }
        for metric in comparison.metrics where page.showsAll || metric.name.split == "validation" || metric.isObjective {
            let values = metric.values.indices.map { run in
                isLive(run) ? state.runs[comparison.runs[run]]?.lastMetrics[metric.name] : metric.values[run]
            }
            let numbers = NumberColumn(values.compactMap { $0 }, least: 6)
            let weight: Style.Attributes = metric.isObjective ? .bold : []
            lines.append(
                columns.row(metric.name.text, metric.isObjective ? .accent : .muted, weight) { run in
                    guard let value = values[run] else { return .missing }
                    var entry = ComparisonColumns.Entry(numbers.text(value), value.isFinite ? .text : .bad, weight)
                    if isBest(run, metric) { entry.mark = "★" }
                    if run > 0, let base = values[0], value.isFinite, base.isFinite {
                        let verdict = isLive(run) || isLive(0) ? nil : metric.verdicts[run]?.outcome
                        entry.note = " \(NumberFormat.delta(value - base, decimals: numbers.decimals)) \(verdict?.glyph ?? "")"
                        entry.noteRole = verdict?.role ?? .muted
                    }
                    return entry
                })
            if metric.isObjective, metric.spreads.contains(where: { $0 != nil }) {
                lines.append(
                    columns.row("  over seeds") { run in
                        guard let spread = metric.spreads[run] else { return .missing }
                        let deviation = NumberFormat.delta(spread.deviation, decimals: numbers.decimals).dropFirst()
                        var entry = ComparisonColumns.Entry("\(numbers.text(spread.mean)) ±\(deviation)", .muted)
                        entry.note = " ×\(spread.count)"
                        return entry
                    })
            }
        }
        return lines + verdicts()
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
            return TextWrap.lines(words, width: max(8, width - 8)).enumerated().map { row, text in
                row == 0
                    ? TextLine("\(verdict.outcome.glyph) ", verdict.outcome.role, .bold, indent: 2)
                        .adding("\(labels[index].badge) ", labels[index].role, .bold).adding(text, verdict.outcome.role)
                    : TextLine(text, verdict.outcome.role, indent: 6)
            }
        }
    }

    // MARK: - Curves and rows

    /// The runs' curves over each other, as the Curves pane draws them.
    private func curves() -> [Document.Block]? {
        let scene = CurvesScene(state)
        guard !scene.chart.series.isEmpty, width >= 30 else { return nil }
        let chart = DocumentChart(in: Rect(x: 0, y: 0, width: width - 2, height: 14), scene.exported)
        let more = comparison.runs.count > CurvesScene.capacity ? "of the first \(CurvesScene.capacity) runs, " : ""
        let heading = Self.heading("Curves", "\(more)\(scene.title) over \(state.settings.xAxis.words)")
        return [.text([heading]), .charts([chart], height: chart.rect.height)]
    }

    private func rows(_ title: String, _ rows: [RunComparison.Row], note: String = "") -> [TextLine] {
        let shown = rows.filter { page.showsAll || $0.differs }
        let same = rows.count - rows.filter(\.differs).count
        let notes = [note, page.showsAll ? "all; a shows only what differs" : same == 0 ? "" : "a shows \(same) more"]
        var lines = [Self.heading(title, notes.filter { !$0.isEmpty }.joined(separator: "; "))]
        if shown.isEmpty { lines.append(TextLine("no difference", .muted, indent: 2)) }
        for row in shown {
            lines.append(
                columns.row(row.name) { run in row.values[run].map { .init($0, row.differs ? .text : .muted) } ?? .missing })
        }
        return lines
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
