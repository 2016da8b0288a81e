import CheckedNumbers

/// How many values lie in each of some bins of equal width: bars that stand on zero over an axis of values, with the quartiles
/// marked and a cursor on a bin.
public struct Histogram: Hashable, Sendable {
    /// A value that is marked on the axis.
    public struct Mark: Hashable, Sendable {
        public var value: Double
        public var glyph: Unicode.Scalar

        public init(_ value: Double, _ glyph: Unicode.Scalar) {
            self.value = value
            self.glyph = glyph
        }
    }

    /// Of each bin, from the least values to the largest.
    public var counts: [Int]
    /// The least and the largest value.
    public var range: ClosedRange<Double>
    public var marks: [Mark]
    /// The bin under the cursor.
    public var cursor: Int?
    /// What the edges of the bins are called, one more than there are bins, where their numbers say nothing, as those of dates do.
    public var edgeNames: [String] = []

    /// - Range: a range that is not finite is drawn without an axis of values.
    public init(counts: [Int], range: ClosedRange<Double>, marks: [Mark] = [], cursor: Int? = nil) {
        self.counts = counts
        self.range = range
        self.marks = marks
        self.cursor = cursor.map { min(max(0, $0), max(0, counts.count - 1)) }
    }

    public var total: Int { counts.reduce(0, +) }

    /// From where to where a bin reaches.
    public func edges(ofBin index: Int) -> ClosedRange<Double> {
        let low = edge(index)
        return low...max(low, index + 1 == counts.count ? range.upperBound : edge(index + 1))
    }

    private func edge(_ index: Int) -> Double {
        guard !counts.isEmpty else { return range.lowerBound }
        // Weighed, since the difference of two numbers may be too large to be one.
        let share = Double(index) / Double(counts.count)
        return range.lowerBound * (1 - share) + range.upperBound * share
    }

    /// Where a value lies between the least and the largest, from 0 to 1; nil where there is no axis.
    func share(of value: Double) -> Double? {
        guard value.isFinite, range.lowerBound.isFinite, range.upperBound.isFinite else { return nil }
        let width = range.upperBound / 2 - range.lowerBound / 2
        return width > 0 ? min(max(0, (value / 2 - range.lowerBound / 2) / width), 1) : 0.5
    }
}

extension Histogram {
    /// Where the parts of it stand.
    struct Layout {
        var plot, rect: Rect
        /// Rows of the axis and of its labels.
        var axis: Int?
        var labels: Int?
        /// Column of the axis at the left.
        var side: Int?
        /// What the full height of the plot counts.
        var most: Double
        var yTicks: [ChartTick]
        var xTicks: [ChartTick]
        /// Bins that a bar stands for.
        var perBar: Int
        var bars: Int

        func columns(ofBar bar: Int) -> Range<Int> {
            let first = plot.x + bar * plot.width / bars, end = plot.x + (bar + 1) * plot.width / bars
            // Wide bars stand apart, so that each can be told from the next.
            return first..<max(first + 1, plot.width >= 3 * bars ? end - 1 : end)
        }
    }

    func layout(in rect: Rect) -> Layout {
        let most = Double(max(1, counts.max() ?? 1))
        let rows = rect.height >= 4 ? 2 : 0
        let height = rect.height - rows
        let step = max(1, Ticks.niceStep(atLeast: most * 2.5 / Double(max(1, height))))
        var values = height >= 2 && rect.width >= 20 ? Ticks.multiples(of: step, in: 0...most).filter { $0 > 0 } : []
        // On few rows the most there is tells how high they are.
        if values.isEmpty, height >= 2, rect.width >= 20 { values = [most] }
        let labels = values.map { NumberFormat.compact($0) }
        let side = labels.isEmpty ? 0 : (labels.map(\.count).max() ?? 0) + 1
        var plot = Rect(x: rect.x + side, y: rect.y, width: rect.width - side, height: height)
        let perBar = max(1, (counts.count + max(1, plot.width) - 1) / max(1, plot.width))
        let bars = max(1, (counts.count + perBar - 1) / perBar)
        // Bars of one width, where they are wide enough to tell.
        if plot.width >= 3 * bars { plot = Rect(x: plot.x, y: plot.y, width: plot.width / bars * bars, height: height) }
        let yTicks = zip(values, labels).map { value, label in
            let row = Int(nearestWithin: value / most * Double(max(0, plot.height)))
            return ChartTick(value: value, cell: max(plot.y, plot.maxY - max(1, row)), label: label)
        }
        return Layout(
            plot: plot, rect: rect, axis: rows > 0 ? plot.maxY : nil, labels: rows > 0 ? plot.maxY + 1 : nil,
            side: side > 0 ? plot.x - 1 : nil, most: most, yTicks: yTicks,
            xTicks: edgeNames.isEmpty ? valueTicks(plot) : edgeTicks(plot),
            perBar: perBar, bars: bars)
    }

