import CheckedNumbers

/// What a whole is made of as time goes on: layers on each other, a column a stretch of time.
public struct StackedTimeline: Hashable, Sendable {
    /// A part of the whole.
    public struct Layer: Hashable, Sendable {
        public var label: String
        public var role: ColorRole
        /// What fills it, so that layers are told apart without colour, and where only ASCII can be drawn.
        public var glyph: Character
        public var asciiGlyph: Character

        public init(_ label: String, _ role: ColorRole, glyph: Character, ascii: Character) {
            (self.label, self.role, self.glyph, asciiGlyph) = (label, role, glyph, ascii)
        }
    }

    /// A stretch of time.
    public struct Column: Hashable, Sendable {
        public var start: Double
        public var end: Double
        /// Share of each layer, from the bottom up; together at most 1.
        public var shares: [Double]

        public init(from start: Double, to end: Double, _ shares: [Double]) {
            (self.start, self.end, self.shares) = (start, end, shares)
        }
    }

    /// From the bottom up.
    public var layers: [Layer]
    /// By time, without overlap.
    public var columns: [Column]

    public init(_ layers: [Layer], _ columns: [Column]) { (self.layers, self.columns) = (layers, columns) }

    public var start: Double { columns.first?.start ?? 0 }
    public var end: Double { columns.last?.end ?? 0 }

    /// The time brought to a number of columns of equal length; of several stretches in one their mean by length.
    /// - Returns: shares by layer for each; empty where nothing is known.
    public func resampled(to count: Int) -> [[Double]] {
        let span = end - start
        guard span > 0, count > 0 else { return [] }
        var place = 0
        return (0..<count).map { index in
            let from = start + span * Double(index) / Double(count), to = start + span * Double(index + 1) / Double(count)
            while place < columns.count, columns[place].end <= from { place += 1 }
            var sums = [Double](repeating: 0, count: layers.count), covered = 0.0, other = place
            while other < columns.count, columns[other].start < to {
                let overlap = min(to, columns[other].end) - max(from, columns[other].start)
                if overlap > 0 {
                    for layer in sums.indices.prefix(columns[other].shares.count) {
                        sums[layer] += columns[other].shares[layer] * overlap
                    }
                    covered += overlap
                }
                other += 1
            }
            return covered > 0 ? sums.map { $0 / covered } : []
        }
    }

    /// The layer of each cell of a picture, rows from the top; nil where there is none.
    public func cells(width: Int, height: Int) -> [[Int?]] {
        let columns = resampled(to: width)
        return (0..<height).map { row in
            let level = (Double(height - row) - 0.5) / Double(height)
            return columns.map { shares in
                var sum = 0.0
                for (layer, share) in shares.enumerated() {
                    sum += share
                    if level < sum { return layer }
                }
                return nil
            }
        }
    }

    /// The column of a picture that a time lies in; nil outside.
    public func column(of time: Double, width: Int) -> Int? {
        guard end > start, time >= start, time <= end else { return nil }
        return min(width - 1, Int(roundedDownWithin: (time - start) / (end - start) * Double(width)))
    }
}
