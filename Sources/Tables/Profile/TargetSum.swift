import CheckedNumbers
import Numerics

/// Columns whose sum is the target, or nearly: a total and its parts. Who knows them knows the target.
struct TargetSum {
    /// In the table's order, two at least.
    let parts: [String]

    /// Rows that are looked at, columns at most, and how near to 1 each part's coefficient is.
    private static let rowLimit = 2000, columnLimit = 64, nearness = 0.1
    /// The share of the target's variance that the sum may leave over, and of its deviation that a part must have.
    private static let leftOver = 0.05, least = 1e-3

    /// - Returns: nil where least squares find no two or more parts.
    init?(_ table: Table, target: Column) {
        guard let values = target.numbers, target.kind != .date, table.rowCount >= 20 else { return nil }
        let candidates = table.columns.filter { column in
            (column.kind == .numeric || column.kind == .integer) && column.name != target.name
                && column.missingCount * 10 <= column.rowCount
        }
        guard candidates.count >= 2, candidates.count <= Self.columnLimit else { return nil }
        let columns = candidates.compactMap(\.numbers)
        let step = max(1, table.rowCount / Self.rowLimit)
        let rows = stride(from: 0, to: table.rowCount, by: step).filter { row in
            values[row].isFinite && columns.allSatisfy { $0[row].isFinite }
        }
        guard rows.count >= 20, rows.count > columns.count * 3 else { return nil }
        let all = columns.map { Self.centred($0, rows) }, wanted = Self.centred(values, rows)
        let spread = wanted.deviation
        guard spread > 0, spread.isFinite else { return nil }
        // What hardly moves beside the target is no part of it, and would blur the equations.
        var places = all.indices.filter { all[$0].deviation > spread * Self.least && all[$0].deviation.isFinite }
        let equations = Equations(places.map { all[$0] }, wanted)
        var kept = Array(places.indices)
        // What tells the least is left out, one column after another, until all that are left are parts.
        while kept.count >= 2 {
            let coefficients = equations.solved(kept)
            let isSum = coefficients.allSatisfy { abs($0 - 1) < Self.nearness }
            if isSum, Self.rest(kept.map { all[places[$0]] }, wanted) < Self.leftOver {
                places = kept.map { places[$0] }
                parts = places.map { candidates[$0].name }
                return
            }
            let shares = zip(kept, coefficients).map { abs($1) * all[places[$0]].deviation }
            guard let weakest = shares.indices.min(by: { shares[$0] < shares[$1] }) else { return nil }
            kept.remove(at: weakest)
        }
        return nil
    }

    /// The share of the target's variance that the plain sum of some columns leaves over.
    private static func rest(_ columns: [Centred], _ wanted: Centred) -> Double {
        var rest = 0.0
        for index in wanted.values.indices {
            let difference = wanted.values[index] - columns.reduce(0) { $0 + $1.values[index] }
            rest += difference * difference
        }
        return rest / (wanted.deviation * wanted.deviation * Double(wanted.values.count))
    }

    private struct Centred {
        var values: [Double]
        /// Population standard deviation.
        var deviation: Double
    }

    private static func centred(_ numbers: [Double], _ rows: [Int]) -> Centred {
        let mean = rows.reduce(0) { $0 + numbers[$1] } / Double(rows.count)
        let values = rows.map { numbers[$0] - mean }
        return Centred(values: values, deviation: (values.reduce(0) { $0 + $1 * $1 } / Double(rows.count)).squareRoot())
    }

    /// Least squares on any of some centred columns.
    private struct Equations {
        /// Correlations of the columns, and with the target behind them.
        private var rows: [[Double]] = []
        /// What a coefficient between standardised columns is multiplied by.
        private let units: [Double]

        init(_ columns: [Centred], _ wanted: Centred) {
            let count = Double(wanted.values.count)
            let product = { (a: Centred, b: Centred) -> Double in
                var sum = 0.0
                for index in a.values.indices { sum += a.values[index] / a.deviation * (b.values[index] / b.deviation) }
                return sum / count
            }
            units = columns.map { wanted.deviation / $0.deviation }
            for (row, column) in columns.enumerated() {
                let before = rows.map { $0[row] }
                rows.append(before + columns[row...].map { product(column, $0) } + [product(column, wanted)])
            }
        }

        /// Coefficients of some columns; of those that say the same the later ones get 0.
        func solved(_ kept: [Int]) -> [Double] {
            let count = kept.count
            var rows = kept.map { row in kept.map { self.rows[row][$0] } + [self.rows[row][self.rows.count]] }
            var coefficients = [Double](repeating: 0, count: count), pivots: [Int] = []
            for pivot in 0..<count where rows[pivot][pivot] > 1e-8 {
                let scale = rows[pivot][pivot]
                for column in 0...count { rows[pivot][column] /= scale }
                for row in 0..<count where row != pivot {
                    let factor = rows[row][pivot]
                    if factor != 0 { for column in 0...count { rows[row][column] -= factor * rows[pivot][column] } }
                }
                pivots.append(pivot)
            }
            for pivot in pivots { coefficients[pivot] = rows[pivot][count] * units[kept[pivot]] }
            return coefficients
        }
    }
}
