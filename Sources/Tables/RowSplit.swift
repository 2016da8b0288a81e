import CheckedNumbers
import Numerics

/// Two disjoint sets of rows that together are all rows, each in the file's order.
public struct RowSplit: Sendable, Hashable {
    /// How rows are chosen for the held-out part.
    public enum Method: Sendable, Hashable {
        /// Evenly at random.
        case random
        /// At random within each value of a column, so that every value keeps its share to within a row.
        case stratified(by: String)
        /// The last rows.
        case ordered
    }

    /// Rows to learn from.
    public var training: [Int]
    /// Rows held out.
    public var heldOut: [Int]

    /// Splits a table's rows.
    ///
    /// - Range: `fraction` of held-out rows in 0..<1, and neither part may end up empty unless the fraction is 0.
    /// - Throws: `badFraction`, `noRows`, `columnNotFound`; `columnUnusable` if the column to stratify by has too many values.
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
        case .ordered:
            for position in rows.count - count..<rows.count { isHeldOut[position] = true }
        case .random:
            var order = Array(rows.indices)
            random.shuffle(&order)
            for position in order.prefix(count) { isHeldOut[position] = true }
        case .stratified(let name):
            let groups = try RowSplit.groups(table, rows, by: table.column(matching: name))
            for (group, share) in zip(groups, RowSplit.shares(groups.map(\.count), total: count)) {
                var group = group
                random.shuffle(&group)
                for position in group.prefix(share) { isHeldOut[position] = true }
            }
        }
        training = rows.indices.filter { !isHeldOut[$0] }.map { rows[$0] }
        heldOut = rows.indices.filter { isHeldOut[$0] }.map { rows[$0] }
    }

    /// Positions in `rows`, grouped by the column's value; rows without one are a group of their own.
    private static func groups(_ table: Table, _ rows: [Int], by column: Column) throws(TableError) -> [[Int]] {
        var groups: [[Int]] = []
        var indexOfNumber: [Double: Int] = [:], indexOfCode: [Int32: Int] = [:]
        for (position, row) in rows.enumerated() {
            let index: Int
            switch column.storage {
            case .codes(let codes, _):
                index = indexOfCode[codes[row], default: groups.count]
                indexOfCode[codes[row]] = index
            case .numbers(let numbers):
                let key = numbers[row].isNaN ? -Double.infinity : numbers[row]
                index = indexOfNumber[key, default: groups.count]
                indexOfNumber[key] = index
            }
            if index == groups.count { groups.append([]) }
            groups[index].append(position)
        }
        guard groups.count <= max(2, rows.count / 2) else {
            throw TableError(
                .columnUnusable,
                "'\(column.name)' has \(groups.count) distinct values in \(rows.count) rows: stratify by a column of classes",
                path: table.path.isEmpty ? nil : table.path)
        }
        return groups
    }

    /// Each group's part of the total, by largest remainder: within one row of its exact share.
    private static func shares(_ sizes: [Int], total: Int) -> [Int] {
        let all = sizes.reduce(0, +)
        guard all > 0 else { return sizes }
        var shares = sizes.map { $0 * total / all }
        let remainders = sizes.map { $0 * total % all }
        let order = sizes.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
        for index in order.prefix(total - shares.reduce(0, +)) { shares[index] += 1 }
        return shares
    }
}
