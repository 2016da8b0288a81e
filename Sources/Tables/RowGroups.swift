import CheckedNumbers
import Numerics

/// Positions among some rows, grouped by a column's value, in the order of first appearance.
struct RowGroups {
    private var groups: [[Int]] = []
    /// The group of rows without a value; nil when all have one.
    private var missing: Int?
    private let column: String, path: String?, rowCount: Int

    init(_ table: Table, _ rows: [Int], by name: String) throws(TableError) {
        let column = try table.column(matching: name)
        (self.column, path, rowCount) = (column.name, table.path.isEmpty ? nil : table.path, rows.count)
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
            if column.isMissing(at: row) { missing = index }
        }
    }

    /// The groups, where they are few enough to keep the share of each.
    ///
    /// - Throws: `columnUnusable`.
    func strata() throws(TableError) -> [[Int]] {
        guard groups.count <= max(2, rowCount / 2) else {
            throw TableError(
                .columnUnusable,
                "'\(column)' has \(groups.count) distinct values in \(rowCount) rows: stratify by a column of classes",
                path: path)
        }
        return groups
    }

    /// The groups that stay together; rows without a value are on their own.
    private func kept(atLeast count: Int) throws(TableError) -> [[Int]] {
        let kept = groups.indices.flatMap { $0 == missing ? groups[$0].map { [$0] } : [groups[$0]] }
        guard kept.count >= count else {
            throw TableError(
                .columnUnusable,
                "'\(column)' has \(kept.count) \(kept.count == 1 ? "value" : "values"): keeping groups together takes at least \(count)",
                path: path)
        }
        return kept
    }

    /// Positions of whole groups, about `count` of them, at least one group and not all.
    func wholeGroups(about count: Int, _ random: inout RandomSource) throws(TableError) -> [Int] {
        var kept = try kept(atLeast: 2)
        random.shuffle(&kept)
        var chosen: [Int] = []
        for group in kept where chosen.count < count {
            // Nearer to what is wanted with the group than without it.
            if chosen.isEmpty || chosen.count + group.count - count <= count - chosen.count { chosen += group }
        }
        // A group that is most of the rows is to be learned from.
        if chosen.count == rowCount || chosen.count > rowCount - count, let smallest = kept.min(by: { $0.count < $1.count }) {
            chosen = smallest
        }
        return chosen
    }

    /// The fold of each position: the largest groups first, each where there is most room.
    func folds(_ count: Int, _ random: inout RandomSource) throws(TableError) -> [Int] {
        var kept = try kept(atLeast: count)
        random.shuffle(&kept)
        let order = kept.indices.sorted { (-kept[$0].count, $0) < (-kept[$1].count, $1) }
        var sizes = [Int](repeating: 0, count: count), foldOf = [Int](repeating: 0, count: rowCount)
        for index in order {
            let fold = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            for position in kept[index] { foldOf[position] = fold }
            sizes[fold] += kept[index].count
        }
        return foldOf
    }

    /// Each group's part of the total, by largest remainder: within one row of its exact share.
    static func shares(_ sizes: [Int], total: Int) -> [Int] {
        let all = sizes.reduce(0, +)
        guard all > 0 else { return sizes }
        var shares = sizes.map { $0 * total / all }
        let remainders = sizes.map { $0 * total % all }
        let order = sizes.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
        for index in order.prefix(total - shares.reduce(0, +)) { shares[index] += 1 }
        return shares
    }
}

/// Positions among some rows in the order of a column's values, or as they are.
struct RowOrder {
    let positions: [Int]
    private let isTied: (Int, Int) -> Bool

    init(_ table: Table, _ rows: [Int], by name: String?) throws(TableError) {
        guard let name else {
            positions = Array(rows.indices)
            isTied = { _, _ in false }
            return
        }
        let column = try table.column(matching: name)
        guard case .numbers(let numbers) = column.storage else {
            throw TableError(
                .columnUnusable, "'\(column.name)' is \(column.kind.rawValue): rows are put in the order of dates or numbers",
                path: table.path.isEmpty ? nil : table.path)
        }
        let keys = rows.map { numbers[$0].isNaN ? -Double.infinity : numbers[$0] }
        positions = rows.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        isTied = { keys[$0] == keys[$1] }
    }

    /// The last `count` positions; of those that tie with the first of them, none or all.
    func last(_ count: Int) -> ArraySlice<Int> {
        guard count > 0, count < positions.count else { return positions.suffix(count) }
        let cut = positions.count - count
        var later = cut, earlier = cut
        while later < positions.count, isTied(positions[later], positions[cut - 1]) { later += 1 }
        while earlier > 0, isTied(positions[earlier - 1], positions[cut]) { earlier -= 1 }
        if later < positions.count, later - cut <= cut - earlier || earlier == 0 { return positions[later...] }
        return earlier > 0 ? positions[earlier...] : positions[cut...]
    }
}
