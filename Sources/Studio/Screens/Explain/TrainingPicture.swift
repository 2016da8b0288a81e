import Cells
import Events

/// How much columns add to predictions, over the steps of training: a curve each of those that add most, and what they add now.
struct TrainingPicture {
    let page: ExplainPage
    let state: AppState
    let width: Int

    /// Curves that can be told from each other.
    private static let mostCurves = 8

    var blocks: [Document.Block] {
        guard let all = page.attributions else { return [.text([TextLine("reading …", .muted)])] }
        guard !all.curves.isEmpty else { return [.text(nothing)] }
        let shown = Array(all.curves.prefix(Self.mostCurves)), legend = legend(shown, more: all.curves.count - shown.count)
        let room = StudioLayout.interior(page.place(on: state.size)).height - 3
        let height = max(8, room - legend.count - 1)
        var chart = LineChart(
            series: shown.enumerated().map { place, curve in
                let look = RunLook(number: place)
                return ChartSeries(
                    label: curve.column, badge: look.letter, color: look.role, dash: place % 2 == 0 ? .solid : .dashed,
                    series: Series(
                        curve.points.map { SeriesPoint(step: Double($0.step), epoch: $0.epoch, time: 0, value: $0.size) }))
            })
        (chart.glyphs, chart.isColorless) = (state.settings.glyphs, state.isColorless)
        (chart.smoothing, chart.drawsEveryPoint) = (0, true)
        let title = TextLine("what columns add", .title, .bold).adding("  mean size in the margin, over the steps", .muted)
        let rect = Rect(x: 0, y: 0, width: max(10, width - 2), height: height)
        return [
            .charts([DocumentChart(title: title, in: rect, chart, isOfCurves: true)], height: height + 1), .text(legend),
        ]
    }

    /// Letters, columns and what they add now, as many beside each other as there is room for.
    private func legend(_ shown: [AttributionCurves.Curve], more: Int) -> [TextLine] {
        let names = min(24, shown.map { TextWidth.of($0.column) }.max() ?? 8), entry = names + 14
        let perLine = max(1, min(shown.count, (width - 2) / entry))
        var lines: [TextLine] = []
        for start in stride(from: 0, to: shown.count, by: perLine) {
            var line = TextLine()
            for place in start..<min(shown.count, start + perLine) {
                let look = RunLook(number: place), curve = shown[place]
                line.add(String(look.letter) + " ", look.role, .bold)
                line.add(curve.column.shortened(to: names).padded(to: names), .text)
                line.add(NumberFormat.significant(curve.last, digits: 3).leftPadded(to: 9) + "   ", look.role)
            }
            lines.append(line)
        }
        if more > 0 { lines.append(TextLine("and \(more) that add less", .muted)) }
        return lines
    }

    private var nothing: [TextLine] {
        let run = state.runs[page.run], request = run?.record.request
        let text =
            if request?.debugSaveInterval == "off" {
                "The run records no tensors, and what columns add is recorded with them."
            } else if request?.prepare != nil {
                "The run learns from projections of columns: what columns add is not known while it trains."
            } else if ["xgboost", "linear-learner"].contains(request?.algorithm) {
                run?.status.isFinal == true
                    ? "Nothing was recorded of it while the run was trained." : "Nothing was recorded yet."
            } else {
                "What columns add is recorded of XGBoost and linear learners while they train."
            }
        return TextWrap.lines(text, width: max(8, width - 2)).map { TextLine($0, .muted) }
    }
}
