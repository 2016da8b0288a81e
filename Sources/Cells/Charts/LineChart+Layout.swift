import CheckedNumbers

extension LineChart {
    /// Where everything stands when the chart is drawn in `rect`.
    public func layout(in rect: Rect) -> ChartLayout {
        var layout = ChartLayout()
        layout.cell = DotCell(glyphs: glyphs)
        layout.xRange = visibleX()
        fitY(&layout, columns: rect.width * layout.cell.columns)
        arrange(&layout, in: rect)
        return layout
    }

    // MARK: - Ranges

    private func visibleX() -> ClosedRange<Double> {
        if let x = viewport.x, x.lowerBound.isFinite, x.upperBound.isFinite, x.upperBound > x.lowerBound {
            return limited(x)
        }
        var lower = Double.infinity, upper = -Double.infinity
        for curve in series {
            guard let extent = curve.series.xExtent(on: xAxis) else { continue }
            lower = min(lower, extent.lowerBound)
            upper = max(upper, extent.upperBound)
        }
        guard lower <= upper else { return 0...1 }
        let range = limited(lower...upper)
        // One x only: a unit's room to its right, which the curve will grow into.
        let least = max(1, abs(range.lowerBound) * 1e-9)
        guard range.upperBound > range.lowerBound else { return range.lowerBound...(range.lowerBound + least) }
        return hasRoomToGrow ? rounded(range) : range
    }

