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

    /// Every value lies on the curve's line or on its band, and the band goes no further than a cell beyond the values.
    private func expectBand(_ values: [Double], _ chart: LineChart, _ layout: ChartLayout, _ buffer: CellBuffer) {
        let plot = layout.plot
        func cell(_ value: Double) -> Int? {
            layout.row(forY: value).map { plot.y + $0 / layout.cell.rows }
        }
        var reached = Array(repeating: Set<Int>(), count: plot.width)
        for (index, value) in values.enumerated() {
            guard let y = cell(value), let column = layout.column(forX: Double(index)) else { continue }
            reached[column / layout.cell.columns].insert(y)
        }
        for x in 0..<plot.width {
            // What is thinner than a cell is the line.
            guard let top = reached[x].min(), let bottom = reached[x].max(), bottom - top > 1 else { continue }
            for y in plot.y..<plot.maxY {
                let here = buffer[plot.x + x, y], isShaded = here.style.background == .band || here.style.foreground == .band
                let isInside = y >= top && y <= bottom
                if isInside { #expect(isShaded || here.scalar.value > 0x2800, "\(x), \(y)") }
                // The edge is finer than dots are.
                let isEdge = y == top - 1 || y == bottom + 1
                if !isInside { #expect(!isShaded || isEdge && here.scalar != " ", "\(x), \(y)") }
            }
        }
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
                if count > 2 * layout.dotColumns, viewport.follows {
                    expectBand(values, chart, layout, buffer)
                    continue
                }
                let hasGaps = scale == .log && values.contains { $0 <= 0 }
                guard layout.xRange.upperBound - layout.xRange.lowerBound <= Double(2 * layout.dotColumns) || viewport.follows
                else {
                    continue
                }
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

    @Test func `each stretch of bad values is marked at its place, and infinities by their direction`() {
        var values = Array(repeating: 1.0, count: 40_000)
        for index in [5000, 5001, 5002, 20_000, 35_000] { values[index] = .nan }
        values[10_000] = -.infinity
        values[30_000] = .infinity
        var buffer = CellBuffer(size: Size(width: 50, height: 8))
        let chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series(values))])
        chart.draw(into: &buffer, in: buffer.bounds)
        let layout = chart.layout(in: buffer.bounds)
        let cell = { (x: Double) in layout.plot.x + (layout.column(forX: x) ?? 0) / 2 }
        let marked = (0..<50).filter { buffer[$0, layout.axisRow ?? 0].scalar == "×" }
        #expect(marked == [5000, 10_000, 20_000, 30_000, 35_000].map { cell($0) })
        #expect(buffer[cell(10_000), layout.plot.maxY - 1].scalar == "↓")
        #expect(buffer[cell(30_000), layout.plot.y].scalar == "↑")
    }

    @Test func `letters stand in the order of the values at the ends of their lines, whoever is focused`() {
        for focus in 0..<5 {
            let curves = [2.0, 2.001, 1.999, 2.3, 1.2].enumerated().map { index, end in
                ChartSeries(
                    label: "\(index)", badge: Character(Unicode.Scalar(UInt8(65 + index))), color: .series(index),
                    isFocused: index == focus, series: Samples.series([3, 2.5, end]))
            }
            var buffer = CellBuffer(size: Size(width: 40, height: 12))
            LineChart(series: curves).draw(into: &buffer, in: buffer.bounds)
            let letters = (0..<12).compactMap { y in
                (30..<40).map { buffer[$0, y].scalar }.first { ("A"..."E").contains($0) }
            }
            #expect(String(String.UnicodeScalarView(letters)) == "DBACE", "\(focus)")
            // The three that end in one place are joined to it.
            let bracket = (0..<12).map { buffer[38, $0].scalar }.filter { "╭├┼┤╰┬┴".unicodeScalars.contains($0) }
            #expect(bracket.count >= 3)
        }
    }

    @Test func `letters that do not fit leave those of the curves in front`() {
        let curves = (0..<9).map { index in
            ChartSeries(
                label: "", badge: Character(Unicode.Scalar(UInt8(65 + index))), isFocused: index == 8,
                series: Samples.series([3, 2, 1 + Double(index) * 0.0001]))
        }
        var buffer = CellBuffer(size: Size(width: 40, height: 6))
        LineChart(series: curves).draw(into: &buffer, in: buffer.bounds)
        let text = buffer.textPlane.joined()
        #expect(text.contains("I") && text.contains("A") && !text.contains("H"))
    }

    @Test func `no mark, label or letter stands on another`() {
        var chart = LineChart(series: [
            ChartSeries(label: "a", badge: "A", series: Samples.series(Array(repeating: 1, count: 30) + [5]))
        ])
        chart.marks =
            (0..<6).map { ChartMark(x: 10 + Double($0), scalar: "▲", role: .bad, label: "Overfit\($0)", kind: .point(y: 1)) }
            + [
                ChartMark(x: 12, scalar: "◆", role: .good, label: "best", kind: .point(y: 1)),
                ChartMark(x: 14, scalar: "┆", role: .accent, label: "lr = 0.1", kind: .line),
                ChartMark(x: 15, scalar: "┆", role: .accent, label: "lr = 0.2", kind: .line),
                ChartMark(x: 30, scalar: "◆", role: .good, label: "end", kind: .point(y: 5)),
            ]
        for width in stride(from: 20, through: 100, by: 7) {
            var buffer = CellBuffer(size: Size(width: width, height: 14))
            chart.draw(into: &buffer, in: buffer.bounds)
            let text = buffer.textPlane.joined(separator: "\n")
            // A label is there whole or not at all, and the mark of a label that is there is there, too.
            for word in ["Overfit", "best", "end", "lr = 0."] {
                for length in 2..<word.count where !text.contains(word) { #expect(!text.contains(word.prefix(length + 1))) }
            }
            if text.contains("best") { #expect(text.contains("◆")) }
            #expect(text.contains("A"))
        }
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

    @Test func `of curves that run along together each is seen, the focused one most`() {
        let same = Samples.series([1, 2, 3, 2, 1])
        var chart = LineChart(series: [
            ChartSeries(label: "a", color: .series1, series: same), ChartSeries(label: "b", color: .series2, series: same),
        ])
        for focus in 0..<2 {
            chart.series[0].isFocused = focus == 0
            chart.series[1].isFocused = focus == 1
            var buffer = CellBuffer(size: Size(width: 30, height: 8))
            chart.draw(into: &buffer, in: buffer.bounds)
            let roles = buffer.cells.filter { (0x2801...0x28FF).contains($0.scalar.value) }.map(\.style.foreground)
            let own = roles.filter { $0 == .series(focus) }.count, other = roles.filter { $0 == .series(1 - focus) }.count
            #expect(own + other == roles.count)
            #expect(other * 4 > roles.count && own > other)
        }
    }

    @Test func `however many curves run along together, with training under them, each has its turn and the line no gap`() {
        let same = Samples.series((0..<60).map { 1 + Double($0) / 100 })
        var chart = LineChart(
            series: (0..<3).map { ChartSeries(label: "", color: .series($0), isFocused: $0 == 0, series: same) }
                + [ChartSeries(label: "", color: .series4, dash: .dotted, isSecondary: true, series: same)])
        chart.showsGuides = false
        var buffer = CellBuffer(size: Size(width: 60, height: 12)), alone = buffer
        chart.draw(into: &buffer, in: buffer.bounds)
        let roles = buffer.cells.filter { (0x2801...0x28FF).contains($0.scalar.value) }.map(\.style.foreground)
        for index in 0..<4 { #expect(roles.contains(.series(index))) }
        chart.series.removeLast(3)
        chart.draw(into: &alone, in: alone.bounds)
        #expect(dots(buffer, chart.layout(in: buffer.bounds)) == dots(alone, chart.layout(in: alone.bounds)))
    }

    @Test func `where curves cross the focused one is on top, and no dot of the other is lost`() {
        var chart = LineChart(series: [
            ChartSeries(label: "a", color: .series1, series: Samples.series((0..<60).map(Double.init))),
            ChartSeries(label: "b", color: .series2, isFocused: true, series: Samples.series((0..<60).map { 59 - Double($0) })),
        ])
        chart.showsGuides = false
        let bounds = Rect(x: 0, y: 0, width: 40, height: 20)
        func drawn(_ chart: LineChart) -> Set<Dot> {
            var buffer = CellBuffer(size: bounds.size)
            chart.draw(into: &buffer, in: bounds)
            return dots(buffer, chart.layout(in: bounds))
        }
        var first = chart, second = chart
        first.series.remove(at: 1)
        second.series.remove(at: 0)
        #expect(drawn(chart) == drawn(first).union(drawn(second)))
    }

    @Test func `without colours curves that run along together say so by their letters`() {
        let same = Samples.series((0..<40).map(Double.init))
        var chart = LineChart(series: [
            ChartSeries(label: "a", badge: "P", series: same), ChartSeries(label: "b", badge: "Q", series: same),
        ])
        chart.isColorless = true
        var buffer = CellBuffer(size: Size(width: 60, height: 12))
        chart.draw(into: &buffer, in: buffer.bounds)
        for letter in "PQ".unicodeScalars { #expect(buffer.cells.filter { $0.scalar == letter }.count > 1) }
    }

    @Test(arguments: [0.0, 0.6]) func `many noisy values are a quiet band with a clear line, and a spike is seen`(
        _ smoothing: Double
    ) {
        var values = Samples.noisy(100_000, seed: 12)
        values[60_000] = 9
        var chart = LineChart(series: [ChartSeries(label: "a", badge: "A", color: .series1, series: Samples.series(values))])
        chart.smoothing = smoothing
        var buffer = CellBuffer(size: Size(width: 80, height: 24))
        chart.draw(into: &buffer, in: buffer.bounds)
        let layout = chart.layout(in: buffer.bounds), plot = layout.plot
        // The line: connected, never thicker than two cells but where it falls at the beginning.
        for x in plot.x + 8..<plot.maxX {
            let line = (plot.y..<plot.maxY).filter {
                buffer[x, $0].style == Style(.series1, on: .band) || buffer[x, $0].style == Style(.series1)
            }
            #expect(!line.isEmpty && line.count <= 2, "\(x)")
        }
        // The spike: its own dots up to the row of its value.
        let x = plot.x + (layout.column(forX: 60_000) ?? 0) / 2, y = plot.y + (layout.row(forY: 9) ?? 0) / 4
        #expect(buffer[x, y].style.foreground == .series1 && buffer[x, y].style.attributes == .dim)
        #expect((0x2801...0x28FF).contains(buffer[x, y].scalar.value))
        #expect(buffer[x, (y + plot.maxY) / 2].style.background == .band)
        // The guides stay to be seen.
        #expect(layout.yTicks.allSatisfy { tick in (plot.x..<plot.maxX).contains { buffer[$0, tick.cell].scalar == "┈" } })
    }

    @Test func `a curve that is one line keeps every point of it, also where it rises at one place`() {
        // As ROC does: from (0, 0) straight up to 0.9, then to the right.
        let points =
            (0..<2000).map { SeriesPoint(step: 0, epoch: 0, time: 0, value: Double($0) / 2222) }
            + (0..<2000).map { SeriesPoint(step: Double($0) / 2000, epoch: 0, time: 0, value: 0.9) }
        var chart = LineChart(series: [ChartSeries(label: "a", color: .series1, series: Series(points))])
        chart.drawsEveryPoint = true
        var buffer = CellBuffer(size: Size(width: 40, height: 12))
        chart.draw(into: &buffer, in: buffer.bounds)
        let plot = chart.layout(in: buffer.bounds).plot
        #expect((plot.y + 1..<plot.maxY).allSatisfy { buffer[plot.x, $0].style == Style(.series1) })
        #expect(buffer.cells.allSatisfy { $0.style.background == .background })
    }

    @Test func `bands over each other are darker, and strewn dots where there is no tint`() {
        let curves = [Samples.noisy(5000, seed: 1), Samples.noisy(5000, seed: 2)].map { Samples.series($0) }
        var chart = LineChart(
            series: curves.enumerated().map { ChartSeries(label: "", color: .series($0.offset), series: $0.element) })
        func backgrounds() -> Set<ColorRole> {
            var buffer = CellBuffer(size: Size(width: 60, height: 14))
            chart.draw(into: &buffer, in: buffer.bounds)
            return Set(buffer.cells.map(\.style.background))
        }
        #expect(backgrounds().contains(.bandShared))
        chart.bands = .dots
        #expect(backgrounds() == [.background])
        for glyphs in GlyphSet.allCases {
            chart.glyphs = glyphs
            var buffer = CellBuffer(size: Size(width: 60, height: 14))
            chart.draw(into: &buffer, in: buffer.bounds)
            let strewn = buffer.cells.filter { $0.style.attributes.contains(.dim) }
            #expect(strewn.count > 3)
            // Thin enough for a line to be seen on it: but for spikes no cell has more than a dot.
            if glyphs == .braille {
                #expect(strewn.count { ($0.scalar.value & 0xFF).nonzeroBitCount == 1 } > strewn.count / 2)
            }
            if glyphs == .ascii { #expect(buffer.cells.allSatisfy { $0.scalar.isASCII }) }
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

    @Test func `a secondary curve lies under the main one, shows in its turn, and its raw dots are faint`() {
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
        // It is seen in its turn.
        #expect(colors() == [.series1, .series2])
        chart.series[0].series = Samples.series((0..<50).map { $0.isMultiple(of: 2) ? 3 : 5 })
        #expect(colors().isSuperset(of: [.series1, .series2, .faint]))
    }

    @Test func `a growing curve's axes end close by, never before the curve, and seldom move`() {
        var chart = LineChart(series: [ChartSeries(label: "a", series: Samples.series([1]))])
        chart.hasRoomToGrow = true
        let bounds = Rect(x: 0, y: 0, width: 60, height: 10)
        var ends: Set<Double> = []
        for count in 100..<1000 {
            chart.series[0].series = Samples.series(Array(repeating: 1, count: count))
            let range = chart.layout(in: bounds).xRange
            let last = chart.series[0].series.xExtent(on: .step)?.upperBound ?? 0
            #expect(range.upperBound >= last && range.upperBound <= last * 1.34)
            ends.insert(range.upperBound)
        }
        #expect(ends.count < 14)
        var spans: Set<ClosedRange<Double>> = []
        for count in 100..<1000 {
            chart.series[0].series = Samples.series((0..<count).map { 2 / (1 + Double($0) / 100) })
            let span = chart.layout(in: bounds).yRange
            #expect(span.lowerBound <= 2 / (1 + Double(count - 1) / 100) && span.upperBound >= 2)
            spans.insert(span)
        }
        #expect(spans.count < 14)
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
