import Cells
import Events

/// What the comparison of runs says, from top to bottom.
struct ComparisonText {
    private let comparison: RunComparison
    private let state: AppState
    private let width: Int
    private let showsAll: Bool
    private let labelWidth: Int
    private let columnWidth: Int

    /// - Parameter showsAll: also what does not differ.
    init(_ comparison: RunComparison, _ state: AppState, width: Int, showsAll: Bool) {
        self.comparison = comparison
        self.state = state
        self.width = width
        self.showsAll = showsAll
        labelWidth = min(30, max(14, width / 4))
        columnWidth = max(12, min(36, (width - labelWidth - 4) / max(1, comparison.runs.count)))
    }

    var lines: [TextLine] {
        var lines = [names(), TextLine()] + metrics()
        if let curves = curves() { lines += [TextLine()] + curves }
        lines += rows("Hyperparameters", comparison.hyperparameters) + rows("Data and environment", comparison.environment)
        lines += [TextLine(), heading("Held-out rows")]
        if let heldOut = comparison.heldOut {
            lines += HeldOutText(heldOut, labels: labels, glyphs: state.settings.glyphs, width: width).lines
        } else {
            let text = comparison.obstacle.isEmpty ? "predicting the rows that no run was trained on …" : comparison.obstacle
            lines += TextWrap.lines(text, width: max(8, width - 4)).map { TextLine($0, .muted, indent: 2) }
        }
        return lines
    }

    /// Each run's badge and colour.
    private var labels: [ComparedRun] {
        zip(comparison.runs, comparison.names).map { id, name in
            ComparedRun(name: name, badge: state.runs.badges.letter(of: id), role: state.runs.badges.role(of: id))
        }
    }

    private func heading(_ text: String) -> TextLine { TextLine(text, .title, .bold) }

    private func names() -> TextLine {
        var line = TextLine(Self.fitted("", labelWidth), .muted, indent: 2)
        for label in labels { line.add(Self.fitted("\(label.badge) \(label.name)", columnWidth), label.role, .bold) }
        return line
    }

    // MARK: - Metrics

    private func metrics() -> [TextLine] {
        var lines = [heading("Metrics").adding("   of the kept models, with the difference to the first run", .muted)]
        for metric in comparison.metrics where showsAll || metric.name.split == "validation" || metric.isObjective {
            var line = TextLine(
                Self.fitted(metric.name.text, labelWidth), metric.isObjective ? .accent : .muted, metric.isObjective ? .bold : [],
                indent: 2)
            let numbers = NumberColumn(metric.values.compactMap { $0 }, least: 6)
            for (index, value) in metric.values.enumerated() {
                guard let value else {
                    line.add(Self.fitted("·", columnWidth), .muted)
                    continue
                }
                let text = numbers.text(value)
                line.add(text, value.isFinite ? .text : .bad, metric.isObjective ? .bold : [])
                var used = TextWidth.of(text)
                if index > 0, let base = metric.values[0], value.isFinite, base.isFinite {
                    let verdict = metric.verdicts[index]?.outcome
                    // Where many runs share the width, the sign of the verdict says what there is no room for.
                    let number =
                        columnWidth >= 18 ? " " + NumberFormat.delta(value - base, decimals: numbers.decimals) : ""
                    let delta = number + " " + (verdict?.glyph ?? "")
                    line.add(delta, verdict?.role ?? .muted)
                    used += TextWidth.of(delta)
                }
                line.add(String(repeating: " ", count: max(0, columnWidth - used)), .text)
            }
            lines.append(line)
        }
        return lines + verdicts()
    }

    /// What the objective's verdicts rest on, a sentence for each run.
    private func verdicts() -> [TextLine] {
        guard let objective = comparison.metrics.first(where: \.isObjective) else { return [] }
        let base = comparison.names[0]
        let labels = labels
        return objective.verdicts.enumerated().flatMap { index, verdict -> [TextLine] in
            guard let verdict else { return [] }
            let words = "\(verdict.outcome.words(base)) (\(verdict.reason))"
            return TextWrap.lines(words, width: max(8, width - 8)).enumerated().map { row, text in
                row == 0
                    ? TextLine("\(verdict.outcome.glyph) ", verdict.outcome.role, .bold, indent: 2)
                        .adding("\(labels[index].badge) ", labels[index].role, .bold).adding(text, verdict.outcome.role)
                    : TextLine(text, verdict.outcome.role, indent: 6)
            }
        }
    }

    // MARK: - Curves and rows

    /// The curves as the Curves pane has them, where it shows all of these runs.
    private func curves() -> [TextLine]? {
        guard Set(comparison.runs).isSubset(of: state.shownRuns) else { return nil }
        let scene = CurvesScene(state)
        guard !scene.chart.series.isEmpty, width >= 30 else { return nil }
        var buffer = CellBuffer(size: Size(width: width - 2, height: 12))
        scene.exported.draw(into: &buffer, in: buffer.bounds)
        return [heading("Curves").adding("   \(scene.title) over \(state.settings.xAxis.words)", .muted)]
            + TextLine.lines(of: buffer)
    }

    private func rows(_ title: String, _ rows: [RunComparison.Row]) -> [TextLine] {
        let shown = rows.filter { showsAll || $0.differs }
        let same = rows.count - rows.filter(\.differs).count
        let note = showsAll ? "   all; a shows only what differs" : same == 0 ? "" : "   a shows \(same) more"
        var lines = [TextLine(), heading(title).adding(note, .muted)]
        if shown.isEmpty { lines.append(TextLine("no difference", .muted, indent: 2)) }
        for row in shown {
            var line = TextLine(Self.fitted(row.name, labelWidth), .muted, indent: 2)
            for value in row.values { line.add(Self.fitted(value ?? "·", columnWidth), row.differs ? .text : .muted) }
            lines.append(line)
        }
        return lines
    }

    /// Text in exactly so many columns, the end cut off; of a path the beginning.
    static func fitted(_ text: String, _ width: Int) -> String {
        let room = max(1, width - 2)
        var shown = text
        if TextWidth.of(text) > room { shown = text.hasPrefix("/") ? "…" + text.suffix(room - 1) : text.prefix(room - 1) + "…" }
        return shown + String(repeating: " ", count: max(0, width - TextWidth.of(shown)))
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
        case .even: "no difference from \(base) beyond noise"
        case .none: "not known whether it differs from \(base)"
        }
    }
}

extension TextLine {
    /// What was drawn, as lines that a page can scroll.
    static func lines(of buffer: CellBuffer) -> [TextLine] {
        (0..<buffer.size.height).map { y in
            var line = TextLine()
            var text = String.UnicodeScalarView(), style = buffer[0, y].style
            for x in 0..<buffer.size.width {
                let cell = buffer[x, y]
                if cell.style != style {
                    line.add(String(text), style.foreground, style.attributes)
                    (text, style) = (String.UnicodeScalarView(), cell.style)
                }
                if !cell.isContinuation { text.append(cell.scalar) }
            }
            line.add(String(text), style.foreground, style.attributes)
            return line
        }
    }
}
