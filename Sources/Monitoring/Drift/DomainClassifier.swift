import Glibc
import Numerics
import Tables

/// Tells rows of a window from rows of the reference period by all columns together: what neither a column nor a pair of them shows.
///
/// A linear classifier on the columns, their squares, and the products of every two and every three of them. Where nothing changed it cannot tell rows
/// that it has not learned from better than by guessing, an AUC of 0.5, however many columns there are.
///
/// - Source: Lopez-Paz and Oquab, "Revisiting classifier two-sample tests" (2017), with ridge regression on the side that a row is of (Fisher's
///   discriminant) as the classifier.
public struct DomainClassifier: Sendable {
    /// What it found.
    public struct Outcome: Sendable, Hashable {
        /// The chance that a row of the window looks more like one than a row of the reference does, each in a fold that was not learned from.
        public var area: Double
        /// Standard error of it.
        public var error: Double
        /// How likely chance alone is to bring as much.
        public var chance: Double
        /// The columns that tell most, together.
        public var columns: [String]
    }

    /// More columns are left out, the first ones stay; more rows are drawn from.
    static let mostColumns = 12, mostRows = 2000
    /// Fewer rows tell nothing.
    static let fewestRows = 100
    private static let foldCount = 5, reshuffles = 24
    /// An area below this is not told, however sure it is.
    static let leastArea = 0.53

    private let columns: [ReferenceColumn]
    private let rows: [[Double]]

    /// - Parameter reference: rows of the reference period.
    /// - Returns: nil for fewer than two columns of numbers or words, or too few rows.
    public init?(reference: Table) {
        let table = Self.sample(reference)
        let known = table.columns.compactMap(ReferenceColumn.init).prefix(Self.mostColumns)
        guard known.count >= 2, table.rowCount >= Self.fewestRows else { return nil }
        columns = Array(known)
        rows = Self.rows(columns, table)
    }

    /// The columns and rows of a table that a classifier needs, to be kept.
    public static func reference(of table: Table) -> Table? {
        let names = Set(table.columns.filter { ReferenceColumn($0) != nil }.prefix(mostColumns).map(\.name))
        guard names.count >= 2, table.rowCount >= fewestRows else { return nil }
        return sample(Table(columns: table.columns.filter { names.contains($0.name) }))
    }

    /// Compares a window with the reference period.
    ///
    /// - Parameter limit: where chance is not less likely than that by the first look, it is not looked at more closely.
    /// - Returns: nil where the window lacks a column, or has too few rows.
    public func compare(_ window: Table, limit: Double) -> Outcome? {
        let table = Self.sample(window)
        guard table.rowCount >= Self.fewestRows, columns.allSatisfy({ table.column(named: $0.name) != nil }) else { return nil }
        let own = Self.rows(columns, table)
        let found = Self.areas(rows, own, seed: 0, weighs: true)
        var outcome = Outcome(area: found.area, error: found.error, chance: Self.chance(found.deviate), columns: [])
        guard outcome.chance < limit else { return outcome }
        // How far the reference's own halves lie apart says how much the deviates of folds go together.
        var squares = 0.0
        for turn in 0..<Self.reshuffles {
            var random = RandomSource(seed: UInt64(turn) + 1), order = Array(rows.indices)
            random.shuffle(&order)
            let half = order.count / 2
            let deviate = Self.areas(order.prefix(half).map { rows[$0] }, order.suffix(half).map { rows[$0] }, seed: 0).deviate
            squares += deviate * deviate
        }
        let spread = max(1, (squares / Double(Self.reshuffles)).squareRoot())
        outcome.chance = Chance.ofDeviate(found.deviate / spread, freedom: Self.reshuffles)
        outcome.columns = found.telling.map { columns[$0].name }
        return outcome
    }

    private static func chance(_ deviate: Double) -> Double { erfc(deviate / 2.0.squareRoot()) / 2 }

    /// Rows spread evenly over all there are.
    private static func sample(_ table: Table) -> Table {
        guard table.rowCount > mostRows else { return table }
        return table.selecting(rows: (0..<mostRows).map { $0 * table.rowCount / mostRows })
    }

