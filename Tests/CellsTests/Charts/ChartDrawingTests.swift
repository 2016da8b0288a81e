import Testing

@testable import Cells

@Suite struct ChartDrawingTests {
    private struct Dot: Hashable {
        var column: Int
        var row: Int
    }

    /// The dots a buffer shows in a chart's plot.
    private func dots(_ buffer: CellBuffer, _ layout: ChartLayout) -> Set<Dot> {
        let bits: [(Int, Int, UInt32)] = [
            (0, 0, 1), (0, 1, 2), (0, 2, 4), (0, 3, 64), (1, 0, 8), (1, 1, 16), (1, 2, 32), (1, 3, 128),
        ]
        var dots: Set<Dot> = []
        for y in 0..<layout.plot.height {
            for x in 0..<layout.plot.width {
                let value = buffer[layout.plot.x + x, layout.plot.y + y].scalar.value
                guard (0x2800...0x28FF).contains(value) else { continue }
                for (column, row, bit) in bits where (value - 0x2800) & bit != 0 {
                    dots.insert(Dot(column: x * 2 + column, row: y * 4 + row))
                }
            }
        }
        return dots
    }

    /// Every segment between neighbours drawn one by one, the slow and obvious way.
    private func everySegment(_ values: [Double], _ layout: ChartLayout) -> Set<Dot> {
        let range = layout.xRange
        let place = { (index: Int) -> (x: Double, y: Double)? in
            guard let projected = layout.projection.project(values[index]) else { return nil }
            let x = (Double(index) - range.lowerBound) / (range.upperBound - range.lowerBound) * Double(layout.dotColumns - 1)
            let share = (layout.span.upperBound - projected) / (layout.span.upperBound - layout.span.lowerBound)
            return (x.rounded(), (share * Double(layout.dotRows - 1)).rounded())
        }
        var dots: Set<Dot> = []
        let add = { (x: Double, y: Double, dots: inout Set<Dot>) in
            if x >= 0, y >= 0, x < Double(layout.dotColumns), y < Double(layout.dotRows) {
                dots.insert(Dot(column: Int(x), row: Int(y)))
            }
        }
        for index in values.indices {
            guard let end = place(index) else { continue }
            add(end.x, end.y, &dots)
            guard index > 0, let start = place(index - 1) else { continue }
            let length = max(abs(end.x - start.x), abs(end.y - start.y))
            for step in stride(from: 0, through: length, by: 1) where length > 0 {
                if abs(end.x - start.x) >= abs(end.y - start.y) {
                    let x = min(start.x, end.x) + step
                    add(x, (start.y + (x - start.x) / (end.x - start.x) * (end.y - start.y)).rounded(), &dots)
                } else {
                    let y = min(start.y, end.y) + step
                    add((start.x + (y - start.y) / (end.y - start.y) * (end.x - start.x)).rounded(), y, &dots)
                }
            }
        }
        return dots
    }

