import Events

/// What a long curve looks like while most of it is still to come: those of its points that show most.
public struct CurveOutline: Hashable, Sendable {
    /// Points of the whole curve up to where the outline goes.
    public var count: Int
    /// Of each stretch of the curve its first, smallest, largest and last point and one that is not finite, in order. All of them are
    /// points of the curve.
    public var points: [MetricPoint]

    public init(count: Int, points: [MetricPoint]) {
        self.count = count
        self.points = points
    }

    /// Points of an outline at most.
    public static let mostPoints = SeriesChunk.capacity
    /// Points that one stretch gives at most.
    private static let mostOfStretch = 5

    /// One point after another becomes an outline.
    struct Maker {
        private let length: Int
        private var place = 0
        private var first: MetricPoint?
        private var last: MetricPoint?
        private var lowest: (place: Int, point: MetricPoint)?
        private var highest: (place: Int, point: MetricPoint)?
        private var odd: (place: Int, point: MetricPoint)?
        private var points: [MetricPoint] = []

        /// - Parameters:
        ///   - count: points that are to come.
        ///   - most: points of the outline at most.
        init(count: Int, most: Int) {
            let stretches = max(1, most / mostOfStretch)
            length = max(1, (count + stretches - 1) / stretches)
        }

        mutating func take(_ point: MetricPoint) {
            if first == nil { first = point }
            last = point
            if !point.value.isFinite {
                if odd == nil { odd = (place, point) }
            } else {
                if lowest.map({ point.value < $0.point.value }) ?? true { lowest = (place, point) }
                if highest.map({ point.value > $0.point.value }) ?? true { highest = (place, point) }
            }
            place += 1
            if place == length { end() }
        }

        /// What was taken, with a last stretch that is shorter.
        mutating func finish() -> [MetricPoint] {
            end()
            return points
        }

        private mutating func end() {
            guard let first, let last else { return }
            points.append(first)
            // Where all values are alike one point is the smallest and the largest.
            var told = 0
            for (inner, point) in [lowest, highest, odd].compactMap({ $0 }).sorted(by: { $0.0 < $1.0 })
            where inner > told && inner < place - 1 {
                points.append(point)
                told = inner
            }
            if place > 1 { points.append(last) }
            (self.first, self.last, lowest, highest, odd) = (nil, nil, nil, nil, nil)
            place = 0
        }
    }
}
