import Cells

/// Curves of any numbers, drawn and written: ticks, labels and histograms count in numbers that nobody chose.
enum ChartReader {
    static var all: FuzzedReader {
        FuzzedReader(name: "charts") { _ in
            Subject(samples: samples.map { Sample("values", $0.flatMap { bytes($0.bitPattern) }) }) { sample in
                draw(sample.bytes)
                return .accepted
            }
        }
    }

    private static let samples: [[Double]] = [
        (0..<40).map { 1 / Double($0 + 1) }, [1e308, -1e308, 0, .leastNonzeroMagnitude, .infinity, 3], [1e12, 2e12, 3e12 + 1],
        [7, 7, 7],
        [.nan, 1, .nan],
        [-9.3e18, 9.3e18, 1.8e19, 0.1, 1e-300, 2e-300],
    ]

    private static func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }

    private static func draw(_ bytes: [UInt8]) {
        let numbers = stride(from: 0, to: min(bytes.count, 1600) - 7, by: 8).map { start in
            Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
        }
        guard let first = numbers.first else { return }
        for number in numbers { write(number) }
        _ = Sparkline.text(values: numbers, width: 12)
        let choice = Int(bytes[0])
        let scale = YScale.allCases[choice % 3], axis = XAxis.allCases[choice / 3 % 5]
        let series = Series(
            numbers.enumerated().map { index, value in
                // Steps are whole, in order and below 2^63; wall times are what a log says they are.
                SeriesPoint(
                    step: Double(index) * 1e3, epoch: Double(index) / 7, time: abs(first).isFinite ? first + Double(index) : 0,
                    value: value)
            })
        var chart = LineChart(series: [ChartSeries(label: "one", series: series, band: ChartBand(lower: series, upper: series))])
        (chart.yScale, chart.xAxis, chart.smoothing) = (scale, axis, choice % 2 == 0 ? 0.6 : 0)
        chart.yFit = YFit.allCases[choice % YFit.allCases.count]
        chart.glyphs = GlyphSet.allCases[choice % GlyphSet.allCases.count]
        chart.cursor = numbers.last.flatMap { $0.isFinite ? $0 : nil }
        for size in [Size(width: 80, height: 24), Size(width: 12, height: 4), Size(width: 1, height: 1)] {
            var buffer = CellBuffer(size: size)
            chart.draw(into: &buffer, in: buffer.bounds)
        }
        _ = chart.csv(metrics: ["loss"])
        _ = chart.text(title: "t", width: 60, height: 16)
    }

    private static func write(_ number: Double) {
        for digits in [1, 4, 17] {
            _ = NumberFormat.significant(number, digits: digits)
            _ = NumberFormat.fixed(number, decimals: digits)
            _ = NumberFormat.compact(number, digits: digits)
            _ = NumberFormat.fitted(number, width: 9, digits: digits)
        }
        _ = NumberFormat.percent(number) + NumberFormat.delta(number) + NumberFormat.duration(number) + NumberFormat.clock(number)
    }
}