    private func valueTicks(_ plot: Rect) -> [ChartTick] {
        guard plot.width >= 8, share(of: range.lowerBound) != nil else { return [] }
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else {
            return [
                ChartTick(
                    value: range.lowerBound, cell: plot.x + plot.width / 2, label: NumberFormat.significant(range.lowerBound))
            ]
        }
        // Room for the longest label decides how many there are.
        for every in [10, 14, 20, 30] {
            let step = Ticks.niceStep(atLeast: span * Double(every) / Double(plot.width))
            let ticks = Ticks.multiples(of: step, in: range).compactMap { value in
                share(of: value).map { share in
                    ChartTick(
                        value: value, cell: plot.x + min(plot.width - 1, Int(roundedDownWithin: share * Double(plot.width))),
                        label: NumberFormat.tick(value, step: step))
                }
            }
            if ticks.count > 1, (ticks.map(\.label.count).max() ?? 0) + 2 <= every { return ticks }
        }
        // Where no round numbers fit, the ends.
        return [(range.lowerBound, plot.x), (range.upperBound, plot.maxX - 1)].map { value, cell in
            ChartTick(value: value, cell: cell, label: NumberFormat.significant(value, digits: 3))
        }
    }

    /// Some of the edges, as many as have room for their names.
    private func edgeTicks(_ plot: Rect) -> [ChartTick] {
        guard plot.width >= 8, edgeNames.count == counts.count + 1 else { return [] }
        let widest = edgeNames.map { TextWidth.of($0) }.max() ?? 1
        let every = max(1, (counts.count * (widest + 3) + plot.width - 1) / plot.width)
        return stride(from: 0, through: counts.count, by: every).map { index in
            ChartTick(
                value: edge(index), cell: plot.x + min(plot.width - 1, index * plot.width / max(1, counts.count)),
                label: edgeNames[index])
        }
    }

    private static let eighths: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Draws it: bars, axes with their numbers, marks, and the cursor.
    /// - Parameter role: the bars' colour.
    public func draw(into buffer: inout CellBuffer, in rect: Rect, role: ColorRole = .accent) {
        guard !rect.isEmpty, !counts.isEmpty else { return }
        let layout = layout(in: rect), plot = layout.plot
        if let side = layout.side {
            for y in plot.y..<plot.maxY { buffer[side, y] = Cell("│", Style(.border)) }
            for tick in layout.yTicks {
                for x in plot.x..<plot.maxX { buffer[x, tick.cell] = Cell("┈", Style(.faint)) }
                buffer[side, tick.cell] = Cell("┤", Style(.border))
                buffer.write(tick.label, x: side - TextWidth.of(tick.label), y: tick.cell, Style(.muted), clip: rect)
            }
        }
        for bar in 0..<layout.bars { draw(bar, layout, role, into: &buffer) }
        drawAxis(layout, into: &buffer)
    }

    private func draw(_ bar: Int, _ layout: Layout, _ role: ColorRole, into buffer: inout CellBuffer) {
        let bins = (bar * layout.perBar)..<min(counts.count, (bar + 1) * layout.perBar)
        let count = bins.reduce(0) { max($0, counts[$1]) }
        let plot = layout.plot, isChosen = cursor.map(bins.contains) ?? false
        // The least there is shows.
        let eighths = count == 0 ? 0 : max(1, Int(nearestWithin: Double(count) / layout.most * Double(plot.height * 8)))
        let style = isChosen ? Style(.mark, on: .background, .bold) : Style(role)
        for x in layout.columns(ofBar: bar) {
            for row in 0..<plot.height {
                let filled = min(8, eighths - row * 8)
                guard filled > 0 else { break }
                buffer[x, plot.maxY - 1 - row] = Cell(Self.eighths[filled - 1], style)
            }
        }
    }

    private func drawAxis(_ layout: Layout, into buffer: inout CellBuffer) {
        guard let axis = layout.axis, let labels = layout.labels else { return }
        let plot = layout.plot
        for x in (layout.side ?? plot.x)..<plot.maxX { buffer[x, axis] = Cell("─", Style(.border)) }
        if let side = layout.side { buffer[side, axis] = Cell("└", Style(.border)) }
        var free = layout.rect.x
        for tick in layout.xTicks {
            buffer[tick.cell, axis] = Cell("┬", Style(.border))
            let width = TextWidth.of(tick.label)
            let start = min(max(free, tick.cell - width / 2), layout.rect.maxX - width)
            guard start >= free else { continue }
            buffer.write(tick.label, x: start, y: labels, Style(.muted), clip: layout.rect)
            free = start + width + 1
        }
        for mark in marks {
            guard let share = share(of: mark.value) else { continue }
            let x = plot.x + min(plot.width - 1, Int(roundedDownWithin: share * Double(plot.width)))
            buffer[x, axis] = Cell(mark.glyph, Style(.title, on: .background, .bold))
        }
        if let cursor {
            let columns = layout.columns(ofBar: min(layout.bars - 1, cursor / layout.perBar))
            for x in columns where buffer[x, axis].style.foreground != .title { buffer[x, axis] = Cell("━", Style(.mark)) }
        }
    }

    /// The bin at a cell of where it is drawn; nil beside the bars.
    public func bin(atX x: Int, y: Int, in rect: Rect) -> Int? {
        let layout = layout(in: rect)
        guard !counts.isEmpty, x >= layout.plot.x, x < layout.plot.maxX, rect.contains(x: x, y: y) else { return nil }
        let bar = (0..<layout.bars).last { layout.columns(ofBar: $0).lowerBound <= x } ?? 0
        return min(counts.count - 1, bar * layout.perBar)
    }
}
