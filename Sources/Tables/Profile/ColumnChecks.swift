import CheckedNumbers
import Glibc
import Numerics

/// What may be wrong with columns whatever is to be predicted.
enum ColumnChecks {
    /// - Parameter rowCount: rows that the summaries are of.
    static func warnings(
        _ table: Table, _ summaries: [ColumnSummary], rowCount: Int, target: String?
    ) -> [TableWarning] {
        guard table.rowCount > 0 else { return [] }
        var warnings: [TableWarning] = [], sparse: [TableWarning] = [], names: Set<String> = []
        let rows = Array(0..<table.rowCount)
        for (column, summary) in zip(table.columns, summaries) {
            warnings += presence(summary, rowCount: rowCount)
            let isTarget = column.name == target
            let name = isTarget ? nil : RowNames.warning(column, rows: rows) ?? KeyLike.warning(column, summary)
            if !isTarget, let warning = nearlyConstant(summary) { sparse.append(warning) }
            if let name {
                warnings.append(name)
                names.insert(column.name)
            } else if column.kind == .text, summary.distinct > 1 {
                warnings.append(FeatureFitting.textWarning(column, summary.distinct))
            }
            if target == nil, let warning = order(column, summary) { warnings.append(warning) }
            if name == nil, let warning = outliers(column, summary) { warnings.append(warning) }
        }
        if sparse.count <= mostSparse { warnings += sparse }
        if let warning = scaleSpread(summaries.filter { $0.name != target && !names.contains($0.name) }) {
            warnings.append(warning)
        }
        return warnings
    }

    private static func presence(_ summary: ColumnSummary, rowCount: Int) -> [TableWarning] {
        if summary.count == 0 {
            return [TableWarning(.allMissing, column: summary.name, "\(summary.name) has no value in any row")]
        }
        var warnings: [TableWarning] = []
        if summary.distinct == 1, rowCount > 1, summary.missing == 0 {
            let value = summary.mostFrequent.first?.value ?? ""
            warnings.append(
                TableWarning(.constantColumn, column: summary.name, "\(summary.name) is always \(value): it cannot help a model"))
        }
        if summary.missing * 10 > rowCount * 3 {
            let share = (Double(summary.missing) * 100 / Double(rowCount)).rounded()
            warnings.append(
                TableWarning(
                    .manyMissing, column: summary.name, "\(summary.name) is missing in \(Int(nearestWithin: share)) % of the rows"
                ))
        }
        return warnings
    }

    /// Fewer values prove nothing.
    private static let leastValues = 50
    /// Rows with other values that may be too few to learn from: at most so many, or one in so many.
    private static let fewOthers = 50, fewOthersShare = 200
    /// More columns of hardly more than one value are so by nature: pixels at an edge, counts of words, indicators.
    private static let mostSparse = 5

    /// A column of one value but in so few rows that a model learns little from them. One that is mostly zero and otherwise a quantity, such
    /// as gains, has enough of the others in files of some size.
    private static func nearlyConstant(_ summary: ColumnSummary) -> TableWarning? {
        guard summary.distinct > 1, summary.count >= leastValues, let most = summary.mostFrequent.first else { return nil }
        let others = summary.count - most.count
        guard others * 20 < summary.count, others <= max(fewOthers, summary.count / fewOthersShare) else { return nil }
        let share = (Double(most.count) * 1000 / Double(summary.count)).rounded(.down) / 10
        return TableWarning(
            .nearlyConstant, column: summary.name,
            "\(summary.name) is \(most.value) but in \(others) of \(summary.count) rows (\(Column.text(of: share)) %): "
                + "that is little to learn from, and a part of the rows may have none of them")
    }

    /// A column of few values whose rows lie together value by value.
    private static func order(_ column: Column, _ summary: ColumnSummary) -> TableWarning? {
        guard summary.distinct >= 2, summary.distinct <= 20, summary.count >= 20, summary.count >= summary.distinct * 5,
            [.boolean, .categorical, .integer].contains(column.kind)
        else { return nil }
        let labels = Labels(column).present
        let runs = 1 + zip(labels, labels.dropFirst()).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        guard runs == summary.distinct else { return nil }
        return TableWarning(
            .orderedColumn, column: column.name,
            "the rows are sorted by \(column.name): a model for it sees one value at a time unless rows are shuffled")
    }

    /// Values far outside the others: rarely real, often a code such as 9999.
    private static func outliers(_ column: Column, _ summary: ColumnSummary) -> TableWarning? {
        guard column.kind != .date, summary.statistics != nil, let numbers = column.numbers,
            let strays = StrayValues(summary.missing == 0 ? numbers : numbers.filter { !$0.isNaN })
        else { return nil }
        if let sentinel = strays.sentinel {
            let value = Column.text(of: sentinel.value)
            return TableWarning(
                .outliers, column: column.name,
                "\(column.name) is \(value) in \(sentinel.count) rows, far outside the rest: if it stands for a missing value, say so (--missing \(value))"
            )
        }
        return TableWarning(
            .outliers, column: column.name,
            "\(column.name) has \(strays.count) \(strays.count == 1 ? "value" : "values") far outside the rest, such as \(Column.text(of: strays.example))"
        )
    }

    private static func scaleSpread(_ summaries: [ColumnSummary]) -> TableWarning? {
        let scales = summaries.compactMap { summary -> (String, Double)? in
            guard [.numeric, .integer].contains(summary.kind), let deviation = summary.statistics?.standardDeviation,
                deviation > 0, deviation.isFinite
            else { return nil }
            return (summary.name, deviation)
        }
        guard let widest = scales.max(by: { $0.1 < $1.1 }), let narrowest = scales.min(by: { $0.1 < $1.1 }),
            widest.1 > narrowest.1 * 100
        else { return nil }
        // Beyond what a whole number holds the power of ten says it; the ratio itself may be too large to be a number.
        let ratio = (widest.1 / narrowest.1).rounded(), power = Int(nearestWithin: log10(widest.1) - log10(narrowest.1))
        let times = ratio < 1e15 ? Column.text(of: ratio) : "about 1e+\(power)"
        return TableWarning(
            .scaleSpread,
            "\(widest.0) spreads \(times) times as wide as \(narrowest.0): keep normalize_data on, or training will not converge"
        )
    }
}

/// A column's rows as small numbers that are equal where the values are.
struct Labels {
    /// One label a row, -1 where missing.
    let values: [Int32]
    /// Labels run from 0 to this, exclusively.
    let count: Int

    init(_ column: Column) {
        switch column.storage {
        case .codes(let codes, let dictionary): (values, count) = (codes, dictionary.count)
        case .numbers(let numbers):
            var positions: [Double: Int32] = [:]
            values = numbers.map { number in
                if number.isNaN { return -1 }
                if let position = positions[number] { return position }
                positions[number] = Int32(positions.count)
                return Int32(positions.count - 1)
            }
            count = positions.count
        }
    }

    /// The labels of rows that have one.
    var present: [Int32] { values.filter { $0 >= 0 } }
}