    private static func rows(_ columns: [ReferenceColumn], _ table: Table) -> [[Double]] {
        let values = columns.map { column in table.column(named: column.name).map { column.scores($0) } ?? [] }
        return (0..<table.rowCount).map { row in values.map { $0[row] } }
    }

    // MARK: - Learning

    /// Which columns stand in each product: one, the same twice, two, or three.
    private static func terms(_ count: Int) -> [[Int]] {
        var terms: [[Int]] = []
        for first in 0..<count {
            terms += [[first], [first, first]]
            for second in (first + 1)..<max(first + 1, count) {
                terms.append([first, second])
                for third in (second + 1)..<max(second + 1, count) { terms.append([first, second, third]) }
            }
        }
        return terms
    }

    private static func areas(
        _ before: [[Double]], _ now: [[Double]], seed: UInt64, weighs: Bool = false
    ) -> (area: Double, error: Double, deviate: Double, telling: [Int]) {
        let terms = terms(before.first?.count ?? 0), width = terms.count + 1
        let all = before + now, side = before.map { _ in 0.0 } + now.map { _ in 1.0 }
        var design = [Double](repeating: 1, count: all.count * width)
        for (row, values) in all.enumerated() {
            for (place, term) in terms.enumerated() {
                var product = 1.0
                for column in term { product *= values[column] }
                design[row * width + place] = product
            }
        }
        let folds = folds(before.count, now.count, seed)
        // Each side counts as much as the other, however many rows it has.
        let weights = (1 / Double(before.count).squareRoot(), 1 / Double(now.count).squareRoot())
        var grams: [[Double]] = [], moments: [[Double]] = []
        for fold in 0..<foldCount {
            let rows = all.indices.filter { folds[$0] == fold }
            var part = [Double](), moment = [Double](repeating: 0, count: width)
            part.reserveCapacity(rows.count * width)
            for row in rows {
                let weight = side[row] > 0 ? weights.1 : weights.0, target = side[row] > 0 ? 1.0 : -1.0
                for place in 0..<width {
                    let value = design[row * width + place] * weight
                    part.append(value)
                    moment[place] += value * weight * target
                }
            }
            var gram = [Double](repeating: 0, count: width * width)
            MatrixProduct.addGram(of: part, rows: rows.count, columns: width, into: &gram)
            grams.append(gram)
            moments.append(moment)
        }
        let (gram, moment) = (sum(grams), sum(moments))
        var areas = 0.0, variance = 0.0, nullVariance = 0.0, importance = [Double](repeating: 0, count: before.first?.count ?? 0)
        for fold in 0..<foldCount {
            var left = gram, right = moment
            for place in left.indices { left[place] -= grams[fold][place] }
            for place in right.indices { right[place] -= moments[fold][place] }
            guard let weights = RidgeSolution.solve(left, right, width: width) else { continue }
            let rows = all.indices.filter { folds[$0] == fold }
            let scores = rows.map { row in (0..<width).reduce(0.0) { $0 + design[row * width + $1] * weights[$1] } }
            let (area, counts) = area(scores, rows.map { side[$0] > 0 })
            areas += area
            variance += error(area, counts)
            nullVariance += (counts.0 + counts.1 + 1) / (12 * counts.0 * counts.1)
            if weighs {
                for (place, term) in terms.enumerated() {
                    for column in Set(term) { importance[column] += weights[place] * weights[place] }
                }
            }
        }
        let mean = areas / Double(foldCount)
        let order = importance.indices.sorted { importance[$0] > importance[$1] }
        let telling = order.filter { importance[$0] > 0.5 * (importance[order[min(2, order.count - 1)]]) }.prefix(3)
        return (
            mean, variance.squareRoot() / Double(foldCount), (areas - 0.5 * Double(foldCount)) / nullVariance.squareRoot(),
            weighs ? Array(telling) : []
        )
    }

    private static func sum(_ parts: [[Double]]) -> [Double] {
        var sum = parts[0]
        for part in parts.dropFirst() { for place in sum.indices { sum[place] += part[place] } }
        return sum
    }

