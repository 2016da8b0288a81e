import Testing

@testable import Cells

@Suite struct ChartLayoutTests {
    private func chart(_ values: [Double], _ scale: YScale = .linear) -> LineChart {
        var chart = LineChart(series: [ChartSeries(label: "a", badge: "A", series: Samples.series(values))])
        chart.yScale = scale
        return chart
    }

    @Test func `y ticks are round, apart, different, and stand at their values`() {
        var generator = SampleGenerator(seed: 11)
        for _ in 0..<2000 {
            let size = powerOfTen(Int.random(in: -12...12, using: &generator))
            let base = Bool.random(using: &generator) ? 0 : Double.random(in: -100...100, using: &generator) * size
            let values = (0..<5).map { _ in base + Double.random(in: 0...1, using: &generator) * size }
            let rect = Rect(x: 3, y: 2, width: 60, height: Int.random(in: 4...40, using: &generator))
            let scale = YScale.allCases[Int.random(in: 0..<3, using: &generator)]
            let layout = chart(values, scale).layout(in: rect)
            let rows = layout.yTicks.map(\.cell).sorted()
            // Where only the top and the bottom have room, they may be closer.
            for (one, other) in zip(rows, rows.dropFirst()) { #expect(other - one >= (rows.count == 2 ? 2 : 3)) }
            #expect(Set(layout.yTicks.map(\.label)).count == layout.yTicks.count)
            if scale == .linear, layout.yTicks.count > 2 {
                let values = layout.yTicks.map(\.value).sorted()
                let steps = zip(values, values.dropFirst()).map { $1 - $0 }
                #expect((steps.max() ?? 0) < 1.01 * (steps.min() ?? 0), "\(values) on \(rect.height) rows")
            }
            for tick in layout.yTicks {
                #expect(layout.plot.contains(x: layout.plot.x, y: tick.cell))
                #expect(layout.row(forY: tick.value).map { layout.plot.y + $0 / layout.cell.rows } == tick.cell)
                if layout.yOffset == nil, let said = Double(tick.label.filter { $0 != "," }) {
                    #expect(abs(said - tick.value) <= 1e-9 * max(abs(tick.value), size), "\(tick)")
                }
            }
        }
    }

    @Test func `a chart has two labels on each axis whatever its values are`() {
        for values in [[0, 0.4], [0, 0, 0], [3.3, 3.4], [0, 1e-9], [0, 7e6], [-0.2, 0.1]] {
            for scale in YScale.allCases where scale != .log || values.contains(where: { $0 > 0 }) {
                for height in 5...12 {
                    let layout = chart(values, scale).layout(in: Rect(x: 0, y: 0, width: 50, height: height))
                    #expect(layout.yTicks.count >= 2, "\(values) \(scale) \(height): \(layout.yTicks)")
                    #expect(layout.xTicks.count >= 2)
                }
            }
        }
    }

    private func powerOfTen(_ power: Int) -> Double { NumberFormat.powerOfTen(power) }

    @Test func `x labels never touch each other or leave the rectangle`() {
        for axis in XAxis.allCases {
            for width in 5...130 {
                for count in [2, 37, 1000, 40_000] {
                    var chart = chart(Array(repeating: 1, count: min(count, 50)))
                    chart.xAxis = axis
                    chart.viewport.x = axis == .wallTime ? 1_790_000_000...(1_790_000_000 + Double(count)) : 0...Double(count)
                    let rect = Rect(x: 2, y: 1, width: width, height: 10)
                    let layout = chart.layout(in: rect)
                    var end = rect.x - 1
                    for tick in layout.xTicks {
                        let start = LineChart.labelStart(tick, in: rect)
                        #expect(start > end && start + tick.label.count <= rect.maxX)
                        end = start + tick.label.count
                    }
                    #expect(width < 44 || layout.xTicks.count >= 2, "\(axis) \(width) \(count)")
                }
            }
        }
    }

    @Test func `labels on an axis are what a person would write`() {
        func labels(_ range: ClosedRange<Double>, _ axis: XAxis = .step) -> [String] {
            var chart = chart([1, 2])
            chart.xAxis = axis
            chart.viewport.x = range
            return chart.layout(in: Rect(x: 0, y: 0, width: 70, height: 10)).xTicks.map(\.label)
        }
        #expect(labels(0...3000) == ["0", "500", "1,000", "1,500", "2,000", "2,500", "3,000"])
        #expect(labels(0...50_000).prefix(3) == ["0", "10k", "20k"])
        #expect(labels(0...2_000_000).prefix(3) == ["0", "500k", "1M"])
        #expect(labels(0...3) == ["0", "1", "2", "3"])
        #expect(labels(0...1, .epoch) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(0...5400, .relativeTime).prefix(3) == ["0", "15m", "30m"])
        #expect(labels(0...100, .relativeTime) == ["0", "30s", "1m00", "1m30"])
        #expect(labels(1_790_000_000...1_790_000_600, .wallTime).first == "14:14")
    }

    @Test func `a tiny range on a huge value is labelled by its offset`() {
        let layout = chart([1_000_000.001, 1_000_000.0015, 1_000_000.002]).layout(in: Rect(x: 0, y: 0, width: 60, height: 14))
        #expect(layout.yOffset != nil)
        #expect(layout.yTicks.allSatisfy { $0.label.hasPrefix("+") && $0.label.count <= 8 })
    }

    @Test func `a log axis has decades over two decades, finer ticks below, linear ones below half`() {
        let rect = Rect(x: 0, y: 0, width: 60, height: 30)
        func labels(_ values: [Double]) -> [String] {
            chart(values, .log).layout(in: rect).yTicks.sorted { $0.value < $1.value }.map(\.label)
        }
        #expect(labels([0.001, 100]) == ["0.001", "0.01", "0.1", "1", "10", "100"])
        #expect(labels([1, 9]).starts(with: ["1", "2", "5"]))
        #expect(labels([1, 1.4]).contains("1.2"))
    }

    @Test func `columns and x values are each other's inverse`() {
        for glyphs in GlyphSet.allCases {
            var chart = chart(Samples.noisy(500, seed: 1))
            chart.glyphs = glyphs
            let layout = chart.layout(in: Rect(x: 0, y: 0, width: 40, height: 10))
            for column in 0..<layout.dotColumns { #expect(layout.column(forX: layout.xValue(atColumn: column)) == column) }
            #expect(layout.x(from: 0, movedBy: -5) == 0)
            #expect(layout.x(from: 0, movedBy: 1) == layout.xValue(atColumn: 1))
        }
    }

    @Test func `zooming keeps the x under the cursor`() {
        let layout = chart(Samples.noisy(1000, seed: 1)).layout(in: Rect(x: 0, y: 0, width: 50, height: 10))
        let zoomed = layout.xRange(zoomedBy: 0.5, around: 250)
        #expect(abs((250 - zoomed.lowerBound) / (zoomed.upperBound - zoomed.lowerBound) - 250 / 999) < 1e-9)
        var range = layout.xRange
        for _ in 0..<200 {
            var chart = chart([1, 2])
            chart.viewport.x = range
            range = chart.layout(in: Rect(x: 0, y: 0, width: 50, height: 10)).xRange(zoomedBy: 0.5, around: 0.3)
            #expect(range.lowerBound < range.upperBound)
        }
    }

    @Test func `one outlier does not flatten a robust chart`() {
        var chart = chart(Samples.noisy(500, seed: 4).enumerated().map { $0.offset == 3 ? 1e6 : $0.element })
        let rect = Rect(x: 0, y: 0, width: 60, height: 12)
        #expect(chart.layout(in: rect).yRange.upperBound > 1e5)
        chart.yFit = .robust
        #expect(chart.layout(in: rect).yRange.upperBound < 10)
    }

    @Test func `the readout says what was recorded nearest to the cursor`() {
        var chart = chart([4, 2, 6, 8])
        chart.cursor = 1.6
        #expect(chart.readout().map(\.value) == [6])
        #expect(chart.readout().map(\.smoothed) == [nil])
        chart.smoothing = 0.5
        // 4 and 2 and 6 at weight 0.5: ((0.5 * 2 + 1) * 0.5 + 3) / (1 - 0.5^3)
        let smoothed = chart.readout().first?.smoothed ?? .nan
        #expect(abs(smoothed - 4.0 / 0.875) < 1e-9)
        chart.cursor = nil
        #expect(chart.readout().map(\.value) == [8])
    }
}
