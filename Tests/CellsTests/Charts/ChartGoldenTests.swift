import Testing

@testable import Cells

/// Whole charts as they were when a person last looked at them and found them good: characters, and below them one letter for
/// the look of every cell.
@Suite struct ChartGoldenTests {
    private func chart() -> LineChart {
        let fast = Samples.series((0..<120).map { (index: Int) -> Double in 0.3 + 0.5 / (1 + Double(index) / 12) }, every: 25)
        var falling = (0..<80).map { (index: Int) -> Double in 0.7 - Double(index) / 800 }
        falling[40] += 0.2
        let slow = Samples.series(falling, every: 25)
        var chart = LineChart(series: [
            ChartSeries(label: "adam", badge: "A", color: .series1, isFocused: true, series: fast),
            ChartSeries(label: "sgd", badge: "B", color: .series2, dash: .dashed, series: slow),
        ])
        chart.marks = [
            ChartMark(x: 1500, scalar: "┆", role: .info, label: "lr .1→.03", kind: .line),
            ChartMark(x: 500, scalar: "▲", role: .bad, label: "DataOrder", kind: .point(y: 0.78)),
            ChartMark(x: 2000, scalar: "◆", role: .good, label: "best", kind: .point(y: nil)),
        ]
        return chart
    }

    private func planes(_ chart: LineChart, _ width: Int, _ height: Int) -> (text: String, style: String) {
        var buffer = CellBuffer(size: Size(width: width, height: height))
        chart.draw(into: &buffer, in: buffer.bounds)
        let letters: [ColorRole: Character] = [
            .series1: "1", .series2: "2", .border: "b", .muted: "m", .faint: "f", .bad: "!", .info: "i", .good: "g", .accent: "a",
        ]
        let styles = (0..<height).map { y in
            String((0..<width).map { x in buffer[x, y].scalar == " " ? " " : letters[buffer[x, y].style.foreground] ?? "?" })
        }
        return (trimmed(buffer.textPlane), trimmed(styles))
    }

    private func trimmed(_ lines: [String]) -> String {
        lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    @Test func `a chart in braille, 64 by 14`() {
        let planes = planes(chart(), 64, 14)
        #expect(planes.text == Golden.braille)
        #expect(planes.style == Golden.brailleStyle)
    }

    @Test func `a chart in blocks, 40 by 9, with the cursor`() {
        var chart = chart()
        chart.glyphs = .block
        chart.cursor = 1000
        #expect(planes(chart, 40, 9).text == Golden.block)
    }

    @Test func `a chart in ASCII, 50 by 10, is ASCII`() {
        var chart = chart()
        chart.glyphs = .ascii
        chart.marks = []
        let text = planes(chart, 50, 10).text
        #expect(text == Golden.ascii)
        #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test func `a chart too small for its axes is all curve`() {
        #expect(planes(chart(), 12, 3).text == Golden.tiny)
    }
}
