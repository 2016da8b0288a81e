import CheckedNumbers

/// What the many raw values of a curve reach in each dot column, from the smallest to the largest, and those that stand out.
struct RawBand {
    /// Dot rows, not rounded, 0 at the top; they may lie outside the plot.
    struct Reach: Hashable {
        var top: Double
        var bottom: Double
    }

    /// A stretch of a dot column in which a few values stand out of the band beside them.
    struct Spike: Hashable {
        var column: Int
        var rows: ClosedRange<Int>
    }

    /// One a dot column; nil where there is no value.
    private(set) var reaches: [Reach?]
    private let layout: ChartLayout

    /// Dot columns on each side that a spike is compared with, without those right beside it.
    private static let surroundings = 2...8

    init(_ series: Series, on axis: XAxis, _ layout: ChartLayout) {
        self.layout = layout
        reaches = Array(repeating: nil, count: layout.dotColumns)
        for group in SampleColumns(series, on: axis, layout) {
            guard let place = group.column, place >= 0, place < Double(layout.dotColumns) else { continue }
            let extremes = series.raw.extremes(group.samples)
            let least = layout.projection.scale == .log ? extremes.minimumPositive : extremes.minimum
            guard let top = layout.place(forY: extremes.maximum), let bottom = layout.place(forY: least) else { continue }
            reaches[Int(nearestWithin: place)] = Reach(top: top, bottom: bottom)
        }
    }

    /// Where values reach more than a cell beyond what is reached a few columns to the left and to the right.
    var spikes: [Spike] {
        let least = Double(layout.cell.rows), last = Double(layout.dotRows - 1)
        return reaches.indices.flatMap { column -> [Spike] in
            guard let reach = reaches[column], let beside = beside(column) else { return [] }
            var spikes: [Spike] = []
            if beside.top - reach.top > least, beside.top > 0, reach.top < last {
                spikes.append(spike(column, max(0, reach.top), min(last, beside.top)))
            }
            if reach.bottom - beside.bottom > least, beside.bottom < last, reach.bottom > 0 {
                spikes.append(spike(column, max(0, beside.bottom), min(last, reach.bottom)))
            }
            return spikes
        }
    }

    private func spike(_ column: Int, _ top: Double, _ bottom: Double) -> Spike {
        Spike(column: column, rows: Int(nearestWithin: top)...Int(nearestWithin: max(top, bottom)))
    }

    /// The furthest that is reached around a column; nil where nothing is.
    private func beside(_ column: Int) -> Reach? {
        let (near, far) = (Self.surroundings.lowerBound, Self.surroundings.upperBound)
        let left = Self.reach(of: reaches[max(0, column - far)..<max(0, column - near + 1)])
        let right = Self.reach(of: reaches[min(reaches.count, column + near)..<min(reaches.count, column + far + 1)])
        return Self.reach(of: [left, right])
    }

    /// From the highest to the lowest of some columns; nil where there is none.
    static func reach(of columns: ArraySlice<Reach?>) -> Reach? {
        var top = Double.infinity, bottom = -Double.infinity
        for case let reach? in columns {
            top = min(top, reach.top)
            bottom = max(bottom, reach.bottom)
        }
        return top <= bottom ? Reach(top: top, bottom: bottom) : nil
    }
}