    /// The range made as wide as the next of a few round widths: the curve grows into that room, and every cell of it stays as it is
    /// until the room is used up.
    private func rounded(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        let width = range.upperBound - range.lowerBound
        guard width > 1e-290, width < 1e290 else { return range }
        let power = log10Floor(width)
        let widths = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12].map { Ticks.scaled($0, power) }
        return range.lowerBound...(range.lowerBound + (widths.first { $0 >= width * (1 - 1e-9) } ?? width))
    }

    private func limited(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        min(max(range.lowerBound, -chartLimit), chartLimit)...min(max(range.upperBound, -chartLimit), chartLimit)
    }

    private func fitY(_ layout: inout ChartLayout, columns: Int) {
        let all = extremes(yFit == .whole ? wholeX : layout.xRange, columns: columns)
        layout.projection = Projection(scale: yScale)
        if yScale == .symlog {
            let size = max(abs(all.isEmpty ? 1 : all.minimum), abs(all.isEmpty ? 1 : all.maximum))
            layout.projection.threshold = Ticks.scaled(1, max(-290, log10Floor(min(size, chartLimit)) - 2))
        }
        if let y = viewport.y, let lower = layout.projection.project(y.lowerBound),
            let upper = layout.projection.project(y.upperBound), upper > lower
        {
            layout.span = lower...upper
        } else {
            layout.span = automaticSpan(all, layout)
        }
        let lower = layout.projection.value(at: layout.span.lowerBound)
        let upper = layout.projection.value(at: layout.span.upperBound)
        layout.yRange = lower <= upper ? lower...upper : 0...1
    }

    private func automaticSpan(_ all: MinMaxPyramid.Extremes, _ layout: ChartLayout) -> ClosedRange<Double> {
        var low = all.minimum, high = all.maximum
        if yScale == .log { low = all.minimumPositive }
        if yFit == .robust,
            let robust = Self.robustRange(of: series.flatMap { sample(of: $0, layout.xRange) }, cut: 0.01)
        {
            (low, high) = (robust.lowerBound, robust.upperBound)
        }
        guard low <= high, let lower = layout.projection.project(low), let upper = layout.projection.project(high) else {
            return yScale == .log ? -1...0 : 0...1
        }
        let height = upper - lower
        guard height > max(abs(lower), abs(upper)) * 1e-13, height > 1e-290 else {
            let pad = yScale == .linear ? (lower == 0 ? 1 : max(abs(lower) * 0.1, 1e-290)) : 0.5
            return (lower - pad)...(lower + pad)
        }
        let pad = yScale == .log ? max(height * 0.05, 0.02) : height * 0.05
        // What is never negative has no room below zero.
        let bottom = yScale == .linear && low >= 0 ? max(0, lower - pad) : lower - pad
        return hasRoomToGrow ? steady(bottom...(upper + pad), touchesZero: bottom == 0) : bottom...(upper + pad)
    }

    /// The range out to the next of about a dozen round places, so that not every new value moves all of the curves.
    private func steady(_ range: ClosedRange<Double>, touchesZero: Bool) -> ClosedRange<Double> {
        let step = Ticks.niceStep(atLeast: (range.upperBound - range.lowerBound) / 20)
        let lower = (range.lowerBound / step).rounded(.down) * step, upper = (range.upperBound / step).rounded(.up) * step
        guard lower.isFinite, upper.isFinite, lower <= range.lowerBound, upper >= range.upperBound else { return range }
        return (touchesZero ? 0 : lower)...upper
    }

    /// Every x there is.
    private var wholeX: ClosedRange<Double> { -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude }

    /// The extremes of every curve's points in an x range, one more on each side included if the range has too few. Of a
    /// secondary curve, such as the noisy loss of each training step, the outermost fiftieths count only where all is wanted; of
    /// one that is drawn as a band the outermost tenths, and its line.
    private func extremes(_ range: ClosedRange<Double>, columns: Int) -> MinMaxPyramid.Extremes {
        var all = MinMaxPyramid.Extremes()
        let hasMain = series.contains { !$0.isSecondary && !$0.series.indices(of: range, on: xAxis).isEmpty }
        for curve in series {
            let isBand = isDense(curve, in: range, columns: columns)
            let values = curve.isSecondary && hasMain && yFit != .whole ? sample(of: curve, range) : []
            // The further the ranks are from the ends the more each value costs: a quarter of them says as much.
            let few = isBand ? stride(from: 0, to: values.count, by: 4).map { values[$0] } : values
            if let quiet = Self.robustRange(of: few, cut: isBand ? 0.1 : 0.02) {
                all.add(quiet.lowerBound)
                all.add(quiet.upperBound)
                if isBand { for median in Self.medians(of: values) { all.add(median) } }
            } else {
                all.add(curve.series.raw.extremes(curve.series.indices(of: range, on: xAxis)))
            }
            for edge in [curve.band?.lower, curve.band?.upper] {
                if let edge { all.add(edge.raw.extremes(edge.indices(of: range, on: xAxis))) }
            }
        }
        if all.isEmpty {
            for curve in series {
                let indices = curve.series.indices(of: range, on: xAxis)
                all.add(curve.series.raw.extremes((indices.lowerBound - 1)..<(indices.upperBound + 1)))
            }
        }
        return all
    }

    /// Up to 512 of a curve's values in an x range that have a place, evenly taken.
    private func sample(of curve: ChartSeries, _ range: ClosedRange<Double>) -> [Double] {
        let indices = curve.series.indices(of: range, on: xAxis)
        return stride(from: indices.lowerBound, to: indices.upperBound, by: max(1, indices.count / 512))
            .map { curve.series.raw.values[$0] }.filter { $0.isFinite && (yScale != .log || $0 > 0) }
    }

    /// About where the line of some values runs but for its spikes: the medians of 64 stretches of them.
    private static func medians(of values: [Double]) -> [Double] {
        let length = max(1, values.count / 64)
        return stride(from: 0, to: values.count, by: length).map { start in
            let part = values[start..<min(values.count, start + length)].sorted()
            return part[part.count / 2]
        }
    }

    /// The range of some values without a share of them on each side; nil where they are too few.
    private static func robustRange(of values: [Double], cut share: Double) -> ClosedRange<Double>? {
        guard values.count > 20 else { return nil }
        let cut = Int(roundedDownWithin: Double(values.count) * share) + 1
        let lower = value(after: cut, of: values, by: <), upper = value(after: cut, of: values, by: >)
        return lower <= upper ? lower...upper : nil
    }

    /// The value that so many others come before in an order; of the few that come first most values are none, so that this
    /// costs less than putting all in order.
    private static func value(after rank: Int, of values: [Double], by precedes: (Double, Double) -> Bool) -> Double {
        var first: [Double] = []
        for value in values where first.count <= rank || precedes(value, first[rank]) {
            first.insert(value, at: first.firstIndex { precedes(value, $0) } ?? first.count)
            if first.count > rank + 1 { first.removeLast() }
        }
        return first[rank]
    }

    // MARK: - Arrangement

    private func arrange(_ layout: inout ChartLayout, in rect: Rect) {
        let axisRows = rect.height >= 5 ? 2 : rect.height >= 4 ? 1 : 0
        let height = rect.height - axisRows
        if axisRows >= 1 { layout.axisRow = rect.maxY - axisRows }
        if axisRows == 2 { layout.labelRow = rect.maxY - 1 }
        layout.plot = Rect(x: rect.x, y: rect.y, width: rect.width, height: height)
        placeYTicks(&layout)
        let widest = layout.yTicks.map { TextWidth.of($0.label) }.max() ?? 0
        let wanted = max(widest, min(minimumGutter, rect.width / 6), layout.yOffset.map { TextWidth.of($0) } ?? 0)
        if rect.width >= wanted + 10, height >= 2 {
            layout.gutter = wanted
            layout.axisColumn = rect.x + wanted
        } else {
            layout.yTicks = []
            layout.yOffset = nil
        }
        let left = layout.axisColumn.map { $0 + 1 - rect.x } ?? 0
        layout.badgeMargin = series.contains { $0.badge != nil } && rect.width - left >= 16 ? 2 : 0
        layout.plot = Rect(
            x: rect.x + left, y: rect.y, width: rect.width - left - layout.badgeMargin, height: height)
        if layout.labelRow != nil { placeXTicks(&layout, in: rect) }
    }
}

extension LineChart {
    /// Whether, drawn in `rect`, raw values of a curve are so many that they are a band from the least to the greatest.
    public func hasRawBands(in rect: Rect) -> Bool {
        let layout = layout(in: rect)
        return series.contains { !$0.isDimmed && isDense($0, in: layout.xRange, columns: layout.dotColumns) }
    }

    /// Whether a curve has so many points in view that lines from one to the next would only cover the plot: more than two a column of dots.
    func isDense(_ curve: ChartSeries, in range: ClosedRange<Double>, columns: Int) -> Bool {
        guard !drawsEveryPoint, !curve.isScatter, curve.series.ascends(on: xAxis) else { return false }
        return curve.series.indices(of: range, on: xAxis).count > 2 * columns
    }
}

extension Series {
    /// The indices of the points in an x range; all of them if the axis goes back and forth.
    func indices(of range: ClosedRange<Double>, on axis: XAxis) -> Range<Int> {
        guard knows(axis) else { return 0..<0 }
        guard ascends(on: axis) else { return 0..<count }
        let xs = xValues(on: axis)
        let first = Search.firstIndex(in: xs.recorded, notBelow: xs.recorded(range.lowerBound))
        let end = Search.firstIndex(in: xs.recorded, notBelow: xs.recorded(range.upperBound).nextUp, guess: count)
        return first..<max(first, end)
    }
}
