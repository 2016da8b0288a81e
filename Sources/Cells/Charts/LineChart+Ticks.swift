import CheckedNumbers

extension LineChart {
    func placeYTicks(_ layout: inout ChartLayout) {
        let rows = layout.plot.height
        guard rows >= 2 else { return }
        // Steps that are even in value but not all drawn look uneven: rather fewer of them.
        for most in stride(from: max(1, rows / 3), through: 1, by: -1) {
            let (ticks, clashes) = placed(yTickValues(layout, most: most), layout)
            layout.yTicks = ticks
            if !clashes || ticks.count < 3 || yScale != .linear { break }
            // Two are never uneven.
            if most == 1 { layout.yTicks = [ticks[0], ticks[ticks.count - 1]] }
        }
        if layout.yTicks.count < 2 { layout.yTicks = edgeTicks(layout) ?? layout.yTicks }
        guard let longest = layout.yTicks.map(\.label.count).max(), longest > 8, layout.yTicks.count > 1 else { return }
        abbreviate(&layout)
    }

    /// The roundest numbers of the top and the bottom row, where no two of the scale's own have room: one label alone says nothing.
    private func edgeTicks(_ layout: ChartLayout) -> [ChartTick]? {
        guard layout.span.upperBound > layout.span.lowerBound, layout.plot.height >= 3 else { return nil }
        let ticks = [layout.plot.height - 1, 0].compactMap { roundestTick(row: $0, layout) }
        return ticks.count == 2 && ticks[0].label != ticks[1].label ? ticks : nil
    }

    /// The number of fewest digits that lies in a row of cells.
    private func roundestTick(row: Int, _ layout: ChartLayout) -> ChartTick? {
        let middle = (Double(row) + 0.5) * Double(layout.cell.rows) - 0.5
        let share = middle / Double(max(1, layout.dotRows - 1))
        let exact = layout.projection.value(
            at: layout.span.upperBound - share * (layout.span.upperBound - layout.span.lowerBound))
        for digits in 1...8 {
            let power = log10Floor(abs(exact)) - Double(digits - 1)
            let value = Ticks.scaled(Ticks.scaled(exact, -power).rounded(), power)
            if let dot = layout.row(forY: value), dot >= 0, dot < layout.dotRows, dot / layout.cell.rows == row {
                return ChartTick(value: value, cell: layout.plot.y + row, label: NumberFormat.compact(value, digits: digits))
            }
        }
        return nil
    }

    /// Those of the values that have room, and whether others had none.
    private func placed(_ candidates: [(Double, String)], _ layout: ChartLayout) -> (ticks: [ChartTick], clashes: Bool) {
        var ticks: [ChartTick] = [], clashes = false
        for (value, label) in candidates {
            guard let dot = layout.row(forY: value), dot >= 0, dot < layout.dotRows else { continue }
            let row = layout.plot.y + dot / layout.cell.rows
            if ticks.contains(where: { abs($0.cell - row) < 3 || $0.label == label }) {
                clashes = true
            } else {
                ticks.append(ChartTick(value: value, cell: row, label: label))
            }
        }
        return (ticks, clashes)
    }

    /// Long labels that differ only at their end are written as differences from a common offset.
    private func abbreviate(_ layout: inout ChartLayout) {
        guard yScale == .linear, let first = layout.yTicks.map(\.value).min() else { return }
        let values = layout.yTicks.map(\.value).sorted()
        let step = values[1] - values[0]
        guard step > 0, abs(first) / step > 100 else { return }
        let nice = Ticks.niceStep(atLeast: step * 0.99)
        for index in layout.yTicks.indices {
            layout.yTicks[index].label = "+" + NumberFormat.tick(layout.yTicks[index].value - first, step: nice)
        }
        layout.yOffset = NumberFormat.significant(first, digits: 8)
    }

    /// The values that may be labelled, the most deserving first.
    private func yTickValues(_ layout: ChartLayout, most: Int) -> [(Double, String)] {
        let height = layout.span.upperBound - layout.span.lowerBound
        switch yScale {
        case .linear: return linearTicks(layout.yRange, most: most)
        case .log:
            let tiers = Ticks.logarithmic(layout.span)
            guard !tiers.isEmpty else { return linearTicks(layout.yRange, most: most) }
            let tier = tiers.first { $0.count <= most && !$0.isEmpty } ?? tiers.last { !$0.isEmpty } ?? []
            let fine = height < 2 ? tiers.last.map { $0 + tier } ?? tier : tier
            return fine.map { ($0, NumberFormat.compact($0)) }
        case .symlog:
            var values = [0.0]
            let threshold = layout.projection.threshold
            for power in stride(from: 3.0, through: 0, by: -1) {
                let size = Ticks.scaled(1, (log10Floor(threshold) + power))
                values += [size, -size]
            }
            return values.map { ($0, NumberFormat.compact($0)) }
        }
    }

