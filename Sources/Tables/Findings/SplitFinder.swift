import CheckedNumbers
import Glibc
import Numerics

/// Looks at rows that judge a model beside those that it learns from.
struct SplitFinder {
    /// Rows of a table, and the columns that are looked at.
    struct Part {
        var columns: [Column]
        var rows: [Int]
    }

    private let training: Part, judging: Part

    /// - Parameter training: its columns stand in the order of `judging`'s and have their names.
    init(training: Part, judging: Part) {
        (self.training, self.judging) = (training, judging)
    }

    // MARK: - Copies

    /// Values that the column with the most of them must have, and how seldom two rows may agree in it by chance.
    private static let leastDistinct = 20, mostChance = 0.05
    /// Judging rows that must be copies for a word to be worth it, and of those that are alike in all other columns.
    private static let leastShare = 0.02, leastAgreement = 0.5, leastJudging = 10

    /// Judging rows that are in the training rows, too, more than chance makes them alike.
    ///
    /// Rows of few discrete values come twice by nature. So the column with the most values is left out: rows that are alike in all others
    /// agree in that one about as often as any two rows do, unless they are copies. Rows without a value in a column that tells rows apart are left
    /// out: what nobody knows of two rows makes them alike without being so.
    func overlap() -> TableFinding? {
        guard training.columns.count >= 3, training.rows.count >= 20 else { return nil }
        let chances = training.columns.map { chance($0) }
        guard let richest = chances.indices.max(by: { chances[$0].distinct < chances[$1].distinct }),
            chances[richest].distinct >= Self.leastDistinct, chances[richest].agreement <= Self.mostChance
        else { return nil }
        let telling = chances.indices.filter { place in
            let column = training.columns[place]
            return chances[place].distinct >= Self.leastDistinct && column.missingCount * 2 <= column.rowCount
        }
        let known = { (part: Part) in part.rows.filter { row in telling.allSatisfy { !part.columns[$0].isMissing(at: row) } } }
        let learned = known(training), judged = known(judging)
        guard judged.count >= Self.leastJudging else { return nil }
        let own = hashes(training, leaving: richest), others = hashes(judging, leaving: richest)
        let same = Set(learned.map { own.whole[$0] }), alike = Set(learned.map { own.rest[$0] })
        let copies = judged.count { same.contains(others.whole[$0]) }
        let similar = judged.count { alike.contains(others.rest[$0]) }
        let share = Double(copies) / Double(judged.count)
        guard copies >= 5, share >= Self.leastShare, Double(copies) >= Self.leastAgreement * Double(similar) else { return nil }
        return TableFinding(
            .overlap, [],
            [
                ("judging rows that are training rows", share),
                ("of those alike in all but \(training.columns[richest].name)", Double(copies) / Double(similar)),
                ("by chance", chances[richest].agreement),
            ],
            "\(copies) of \(judged.count) rows that judge\(judged.count < judging.rows.count ? ", of which all is known," : "") are in the training rows, too"
        )
    }

    /// Distinct values of a column's training rows, and how often two rows agree.
    private func chance(_ column: Column) -> (distinct: Int, agreement: Double) {
        var counts: [UInt64: Int] = [:]
        let hashes = RowHashes([column], rowCount: column.rowCount).values
        for row in training.rows { counts[hashes[row], default: 0] += 1 }
        let rows = Double(training.rows.count)
        return (counts.count, counts.values.reduce(0) { $0 + Double($1) * Double($1 - 1) } / max(1, rows * (rows - 1)))
    }

    private func hashes(_ part: Part, leaving place: Int) -> (whole: [UInt64], rest: [UInt64]) {
        guard let count = part.columns.first?.rowCount else { return ([], []) }
        var hashes = RowHashes(part.columns.enumerated().filter { $0.offset != place }.map(\.element), rowCount: count)
        let rest = hashes.values
        hashes.add(part.columns[place])
        return (hashes.values, rest)
    }

    // MARK: - Shift

    /// How far apart distributions must be, and how unlikely that must be by chance, of all columns together.
    private static let leastDistance = 0.2, mostLikely = 1e-3
    private static let rowLimit = 5000

    private struct Distance {
        var name: String, distance: Double, likelihood: Double
    }

