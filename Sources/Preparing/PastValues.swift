import Tables

/// Values of earlier rows, in the order of a column: no row's own value, and none of a later row, has a part in them.
package struct PastValues: Sendable, Hashable, Codable {
    enum Summary: String, Sendable, Hashable, Codable { case mean, sum, min, max, sd }

    var columns: [String]
    var order: String
    /// The column whose values have each a past of their own.
    var group: String?
    /// How many rows back, each a column.
    var lags: [Int]
    /// How many rows before each are summed up; 0 = none are.
    var window: Int
    var summaries: [Summary]

    var reads: [String] { columns + [order] + [group].compactMap { $0 } }

    var names: [String] { columns.flatMap(names) }

    private func names(of column: String) -> [String] {
        lags.map { "\(column)_lag_\($0)" } + summaries.map { "\(column)_\($0.rawValue)_\(window)" }
    }

    /// Rows of its past that a row needs to have every value.
    var depth: Int { max(lags.max() ?? 0, window) }

    /// Makes the columns; a row whose past is too short, or has a gap, has no value.
    ///
    /// - Returns: also what is to be told of rows whose past is too short, is not known, or could be another.
    func apply(to set: ColumnSet) throws(ColumnFault) -> (columns: [Column], told: [String]) {
        let pasts = try self.pasts(in: set)
        var made: [Column] = []
        for name in columns {
            guard let column = set[name] else { continue }
            made += try self.made(of: column, pasts.groups)
        }
        let short = pasts.groups.reduce(0) { $0 + min(depth, $1.count) }
        var told: [String] = []
        if short > 0 {
            told.append("\(short) rows have fewer than \(depth) rows before them: what they lack of their past is missing")
        }
        if pasts.unplaced > 0 { told.append("\(pasts.unplaced) rows have no \(order), and so no past") }
        if pasts.tied > 0 {
            let whose = group.map { " of their \($0)" } ?? ""
            let advice = group == nil ? "order by a finer column, or give a group" : "order by a finer column"
            told.append(
                "\(pasts.tied) rows have the same \(order) as another\(whose): these follow each other as in the file (\(advice))"
            )
        }
        return (made, told)
    }

    /// Rows of each group in their order, equal ones in the file's.
    private func pasts(in set: ColumnSet) throws(ColumnFault) -> (groups: [[Int]], unplaced: Int, tied: Int) {
        guard let column = set[order] else { return ([], 0, 0) }
        let places = column.kind == .date ? try column.moments() : try column.numberValues()
        let rows = places.indices.filter { !places[$0].isNaN }.sorted { (places[$0], $0) < (places[$1], $1) }
        let unplaced = places.count - rows.count
        guard let group, let own = set[group] else { return ([rows], unplaced, Self.tied(rows, places)) }
        var found: [String?: Int] = [:], groups: [[Int]] = []
        for row in rows {
            let text = own.text(at: row)
            if let place = found[text] {
                groups[place].append(row)
            } else {
                found[text] = groups.count
                groups.append([row])
            }
        }
        return (groups, unplaced, groups.reduce(0) { $0 + Self.tied($1, places) })
    }

    /// Rows, sorted by their places, that share one with another.
    private static func tied(_ rows: [Int], _ places: [Double]) -> Int {
        rows.indices.count { index in
            let own = places[rows[index]]
            return index > 0 && places[rows[index - 1]] == own || index + 1 < rows.count && places[rows[index + 1]] == own
        }
    }

    private func made(of column: Column, _ groups: [[Int]]) throws(ColumnFault) -> [Column] {
        let values = try column.numberValues()
        var results = [[Double]](
            repeating: [Double](repeating: .nan, count: values.count), count: lags.count + summaries.count)
        for rows in groups {
            for (index, lag) in lags.enumerated() where lag < rows.count {
                for place in lag..<rows.count { results[index][rows[place]] = values[rows[place - lag]] }
            }
            guard !summaries.isEmpty, window < rows.count else { continue }
            for place in window..<rows.count {
                let past = rows[place - window..<place].map { values[$0] }
                guard !past.contains(where: \.isNaN) else { continue }
                for (index, summary) in summaries.enumerated() { results[lags.count + index][rows[place]] = summary.of(past) }
            }
        }
        let isWhole = { (index: Int) in
            column.kind == .integer && (index < lags.count || [.sum, .min, .max].contains(summaries[index - lags.count]))
        }
        return names(of: column.name).enumerated().map { index, name in
            Column(name: name, kind: isWhole(index) ? .integer : .numeric, storage: .numbers(results[index]))
        }
    }
}

extension PastValues.Summary {
    /// - Parameter values: at least one, at least two for a deviation.
    func of(_ values: [Double]) -> Double {
        let count = Double(values.count), sum = values.reduce(0, +)
        switch self {
        case .sum: return sum
        case .mean: return sum / count
        case .min: return values.min() ?? .nan
        case .max: return values.max() ?? .nan
        case .sd:
            let squares = values.reduce(0) { $0 + ($1 - sum / count) * ($1 - sum / count) }
            return (squares / (count - 1)).squareRoot()
        }
    }
}
