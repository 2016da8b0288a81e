/// Consecutive samples of a series that fall into one dot column of a plot, group by group, with the nearest samples beyond its
/// edges, so that lines enter and leave the plot. On an axis that goes back and forth each sample is a group.
struct SampleColumns: Sequence, IteratorProtocol {
    /// The column is a Double, since the sample beyond the edge can be far away; nil where x is not finite.
    typealias Element = (column: Double?, samples: Range<Int>)

    private let layout: ChartLayout
    private let xs: XValues
    private let ascends: Bool
    private let end: Int
    private var index: Int
    private var stride = 1

    init(_ series: Series, on axis: XAxis, _ layout: ChartLayout) {
        self.layout = layout
        xs = series.xValues(on: axis)
        ascends = series.ascends(on: axis)
        // The outermost dot columns reach half a column beyond the range.
        let half = (layout.xRange.upperBound / 2 - layout.xRange.lowerBound / 2) / Double(Swift.max(1, layout.dotColumns - 1))
        let range = (layout.xRange.lowerBound - half)...(layout.xRange.upperBound + half)
        let window = series.indices(of: range, on: axis)
        end = Swift.min(series.count, window.upperBound + 1)
        index = Swift.max(0, window.lowerBound - 1)
    }

    mutating func next() -> Element? {
        guard index < end else { return nil }
        let first = index
        guard let column = column(xs[first]) else {
            index += 1
            return (nil, first..<index)
        }
        index = ascends ? firstIndex(rightOf: column, within: first..<end, guess: first + stride) : first + 1
        stride = index - first
        return (column, first..<index)
    }

    /// The dot column of an x, rounded.
    private func column(_ x: Double) -> Double? {
        guard x.isFinite, layout.dotColumns > 0 else { return nil }
        let width = layout.xRange.upperBound - layout.xRange.lowerBound
        return width > 0 ? ((x - layout.xRange.lowerBound) / width * Double(layout.dotColumns - 1)).rounded() : 0
    }

    /// The first index of `group` whose column is another than that of its first.
    private func firstIndex(rightOf column: Double, within group: Range<Int>, guess: Int) -> Int {
        let width = layout.xRange.upperBound - layout.xRange.lowerBound
        let boundary = layout.xRange.lowerBound + (column + 0.5) / Double(Swift.max(1, layout.dotColumns - 1)) * width
        let found = Search.firstIndex(in: xs.recorded, notBelow: xs.recorded(boundary), guess: guess)
        var next = Swift.min(Swift.max(found, group.lowerBound + 1), group.upperBound)
        // Rounding may have put the boundary beside a sample.
        while next > group.lowerBound + 1, self.column(xs[next - 1]) != column { next -= 1 }
        while next < group.upperBound, self.column(xs[next]) == column { next += 1 }
        return next
    }
}
