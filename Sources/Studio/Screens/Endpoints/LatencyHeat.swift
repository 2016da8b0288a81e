import Cells
import CheckedNumbers
import Events

/// How long a model took as time goes on: a row a range of times, a column a stretch, darker where more requests lie.
struct LatencyHeat {
    /// What each row reaches up to, the longest first.
    /// - Units: seconds.
    let bounds: [Double]
    let map: HeatMap
    /// The stretches that each column shows.
    let columns: [[Int]]
    /// Columns before the map.
    let indent: Int

    /// - Parameters:
    ///   - height: rows at most.
    ///   - indent: columns before the map, for the times and a line.
    ///   - width: columns of the map.
    /// - Returns: nil where no model was asked.
    init?(_ stretches: [RequestCounts], height: Int, indent: Int, width: Int) {
        let places = stretches.flatMap { $0.latencies.map { Self.place($0.bound) } }
        guard let low = places.min(), let high = places.max(), height > 0, width > 0 else { return nil }
        // A row has as many of the histogram's buckets as it takes to fit, so that no row is empty between two that are not.
        let each = max(1, (high - low + height) / height), count = (high - low) / each + 1
        // Where there are more columns than stretches each has several.
        columns = (0..<width).map { x in
            let first = x * stretches.count / width
            return Array(first..<max(first + 1, (x + 1) * stretches.count / width))
        }
        var rows = [[Double]](repeating: [Double](repeating: 0, count: width), count: count)
        for (x, column) in columns.enumerated() {
            var sums = [Int](repeating: 0, count: count)
            for stretch in column {
                for bucket in stretches[stretch].latencies { sums[(Self.place(bucket.bound) - low) / each] += bucket.count }
            }
            let all = Double(sums.reduce(0, +))
            for (row, sum) in sums.enumerated() where sum > 0 {
                // Few requests are to be seen, too: the root of the share of all.
                rows[count - 1 - row][x] = max(0.01, (Double(sum) / all).squareRoot())
            }
        }
        map = HeatMap(rows)
        bounds = (0..<count).reversed().map { Self.bound(low + ($0 + 1) * each - 1) }
        self.indent = indent
    }

    /// Quarters between powers of two, of microseconds, as the histogram's bounds are.
    private static func place(_ bound: Double) -> Int {
        let micros = max(bound * 1e6, 1e-3)
        return 4 * Int(micros.exponent) + Int(nearestWithin: (micros.significand - 1) * 4)
    }

    private static func bound(_ place: Int) -> Double {
        let octave = place >= 0 ? place / 4 : (place - 3) / 4
        return Double(sign: .plus, exponent: octave, significand: 1 + Double(place - 4 * octave) / 4) * 1e-6
    }

    /// The rows with their times before them.
    func lines(_ glyphs: GlyphSet) -> [TextLine] {
        zip(bounds, map.lines(glyphs: glyphs)).map { bound, text in
            let name = NumberFormat.duration(bound)
            return TextLine(String(repeating: " ", count: max(0, indent - TextWidth.of(name))) + name, .muted)
                .adding(glyphs == .ascii ? "|" : "┤", .border).adding(text, .accent)
        }
    }
}
