import Numerics

/// A column that is the target itself in most rows, and something else in the others.
///
/// What is measured repeats no target to the last digit: where many rows lie on one straight line exactly, they were computed from it.
struct PartialCopy {
    /// The share of the rows in which the column says the target exactly.
    let share: Double

    /// How large the share must be.
    static let least = 0.5
    /// How many different values numbers must have.
    private static let leastDistinct = 20
    /// Rows with both numbers: of fewer, half on one line are too few to tell.
    private static let leastRows = 25

    /// - Returns: nil where it is no copy.
    init?(_ column: Column, _ target: Column, rows: [Int], asClasses: Bool) {
        let share: Double?
        if asClasses {
            share = Self.agreement(column, target, rows)
        } else if let from = column.numbers, let to = target.numbers, column.kind != .date {
            share = Self.lineShare(rows.map { from[$0] }, rows.map { to[$0] })
        } else {
            share = nil
        }
        guard let share, share >= Self.least else { return nil }
        self.share = share
    }

    /// The share of rows with the same text in both, where both have the same texts.
    private static func agreement(_ column: Column, _ target: Column, _ rows: [Int]) -> Double? {
        guard let own = column.dictionary, let wanted = target.dictionary else { return nil }
        // Two columns of yes and no have nothing to do with one another: what gives away a copy of two classes is how it errs (`NoisyCopy`).
        guard wanted.count >= 3, wanted.allSatisfy({ $0.utf8.count > 1 && Double($0) == nil }) else { return nil }
        let places = Dictionary(own.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        let same = wanted.map { places[$0] ?? -2 }
        guard same.count(where: { $0 >= 0 }) == wanted.count, own.count <= wanted.count + 2,
            case .codes(let codes, _) = column.storage, case .codes(let classes, _) = target.storage
        else { return nil }
        var counts = [Int](repeating: 0, count: wanted.count), agreeing = 0, present = 0
        for row in rows where classes[row] >= 0 && codes[row] >= 0 {
            present += 1
            counts[Int(classes[row])] += 1
            if same[Int(classes[row])] == codes[row] { agreeing += 1 }
        }
        guard present >= 20, let most = counts.max(), agreeing * 2 > present + most else { return nil }
        return Double(agreeing) / Double(present)
    }

    /// The share of rows on the one line that most pairs of neighbouring rows lie on.
    private static func lineShare(_ from: [Double], _ to: [Double]) -> Double? {
        let present = from.indices.filter { from[$0].isFinite && to[$0].isFinite }
        guard present.count >= leastRows, distinctCount(present.map { to[$0] }) >= leastDistinct,
            distinctCount(present.map { from[$0] }) >= leastDistinct
        else { return nil }
        var slopes: [Double] = []
        for (one, other) in zip(present, present.dropFirst()) where from[one] != from[other] && to[one] != to[other] {
            slopes.append((to[one] - to[other]) / (from[one] - from[other]))
        }
        guard slopes.count >= 20, let (slope, count) = mode(slopes), count * 5 > slopes.count else { return nil }
        guard let (_, onLine) = mode(present.map { to[$0] - slope * from[$0] }, scale: present.map { abs(to[$0]) }.max() ?? 0)
        else { return nil }
        return Double(onLine) / Double(present.count)
    }

    private static func distinctCount(_ values: [Double]) -> Int {
        let sorted = Statistics.sorted(values)
        return 1 + zip(sorted, sorted.dropFirst()).count { $0 < $1 }
    }

    /// The value that most others equal but for rounding, and how many do.
    private static func mode(_ values: [Double], scale: Double = 0) -> (value: Double, count: Int)? {
        let sorted = Statistics.sorted(values.filter(\.isFinite))
        var best: (Double, Int)?, start = 0
        for place in sorted.indices {
            while sorted[place] - sorted[start] > 1e-7 * max(scale, abs(sorted[place])) { start += 1 }
            let count = place - start + 1
            if count > best?.1 ?? 0 { best = (sorted[(place + start) / 2], count) }
        }
        return best
    }
}
