import CheckedNumbers

/// Turns a series into dots. Per dot column the first, last, smallest and largest of consecutive samples are kept, which sets
/// exactly the dots that drawing every segment would; or only their mean, where a band says the rest.
struct CurveRaster {
    let layout: ChartLayout
    let dash: Dash
    let owner: Int
    /// Whether the samples of a dot column are drawn as their mean.
    let drawsMeans: Bool
    /// Cell columns where the curve leaves through the top and the bottom.
    private(set) var leavesTop: [Int] = []
    private(set) var leavesBottom: [Int] = []
    private var wasAbove = false
    private var wasBelow = false

    /// The rows from which a longer span is drawn even where a dash has its gap.
    private static let tall = 3

    init(layout: ChartLayout, dash: Dash, owner: Int, drawsMeans: Bool = false) {
        self.layout = layout
        self.dash = dash
        self.owner = owner
        self.drawsMeans = drawsMeans
    }

    /// Draws values that belong to the x values of `series`.
    mutating func draw(_ curve: some CurveValues, of series: Series, on axis: XAxis, into canvas: inout DotCanvas) {
        var previous: Dot?
        for group in SampleColumns(series, on: axis, layout) {
            guard let column = group.column else {
                previous = nil
                continue
            }
            if drawsMeans {
                previous = drawMean(group.samples, curve, column: column, previous: previous, into: &canvas)
            } else {
                drawGroup(group.samples, curve, column: column, previous: previous, into: &canvas)
                previous = dot(curve.value(at: group.samples.upperBound - 1), column: column)
            }
        }
    }

    /// A sample's place; the row may lie outside the plot.
    private struct Dot {
        var column: Double
        var row: Double
    }

    private func dot(_ value: Double, column: Double) -> Dot? {
        row(value).map { Dot(column: column, row: $0) }
    }

    private func row(_ value: Double) -> Double? { layout.place(forY: value)?.rounded() }

    /// - Returns: the dot of the group's mean.
    private mutating func drawMean(
        _ group: Range<Int>, _ curve: some CurveValues, column: Double, previous: Dot?, into canvas: inout DotCanvas
    ) -> Dot? {
        guard let dot = dot(group.count == 1 ? curve.value(at: group.lowerBound) : curve.mean(group), column: column) else {
            return nil
        }
        if let previous { line(from: previous, to: dot, into: &canvas) }
        guard column >= 0, column < Double(layout.dotColumns) else { return dot }
        span(Int(nearestWithin: column), top: dot.row, bottom: dot.row, isJoined: previous != nil, into: &canvas)
        return dot
    }

    private mutating func drawGroup(
        _ group: Range<Int>, _ curve: some CurveValues, column: Double, previous: Dot?, into canvas: inout DotCanvas
    ) {
        let first = dot(curve.value(at: group.lowerBound), column: column)
        var isJoined = false
        if let previous, let first {
            line(from: previous, to: first, into: &canvas)
            isJoined = true
        }
        guard column >= 0, column < Double(layout.dotColumns) else { return }
        if group.count >= curve.denseCount {
            let extremes = curve.extremes(group)
            let least = layout.projection.scale == .log ? extremes.minimumPositive : extremes.minimum
            if let top = row(extremes.maximum), let bottom = row(least) {
                span(Int(nearestWithin: column), top: top, bottom: bottom, isJoined: isJoined, into: &canvas)
            }
            return
        }
        var top = Double.infinity, bottom = -Double.infinity
        for index in group {
            if let row = row(curve.value(at: index)) {
                top = min(top, row)
                bottom = max(bottom, row)
            } else if top <= bottom {
                span(Int(nearestWithin: column), top: top, bottom: bottom, isJoined: isJoined, into: &canvas)
                (top, bottom, isJoined) = (.infinity, -.infinity, false)
            }
        }
        if top <= bottom { span(Int(nearestWithin: column), top: top, bottom: bottom, isJoined: isJoined, into: &canvas) }
    }

    private mutating func span(_ column: Int, top: Double, bottom: Double, isJoined: Bool, into canvas: inout DotCanvas) {
        let last = Double(layout.dotRows - 1)
        let isAbove = top < 0, isBelow = bottom > last
        if isAbove, !wasAbove { leavesTop.append(column / layout.cell.columns) }
        if isBelow, !wasBelow { leavesBottom.append(column / layout.cell.columns) }
        (wasAbove, wasBelow) = (isAbove, isBelow)
        guard bottom >= 0, top <= last else { return }
        if isJoined, bottom - top < Double(Self.tall), dash.hides(column: column, cell: layout.cell) { return }
        let first = Int(roundedDownWithin: max(top, 0)), end = Int(roundedDownWithin: min(bottom, last))
        guard dash == .dotted else { return canvas.span(column: column, from: first, to: end, owner: owner) }
        for row in first...end where row == first || row == end || !dash.hides(row: row, column: column) {
            canvas.set(column: column, row: row, owner: owner)
        }
    }

    /// One dot per column of a flat line, one per row of a steep one; only the part within the plot is walked.
    private func line(from start: Dot, to end: Dot, into canvas: inout DotCanvas) {
        let width = end.column - start.column, height = end.row - start.row
        if abs(width) >= abs(height) {
            let left = max(0, min(start.column, end.column)),
                right = min(Double(canvas.columns - 1), max(start.column, end.column))
            guard left <= right else { return }
            for column in Int(roundedDownWithin: left)...Int(roundedDownWithin: right)
            where !dash.hides(column: column, cell: layout.cell) {
                let share = width == 0 ? 0 : (Double(column) - start.column) / width
                let row = (start.row + share * height).rounded()
                if row >= 0, row < Double(canvas.rows) { canvas.set(column: column, row: Int(nearestWithin: row), owner: owner) }
            }
        } else {
            let top = max(0, min(start.row, end.row)), bottom = min(Double(canvas.rows - 1), max(start.row, end.row))
            guard top <= bottom else { return }
            let isTall = abs(height) >= Double(Self.tall)
            let first = Int(roundedDownWithin: top), last = Int(roundedDownWithin: bottom)
            for row in first...last {
                let column = start.column + (Double(row) - start.row) / height * width
                guard let column = Int(nearest: column), column >= 0, column < canvas.columns else { continue }
                if isTall {
                    if row != first, row != last, dash.hides(row: row, column: column) { continue }
                } else if dash.hides(column: column, cell: layout.cell) {
                    continue
                }
                canvas.set(column: column, row: row, owner: owner)
            }
        }
    }
}