    /// Of each side as many rows in each fold.
    private static func folds(_ before: Int, _ now: Int, _ seed: UInt64) -> [Int] {
        var random = RandomSource(seed: seed), folds: [Int] = []
        for count in [before, now] {
            var own = (0..<count).map { $0 % foldCount }
            random.shuffle(&own)
            folds += own
        }
        return folds
    }

    private static func area(_ scores: [Double], _ isNow: [Bool]) -> (Double, (Double, Double)) {
        let ranks = Statistics.ranks(scores)
        var sum = 0.0, count = 0.0
        for (place, rank) in ranks.enumerated() where isNow[place] { (sum, count) = (sum + rank, count + 1) }
        let others = Double(scores.count) - count
        return ((sum - count * (count + 1) / 2) / (count * others), (others, count))
    }

    /// - Source: Hanley and McNeil (1982), the variance of an area.
    private static func error(_ area: Double, _ counts: (Double, Double)) -> Double {
        let first = area / (2 - area), second = 2 * area * area / (1 + area)
        return (area * (1 - area) + (counts.1 - 1) * (first - area * area) + (counts.0 - 1) * (second - area * area))
            / (counts.0 * counts.1)
    }
}

/// A column of the reference period, by which values become numbers around 0: numbers by their ranks in it, words by whether they are the most
/// frequent one.
struct ReferenceColumn: Sendable {
    let name: String
    private let sorted: [Double]
    private let word: String
    private let share: Double

    /// - Returns: nil for dates and free texts, and for columns of one value.
    init?(_ column: Column) {
        name = column.name
        switch column.storage {
        case .numbers(let numbers):
            guard column.kind == .numeric || column.kind == .integer else { return nil }
            sorted = numbers.filter(\.isFinite).sorted()
            (word, share) = ("", 0)
            guard let first = sorted.first, let last = sorted.last, first < last else { return nil }
        case .codes(let codes, let dictionary):
            guard column.kind != .text, column.kind != .date else { return nil }
            var counts = [Int](repeating: 0, count: dictionary.count)
            for code in codes where code >= 0 { counts[Int(code)] += 1 }
            guard let most = counts.indices.max(by: { (counts[$0], $1) < (counts[$1], $0) }) else { return nil }
            sorted = []
            (word, share) = (dictionary[most], Double(counts[most]) / Double(max(1, codes.count)))
            guard share > 0.02, share < 0.98 else { return nil }
        }
    }

    /// Mean 0 and deviation 1 in the reference period; 0 where there is no value.
    func scores(_ column: Column) -> [Double] {
        if sorted.isEmpty {
            let scale = (share * (1 - share)).squareRoot()
            return (0..<column.rowCount).map { row in
                column.text(at: row).map { (($0 == word ? 1 : 0) - share) / scale } ?? 0
            }
        }
        guard case .numbers(let numbers) = column.storage else { return [Double](repeating: 0, count: column.rowCount) }
        return numbers.map { $0.isFinite ? (rank($0) - 0.5) * 12.0.squareRoot() : 0 }
    }

    /// The share of the reference's values below one, and half of those like it.
    private func rank(_ value: Double) -> Double {
        func below(_ isBelow: (Double) -> Bool) -> Int {
            var low = 0, high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if isBelow(sorted[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return Double(below { $0 < value } + below { $0 <= value }) / 2 / Double(sorted.count)
    }
}

/// Weights of a ridge regression.
enum RidgeSolution {
    /// - Parameters:
    ///   - gram: products of the columns, upper triangle, [width, width].
    ///   - moments: products of the columns with the target.
    /// - Returns: nil where the columns' products are no numbers.
    /// - Source: (A + r·I) w = b, r a thousandth of the mean of A's diagonal.
    static func solve(_ gram: [Double], _ moments: [Double], width: Int) -> [Double]? {
        let trace = (0..<width).reduce(0.0) { $0 + gram[$1 * width + $1] }, ridge = trace / Double(width) * 1e-3
        guard ridge.isFinite, ridge > 0 else { return nil }
        var matrix = [Double](repeating: 0, count: width * width)
        for row in 0..<width {
            for column in 0...row { matrix[row * width + column] = gram[column * width + row] }
            matrix[row * width + row] += ridge
        }
        return Cholesky(matrix, order: width)?.solve(moments)
    }
}