    @Test(arguments: [2, 3, 10, 57, 100, 500, 5000, 60_000], [YScale.linear, .log, .symlog])
    func `no spike is hidden: the dots are those of drawing every segment`(_ count: Int, _ scale: YScale) {
        for seed in 0..<4 as Range<UInt64> {
            let values = Samples.noisy(count, seed: seed, spikes: 1 + count / 500).map { scale == .symlog ? $0 - 1 : $0 }
            var chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series(values))])
            chart.yScale = scale
            chart.showsGuides = false
            // A whole view, and one zoomed into a part, whose lines come in from outside.
            let quarter = Double(count) / 4
            for viewport in [ChartViewport(), ChartViewport(x: quarter...(quarter * 2.3), y: 0.3...1.1)]
            where viewport.follows || seed > 1 {
                chart.viewport = viewport
                let rect = Rect(x: 1, y: 1, width: 30 + Int(seed) * 9, height: 6 + Int(seed) * 3)
                var buffer = CellBuffer(size: Size(width: 80, height: 20))
                chart.draw(into: &buffer, in: rect)
                let layout = chart.layout(in: rect)
                let hasGaps = scale == .log && values.contains { $0 <= 0 }
                let expected = everySegment(values, layout), drawn = dots(buffer, layout)
                if viewport.follows, !hasGaps {
                    #expect(drawn == expected)
                } else {
                    // Arrows stand where the curve leaves; a gap among many samples of one column is not seen.
                    #expect(expected.subtracting(drawn).allSatisfy { $0.row < 4 || $0.row >= layout.dotRows - 4 })
                }
            }
        }
    }

    @Test func `charts of any data draw at any size and only inside their rectangle`() {
        let sizes = [0, 1, 2, 3, 4, 5, 6, 9, 12, 17, 33]
        let guardCell = Cell("#", Style(.bad))
        for (number, values) in Samples.nasty.enumerated() {
            for scale in YScale.allCases {
                for glyphs in GlyphSet.allCases {
                    let chart = busyChart(values, scale, glyphs, XAxis.allCases[number % 4])
                    for width in sizes {
                        for height in sizes {
                            var buffer = CellBuffer(size: Size(width: width + 4, height: height + 4), fill: guardCell)
                            let rect = Rect(x: 2, y: 2, width: width, height: height)
                            chart.draw(into: &buffer, in: rect)
                            for y in 0..<(height + 4) {
                                for x in 0..<(width + 4) where !rect.contains(x: x, y: y) { #expect(buffer[x, y] == guardCell) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func busyChart(_ values: [Double], _ scale: YScale, _ glyphs: GlyphSet, _ axis: XAxis) -> LineChart {
        let jumbled = Series(
            values.enumerated().map { index, value in
                SeriesPoint(step: Double((index * 7) % 5), epoch: .nan, time: -Double(index), value: value)
            })
        var chart = LineChart(series: [
            ChartSeries(label: "a", badge: "A", dash: .dashed, isFocused: true, series: Samples.series(values)),
            ChartSeries(label: "b", badge: "B", color: .series2, dash: .dotted, isDimmed: true, series: jumbled),
        ])
        chart.yScale = scale
        chart.glyphs = glyphs
        chart.xAxis = axis
        chart.smoothing = 0.6
        chart.cursor = 1
        chart.yFit = values.count > 3 ? .robust : .window
        chart.marks = [
            ChartMark(x: 0, scalar: "▲", role: .bad, label: "Loss", kind: .point(y: 1)),
            ChartMark(x: 1, scalar: "◆", role: .good, label: "", kind: .point(y: nil)),
            ChartMark(x: .nan, scalar: "┆", role: .info, label: "lr", kind: .line),
            ChartMark(x: 2, scalar: "┆", role: .info, label: "lr", kind: .line),
        ]
        return chart
    }

    @Test func `what is not a number is marked on the axis, what is infinite at the top`() {
        var values = Array(repeating: 1.0, count: 40)
        values[20] = .nan
        values[30] = .infinity
        var buffer = CellBuffer(size: Size(width: 50, height: 8))
        let chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series(values))])
        chart.draw(into: &buffer, in: buffer.bounds)
        let layout = chart.layout(in: buffer.bounds)
        let cell = { (x: Double) in layout.plot.x + (layout.column(forX: x) ?? 0) / 2 }
        #expect(buffer[cell(20), layout.axisRow ?? 0] == Cell("×", Style(.bad, on: .background, .bold)))
        #expect(buffer[cell(30), layout.plot.y].scalar == "↑")
        #expect(chart.gaps == (1 + 1, 0))
    }

    @Test func `badges never stand on each other`() {
        let curves = (0..<6).map { index in
            ChartSeries(
                label: "\(index)", badge: Character(Unicode.Scalar(UInt8(65 + index))), color: .series(index),
                series: Samples.series([3, 2, 1 + Double(index) * 0.0001]))
        }
        var buffer = CellBuffer(size: Size(width: 40, height: 12))
        LineChart(series: curves).draw(into: &buffer, in: buffer.bounds)
        let column = (0..<12).map { buffer[39, $0].scalar } + (0..<12).map { buffer[38, $0].scalar }
        for letter in "ABCDEF".unicodeScalars { #expect(column.contains(letter)) }
    }

    @Test func `the focused curve owns the cells it shares`() {
        let same = Samples.series([1, 2, 3, 2, 1])
        var chart = LineChart(series: [
            ChartSeries(label: "a", color: .series1, series: same), ChartSeries(label: "b", color: .series2, series: same),
        ])
        for focus in 0..<2 {
            chart.series[0].isFocused = focus == 0
            chart.series[1].isFocused = focus == 1
            var buffer = CellBuffer(size: Size(width: 30, height: 8))
            chart.draw(into: &buffer, in: buffer.bounds)
            let roles = Set(buffer.cells.filter { (0x2801...0x28FF).contains($0.scalar.value) }.map(\.style.foreground))
            #expect(roles == [.series(focus)])
        }
    }

    @Test func `a dash leaves gaps in what is flat and none in a spike`() {
        var values = Array(repeating: 1.0, count: 120)
        for index in stride(from: 3, to: 120, by: 9) { values[index] = 5 }
        var chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series(values))])
        chart.showsGuides = false
        let bounds = Rect(x: 0, y: 0, width: 60, height: 10)
        var drawn: [Dash: Set<Dot>] = [:]
        for dash in Dash.allCases {
            chart.series[0].dash = dash
            var buffer = CellBuffer(size: bounds.size)
            chart.draw(into: &buffer, in: bounds)
            drawn[dash] = dots(buffer, chart.layout(in: bounds))
        }
        let solid = drawn[.solid] ?? [], top = solid.map(\.row).min() ?? 0
        for dash in [Dash.dashed, .dotted] {
            let dots = drawn[dash] ?? []
            #expect(dots.isStrictSubset(of: solid))
            #expect(solid.filter { $0.row == top }.isSubset(of: dots))
        }
    }

    @Test func `a secondary curve lies under the main one, and its raw dots are faint`() {
        var chart = LineChart(series: [
            ChartSeries(
                label: "train", color: .series2, dash: .dotted, isSecondary: true,
                series: Samples.series(Array(repeating: 1, count: 50))),
            ChartSeries(label: "validation", color: .series1, series: Samples.series(Array(repeating: 1, count: 50))),
        ])
        chart.smoothing = 0.5
        chart.showsGuides = false
        let bounds = Rect(x: 0, y: 0, width: 40, height: 8)
        func colors() -> Set<ColorRole> {
            var buffer = CellBuffer(size: bounds.size)
            chart.draw(into: &buffer, in: bounds)
            let plot = chart.layout(in: bounds).plot
            var roles: Set<ColorRole> = []
            for y in plot.y..<plot.maxY {
                for x in plot.x..<plot.maxX where buffer[x, y].scalar != " " { roles.insert(buffer[x, y].style.foreground) }
            }
            return roles
        }
        #expect(colors() == [.series1])
        chart.series[0].series = Samples.series((0..<50).map { $0.isMultiple(of: 2) ? 3 : 5 })
        #expect(colors().isSuperset(of: [.series1, .series2, .faint]))
    }

    @Test func `a growing curve's axis ends at a round number close by, and never before the curve`() {
        var chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series([1]))])
        chart.hasRoomToGrow = true
        let bounds = Rect(x: 0, y: 0, width: 60, height: 10)
        var ends: Set<Double> = []
        for count in 100..<1000 {
            chart.series[0].series = Samples.series(Array(repeating: 1, count: count))
            let range = chart.layout(in: bounds).xRange
            let last = chart.series[0].series.xExtent(on: .step)?.upperBound ?? 0
            #expect(range.upperBound >= last && range.upperBound <= last + Double(count) / 12)
            ends.insert(range.upperBound)
        }
        #expect(ends.count < 150)
    }

    @Test func `checkpoints close together are thinned, the newest stays`() {
        var chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series(Array(repeating: 1, count: 100)))])
        chart.marks = (0..<100).map { ChartMark(x: Double($0), scalar: "◇", role: .faint, kind: .point(y: nil)) }
        let bounds = Rect(x: 0, y: 0, width: 60, height: 10)
        var buffer = CellBuffer(size: bounds.size)
        chart.draw(into: &buffer, in: bounds)
        let layout = chart.layout(in: bounds)
        let columns = (0..<60).filter { buffer[$0, layout.axisRow ?? 0].scalar == "◇" }
        #expect(columns.last == layout.plot.maxX - 1)
        #expect(zip(columns, columns.dropFirst()).allSatisfy { $1 - $0 >= 8 })
        #expect(columns.count > 3)
    }

    @Test func `the y range zooms around a value and comes back`() {
        let chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series((0..<50).map(Double.init)))])
        let layout = chart.layout(in: Rect(x: 0, y: 0, width: 60, height: 10))
        let zoomed = layout.yRange(zoomedBy: 0.5, around: 10)
        #expect(zoomed.contains(10))
        #expect(abs((zoomed.upperBound - zoomed.lowerBound) / (layout.yRange.upperBound - layout.yRange.lowerBound) - 0.5) < 1e-9)
        let same = layout.yRange(zoomedBy: 1, around: 10)
        #expect(abs(same.lowerBound - layout.yRange.lowerBound) < 1e-9)
    }

    @Test func `drawing twice draws the same`() {
        let chart = busyChart(Samples.noisy(300, seed: 5, spikes: 3), .linear, .braille, .step)
        var one = CellBuffer(size: Size(width: 70, height: 16)), two = one
        chart.draw(into: &one, in: one.bounds)
        chart.draw(into: &two, in: two.bounds)
        #expect(one == two)
    }
}
