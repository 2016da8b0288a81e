import CheckedNumbers

/// Where everything of a chart stands in a rectangle: shared by whoever moves the cursor or zooms and by drawing. Columns of
/// the plot are counted in *dot columns*, of which a cell has one or two, depending on the glyphs.
public struct ChartLayout: Hashable, Sendable {
    /// The cells curves are drawn in.
    public internal(set) var plot = Rect(x: 0, y: 0, width: 0, height: 0)
    /// Width of the y labels left of the plot, without the axis; 0 if they do not fit.
    public internal(set) var gutter = 0
    /// The rows under the plot; nil if they do not fit.
    public internal(set) var axisRow: Int?
    public internal(set) var labelRow: Int?
    /// The column of the y axis; nil if it does not fit.
    public internal(set) var axisColumn: Int?
    /// Columns at the right of the plot kept free for badges.
    public internal(set) var badgeMargin = 0

    public internal(set) var xRange: ClosedRange<Double> = 0...1
    /// The values at the bottom and the top.
    public internal(set) var yRange: ClosedRange<Double> = 0...1
    public internal(set) var xTicks: [ChartTick] = []
    public internal(set) var yTicks: [ChartTick] = []
    /// What is to be added to every y label; nil when the labels say it all.
    public internal(set) var yOffset: String?

    var projection = Projection(scale: .linear)
    /// `yRange` on the scale's line.
    var span: ClosedRange<Double> = 0...1
    var cell = DotCell(glyphs: .braille)

    /// How many dot columns the plot has.
    public var dotColumns: Int { plot.width * cell.columns }
    public var dotRows: Int { plot.height * cell.rows }

    /// The x at the middle of a dot column; columns outside the plot count on.
    public func xValue(atColumn column: Int) -> Double {
        guard dotColumns > 1 else { return xRange.lowerBound }
        let share = Double(column) / Double(dotColumns - 1)
        return xRange.lowerBound + share * (xRange.upperBound - xRange.lowerBound)
    }

    /// The dot column nearest to an x, which may lie outside the plot; nil if x is not finite.
    public func column(forX x: Double) -> Int? {
        guard x.isFinite, dotColumns > 0 else { return nil }
        let width = xRange.upperBound - xRange.lowerBound
        guard width > 0 else { return 0 }
        let place = ((x - xRange.lowerBound) / width * Double(dotColumns - 1)).rounded()
        return Int(nearestWithin: min(max(place, -1e6), 1e6))
    }

    /// The dot row nearest to a value, 0 at the top, which may lie outside the plot; nil if the scale has no place for it.
    public func row(forY y: Double) -> Int? { place(forY: y).map(row(atPlace:)) }

    /// The dot row of a place among the rows.
    func row(atPlace place: Double) -> Int { dotRows > 0 ? Int(nearestWithin: min(max(place.rounded(), -1e6), 1e6)) : 0 }

    /// The place of a value among the dot rows, not rounded; nil if the scale has none for it.
    func place(forY y: Double) -> Double? {
        guard let place = projection.project(y) else { return nil }
        let height = span.upperBound - span.lowerBound
        return height > 0 ? (span.upperBound - place) / height * Double(dotRows - 1) : 0
    }

    /// The x that lies `columns` dot columns from `x`, kept within the plot.
    public func x(from x: Double, movedBy columns: Int) -> Double {
        let column = (column(forX: x) ?? dotColumns - 1) + columns
        return xValue(atColumn: min(max(column, 0), max(0, dotColumns - 1)))
    }

    /// The visible x range made `factor` times as wide, `x` staying where it is.
    /// - Range: `factor` above 0; below 1 zooms in.
    public func xRange(zoomedBy factor: Double, around x: Double) -> ClosedRange<Double> {
        let centre = min(max(x, xRange.lowerBound), xRange.upperBound)
        let lower = centre - (centre - xRange.lowerBound) * factor
        let upper = centre + (xRange.upperBound - centre) * factor
        let least = max(abs(lower), abs(upper), 1e-300) * 1e-12
        return upper - lower > least && lower.isFinite && upper.isFinite ? lower...upper : xRange
    }

    /// The visible x range moved by a share of its width.
    public func xRange(pannedBy share: Double) -> ClosedRange<Double> {
        let distance = (xRange.upperBound - xRange.lowerBound) * share
        return (xRange.lowerBound + distance)...(xRange.upperBound + distance)
    }

    /// The visible y range made `factor` times as high (on the scale's own line), `y` staying where it is; its middle does
    /// without one.
    /// - Range: `factor` above 0; below 1 zooms in.
    public func yRange(zoomedBy factor: Double, around y: Double? = nil) -> ClosedRange<Double> {
        let middle = span.lowerBound / 2 + span.upperBound / 2
        let centre = min(max(y.flatMap(projection.project) ?? middle, span.lowerBound), span.upperBound)
        let lower = projection.value(at: centre - (centre - span.lowerBound) * factor)
        let upper = projection.value(at: centre + (span.upperBound - centre) * factor)
        return upper - lower > max(abs(lower), abs(upper)) * 1e-12 && lower.isFinite && upper.isFinite ? lower...upper : yRange
    }
}
