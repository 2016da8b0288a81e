import Cells
import Events

/// How much the rows under the chart say: as much as lets every row show each of its curves.
struct Legend {
    let nameWidth: Int
    private let numbers: NumberColumn
    private enum Words { case full, short, shortest }

    private var words = Words.full
    /// Characters of the sample of a line.
    private var sampleWidth = 2
    private var showsSmoothed = true

    init(_ scene: CurvesScene, _ readouts: [ChartReadout], width: Int) {
        let names = scene.runs.map { TextWidth.of($0.record.name) }.max() ?? 6
        nameWidth = min(28, max(6, names), max(6, width / 3))
        numbers = NumberColumn(readouts.flatMap { [$0.value, $0.smoothed ?? $0.value] }, least: 6)
        let curves = scene.runs.map { run in scene.owners.filter { $0.run == run.record.id }.map(\.metric) }
        let forms: [(Words, sample: Int, smoothed: Bool)] = [
            (.full, 2, true), (.short, 2, true), (.shortest, 1, true), (.full, 2, false), (.short, 2, false),
            (.short, 1, false), (.shortest, 1, false),
        ]
        for form in forms {
            (words, sampleWidth, showsSmoothed) = (form.0, form.sample, form.smoothed && scene.chart.smoothing > 0)
            if nameWidth + 3 + (curves.map(width(of:)).max() ?? 0) <= width { break }
        }
    }

    /// Columns that a run's values take, with the gap before each.
    private func width(of metrics: [MetricName]) -> Int {
        metrics.reduce(0) { $0 + 2 + sampleWidth + 1 + word($1).count + 1 + valueWidth }
    }

    private var valueWidth: Int { numbers.width * (showsSmoothed ? 2 : 1) + (showsSmoothed ? 3 : 0) }

    private func word(_ name: MetricName) -> String {
        let word = String(name.split.isEmpty ? name.metric : name.split)
        guard word == "validation" else { return String(word.prefix(words == .full ? 10 : 5)) }
        switch words {
        case .full: return word
        case .short: return "valid"
        case .shortest: return "val"
        }
    }

    /// Writes a curve's line, split and value, or nothing if they do not fit.
    /// - Returns: where the next one starts.
    func write(
        _ readout: ChartReadout, _ name: MetricName, _ curve: ChartSeries, x: Int, into buffer: inout CellBuffer, in line: Rect
    ) -> Int {
        guard x + width(of: [name]) - 2 <= line.maxX else { return x }
        let attributes: Style.Attributes = curve.isSecondary ? .dim : .bold
        let sample = String(curve.dash.sample.prefix(sampleWidth))
        var end = buffer.write(sample, x: x, y: line.y, Style(readout.color, on: .background, attributes), clip: line)
        end = buffer.write(" " + word(name) + " ", x: end, y: line.y, Style(.muted), clip: line)
        let role: ColorRole = !readout.value.isFinite ? .bad : readout.end == nil ? .text : .muted
        let value = numbers.text(readout.value)
        buffer.write(value, endingAt: end + numbers.width, y: line.y, Style(role, on: .background, .bold), clip: line)
        end += numbers.width
        if showsSmoothed, let smoothed = readout.smoothed {
            buffer.write(" ~ " + numbers.text(smoothed), x: end, y: line.y, Style(.muted), clip: line)
        }
        return end + valueWidth - numbers.width + 2
    }
}

extension Dash {
    /// A piece of such a line.
    var sample: String {
        switch self {
        case .solid: "━━"
        case .dashed: "╺╸"
        case .dotted: "┈┈"
        }
    }
}
