import CheckedNumbers
import Numerics

/// Two disjoint sets of rows, each in the file's order. Together they are all rows, but for folds in an order, which train on
/// what comes before the held-out part only.
public struct RowSplit: Sendable, Hashable {
    /// How rows are chosen for the held-out part.
    public enum Method: Sendable, Hashable {
        /// Evenly at random.
        case random
        /// At random within each value of a column, so that every value keeps its share to within a row.
        case stratified(by: String)
        /// Whole groups of rows with equal values of a column, at random; rows without one are a group each.
        case grouped(by: String)
        /// The last rows in the order of a column's values, or in the file's; equal values stay together where that leaves rows on both
        /// sides, and rows without one come first.
        case ordered(by: String? = nil)
    }

    /// Rows to learn from.
    public var training: [Int]
    /// Rows held out.
    public var heldOut: [Int]

    /// Splits a table's rows.
    ///
    /// - Range: `fraction` of held-out rows in 0..<1, and neither part may end up empty unless the fraction is 0.
    /// - Throws: `badFraction`, `noRows`, `columnNotFound`; `columnUnusable` if the column to stratify by has too many values, or the
    ///   column of groups too few.
    public init(_ table: Table, method: Method, fraction: Double, seed: UInt64) throws(TableError) {
        try self.init(table, rows: Array(0..<table.rowCount), method: method, fraction: fraction, seed: seed)
    }

    /// Splits some rows of a table, given in the file's order; the others are in neither part.
    public init(_ table: Table, rows: [Int], method: Method, fraction: Double, seed: UInt64) throws(TableError) {
        guard fraction >= 0, fraction < 1 else {
            throw TableError(.badFraction, "the held-out fraction \(fraction) is not in 0..<1: say 0.2 for a fifth")
        }
        let count = Int(nearestWithin: Double(rows.count) * fraction)
        if fraction > 0, count == 0 || count == rows.count {
            throw TableError(
                .noRows, "\(rows.count) rows cannot be split at \(fraction): one part would be empty",
                path: table.path.isEmpty ? nil : table.path)
        }
        var random = RandomSource(seed: seed)
        var isHeldOut = [Bool](repeating: false, count: rows.count)
        switch method {
        case .ordered(let name):
            for position in try RowOrder(table, rows, by: name).last(count) { isHeldOut[position] = true }
        case .random:
            var order = Array(rows.indices)
            random.shuffle(&order)
            for position in order.prefix(count) { isHeldOut[position] = true }
        case .stratified(let name):
            let groups = try RowGroups(table, rows, by: name).strata()
            for (group, share) in zip(groups, RowGroups.shares(groups.map(\.count), total: count)) {
                var group = group
                random.shuffle(&group)
                for position in group.prefix(share) { isHeldOut[position] = true }
            }
        case .grouped(let name):
            guard count > 0 else { break }
            for position in try RowGroups(table, rows, by: name).wholeGroups(about: count, &random) { isHeldOut[position] = true }
        }
        self.init(rows, isHeldOut)
    }

    private init(_ rows: [Int], _ isHeldOut: [Bool]) {
        training = rows.indices.filter { !isHeldOut[$0] }.map { rows[$0] }
        heldOut = rows.indices.filter { isHeldOut[$0] }.map { rows[$0] }
    }

    /// Splits of which each holds another part out: every row once, but for folds in an order.
    ///
    /// In an order there are `count + 1` parts of equal size; each but the first is held out once, and what comes before it is
    /// learned from (as scikit-learn's `TimeSeriesSplit` has it).
    ///
    /// - Range: `count` at least 2.
    /// - Throws: as `init`; `noRows` when a part would be empty.
    public static func folds(
        _ table: Table, rows: [Int], method: Method, count: Int, seed: UInt64
    ) throws(TableError) -> [RowSplit] {
        precondition(count >= 2, "\(count) folds")
        let parts = count + (method.isOrdered ? 1 : 0)
        guard rows.count >= parts else {
            throw TableError(
                .noRows, "\(rows.count) rows cannot make \(count) folds: ask for fewer",
                path: table.path.isEmpty ? nil : table.path)
        }
        var random = RandomSource(seed: seed)
        var foldOf = [Int](repeating: 0, count: rows.count)
        switch method {
        case .ordered(let name):
            let order = try RowOrder(table, rows, by: name)
            for (place, position) in order.positions.enumerated() { foldOf[position] = place * parts / rows.count }
            return (1..<parts).map { fold in
                RowSplit(
                    training: rows.indices.filter { foldOf[$0] < fold }.map { rows[$0] },
                    heldOut: rows.indices.filter { foldOf[$0] == fold }.map { rows[$0] })
            }
        case .random:
            var order = Array(rows.indices)
            random.shuffle(&order)
            for (place, position) in order.enumerated() { foldOf[position] = place % count }
        case .stratified(let name):
            // Every class goes on where the one before it ended, so that parts are of one size, too.
            var next = 0
            for group in try RowGroups(table, rows, by: name).strata() {
                var group = group
                random.shuffle(&group)
                for position in group {
                    foldOf[position] = next
                    next = (next + 1) % count
                }
            }
        case .grouped(let name): foldOf = try RowGroups(table, rows, by: name).folds(count, &random)
        }
        return (0..<count).map { fold in RowSplit(rows, foldOf.map { $0 == fold }) }
    }

    private init(training: [Int], heldOut: [Int]) { (self.training, self.heldOut) = (training, heldOut) }
}

extension RowSplit.Method {
    fileprivate var isOrdered: Bool { if case .ordered = self { true } else { false } }
}
