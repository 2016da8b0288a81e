import Glibc

/// Whether values rise as time goes on, and how fast.
/// - Source: Mann (1945) and Kendall (1975) for the test, without ties; Theil (1950) and Sen (1968) for the slope.
struct Trend {
    /// Standard deviations by which more pairs rise than fall, as if nothing rose.
    let z: Double
    /// The median slope of all pairs, in units of the value a second.
    let slope: Double

    /// Values beyond these are left out evenly: their number is squared.
    static let mostPoints = 60

    /// - Parameter points: by time; at least 8, else nil.
    init?(_ points: [(time: Double, value: Double)]) {
        let stride = max(1, (points.count + Self.mostPoints - 1) / Self.mostPoints)
        let kept = points.indices.filter { ($0 - points.startIndex) % stride == 0 }.map { points[$0] }
        guard kept.count >= 8 else { return nil }
        var sum = 0, slopes: [Double] = []
        slopes.reserveCapacity(kept.count * kept.count / 2)
        for later in kept.indices {
            for earlier in kept.indices.prefix(later) {
                let rise = kept[later].value - kept[earlier].value, span = kept[later].time - kept[earlier].time
                sum += rise > 0 ? 1 : rise < 0 ? -1 : 0
                if span > 0 { slopes.append(rise / span) }
            }
        }
        guard !slopes.isEmpty else { return nil }
        let count = Double(kept.count)
        z = Double(sum) / sqrt(count * (count - 1) * (2 * count + 5) / 18)
        slopes.sort()
        slope = slopes[slopes.count / 2]
    }
}