    private func linearTicks(_ range: ClosedRange<Double>, most: Int) -> [(Double, String)] {
        let height = range.upperBound - range.lowerBound
        guard height > 0, height.isFinite else { return [] }
        var step = Ticks.niceStep(atLeast: height / Double(most))
        var values = Ticks.multiples(of: step, in: range)
        // One label alone gives no scale: on a low plot a finer step may have two far enough apart.
        for _ in 0..<2 where values.count < 2 {
            step = Ticks.niceStep(atLeast: step * 0.39)
            values = Ticks.multiples(of: step, in: range)
        }
        return values.map { ($0, NumberFormat.tick($0, step: step)) }
    }

    func placeXTicks(_ layout: inout ChartLayout, in rect: Rect) {
        let width = layout.xRange.upperBound - layout.xRange.lowerBound
        guard layout.plot.width >= 4, width > 0 else { return }
        // A label, and two columns to the next.
        for labelWidth in [6, 8, 10, 14, 20] {
            let most = max(1, layout.plot.width / (labelWidth + 3))
            let ticks = xTicks(layout, atLeast: width / Double(most))
            if ticks.allSatisfy({ $0.label.count <= labelWidth }) || labelWidth == 20 {
                layout.xTicks = spaced(ticks, in: rect)
                if layout.xTicks.count < 2 { layout.xTicks = xEdgeTicks(layout, in: rect) ?? layout.xTicks }
                return
            }
        }
    }

    /// The first and the last x, where no two round numbers have room.
    private func xEdgeTicks(_ layout: ChartLayout, in rect: Rect) -> [ChartTick]? {
        let ends = [(layout.xRange.lowerBound, layout.plot.x), (layout.xRange.upperBound, layout.plot.maxX - 1)]
        let ticks = spaced(ends.map { ChartTick(value: $0.0, cell: $0.1, label: xText($0.0)) }, in: rect)
        return ticks.count == 2 ? ticks : nil
    }

    private func xTicks(_ layout: ChartLayout, atLeast least: Double) -> [ChartTick] {
        let range = layout.xRange
        let offset = xAxis == .wallTime ? Double(utcOffsetSeconds) : 0
        var step = !xAxis.isTime ? Ticks.niceStep(atLeast: least) : Ticks.timeStep(atLeast: least)
        // There is no half step.
        if xAxis == .step { step = max(1, step) }
        let shifted = (range.lowerBound + offset)...(range.upperBound + offset)
        return Ticks.multiples(of: step, in: shifted).compactMap { value in
            guard let column = layout.column(forX: value - offset) else { return nil }
            let cell = layout.plot.x + min(max(column, 0), layout.dotColumns - 1) / layout.cell.columns
            return ChartTick(value: value - offset, cell: cell, label: xLabel(value, step: step))
        }
    }

    private func xLabel(_ value: Double, step: Double) -> String {
        switch xAxis {
        case .step, .epoch, .examples: NumberFormat.tick(value, step: step)
        case .relativeTime: NumberFormat.elapsed(value, step: step)
        case .wallTime:
            step >= 86_400
                ? NumberFormat.grouped(Int(roundedDownWithin: value / 86_400)) + "d"
                : NumberFormat.clock(value, showsSeconds: step < 60)
        }
    }

    /// Ticks whose labels have two columns between them and fit into the rectangle.
    private func spaced(_ ticks: [ChartTick], in rect: Rect) -> [ChartTick] {
        var end = rect.x - 2
        var labels: Set<String> = []
        return ticks.filter { tick in
            let start = LineChart.labelStart(tick, in: rect)
            guard start >= end + 2, start >= rect.x, start + tick.label.count <= rect.maxX else { return false }
            guard labels.insert(tick.label).inserted else { return false }
            end = start + tick.label.count
            return true
        }
    }

    /// The column an x label starts at: centred under its tick, moved in at the edges.
    static func labelStart(_ tick: ChartTick, in rect: Rect) -> Int {
        min(max(tick.cell - tick.label.count / 2, rect.x), rect.maxX - tick.label.count)
    }
}