    /// Columns that are distributed otherwise in the judging rows; moments are, where rows are held out by time.
    ///
    /// - Source: Kolmogorov and Smirnov's test of numbers, Pearson's of categories; over columns Benjamini and Hochberg (1995).
    func shift() -> TableFinding? {
        guard training.rows.count >= 50, judging.rows.count >= 10 else { return nil }
        let limit = max(500, min(Self.rowLimit, 1_000_000 / max(1, training.columns.count)))
        let learned = Self.thinned(training.rows, limit), judged = Self.thinned(judging.rows, limit)
        var distances: [Distance] = []
        for (column, other) in zip(training.columns, judging.columns) where column.kind != .date && column.kind != .text {
            if let found = Self.distance(column, learned, other, judged) {
                distances.append(Distance(name: column.name, distance: found.distance, likelihood: found.likelihood))
            }
        }
        let shifted = Self.significant(distances).filter { $0.distance >= Self.leastDistance }
            .sorted { $0.distance > $1.distance }
        guard let worst = shifted.first else { return nil }
        return TableFinding(
            .shift, shifted.map(\.name),
            [
                ("distance of the distributions", worst.distance), ("threshold", Self.leastDistance),
                ("columns", Double(shifted.count)),
            ],
            "\(listed(shifted.map(\.name))) \(shifted.count == 1 ? "is" : "are") distributed otherwise in the rows that judge")
    }

    private static func thinned(_ rows: [Int], _ limit: Int) -> [Int] {
        rows.count <= limit ? rows : (0..<limit).map { rows[$0 * rows.count / limit] }
    }

    /// Those that are no accident, at a share of false ones of `mostLikely`.
    private static func significant(_ distances: [Distance]) -> [Distance] {
        let sorted = distances.sorted { $0.likelihood < $1.likelihood }
        let last = sorted.indices.last { sorted[$0].likelihood <= mostLikely * Double($0 + 1) / Double(sorted.count) }
        return last.map { Array(sorted[...$0]) } ?? []
    }

    private static func distance(
        _ column: Column, _ rows: [Int], _ other: Column, _ otherRows: [Int]
    ) -> (distance: Double, likelihood: Double)? {
        if let left = column.numbers, let right = other.numbers {
            return ofNumbers(rows.map { left[$0] }.filter { !$0.isNaN }, otherRows.map { right[$0] }.filter { !$0.isNaN })
        }
        guard column.dictionary != nil, other.dictionary != nil else { return nil }
        return ofTexts(column, rows, other, otherRows)
    }

    private static func ofNumbers(_ left: [Double], _ right: [Double]) -> (distance: Double, likelihood: Double)? {
        guard left.count >= 10, right.count >= 10 else { return nil }
        let first = Statistics.sorted(left), second = Statistics.sorted(right)
        var most = 0.0, place = 0, other = 0
        while place < first.count, other < second.count {
            let value = min(first[place], second[other])
            while place < first.count, first[place] <= value { place += 1 }
            while other < second.count, second[other] <= value { other += 1 }
            most = max(most, abs(Double(place) / Double(first.count) - Double(other) / Double(second.count)))
        }
        let root = (Double(first.count) * Double(second.count) / Double(first.count + second.count)).squareRoot()
        let lambda = (root + 0.12 + 0.11 / root) * most
        let likelihood = (1...50).reduce(0.0) { sum, term in
            let square = Double(term * term)
            return sum + (term % 2 == 1 ? 2 : -2) * exp(-2 * square * lambda * lambda)
        }
        return (most, lambda < 0.3 ? 1 : max(0, min(1, likelihood)))
    }

    private static func ofTexts(
        _ column: Column, _ rows: [Int], _ other: Column, _ otherRows: [Int]
    ) -> (distance: Double, likelihood: Double)? {
        var counts: [String: (Double, Double)] = [:]
        for row in rows { counts[column.text(at: row) ?? "", default: (0, 0)].0 += 1 }
        for row in otherRows { counts[other.text(at: row) ?? "", default: (0, 0)].1 += 1 }
        // Of many rare values each sample has others.
        guard counts.count >= 2, counts.count * 10 <= rows.count + otherRows.count else { return nil }
        let own = Double(rows.count), judged = Double(otherRows.count), all = own + judged
        var distance = 0.0, chi = 0.0
        for (first, second) in counts.values {
            distance += abs(first / own - second / judged) / 2
            let expected = (first + second) * own / all, expectedOther = (first + second) * judged / all
            chi += (first - expected) * (first - expected) / expected
            chi += (second - expectedOther) * (second - expectedOther) / expectedOther
        }
        return (distance, ChiSquare.tail(chi, freedom: Double(counts.count - 1)))
    }
}
