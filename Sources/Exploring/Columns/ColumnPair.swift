import CheckedNumbers
import Numerics
import Tables

/// Two columns beside each other: a cloud of points, groups of numbers, or a table of counts.
public enum ColumnPair: Sendable {
    case points(Points)
    case groups(Groups)
    case table(CountTable)

    /// Two columns of numbers.
    public struct Points: Sendable {
        public var count: Int
        public var pearson: Double, spearman: Double
        /// The line of least squares `y = slope · x + intercept`; NaN where x is constant.
        public var slope: Double, intercept: Double
        public var x: ClosedRange<Double>, y: ClosedRange<Double>
        /// Rows in each cell of a grid over both ranges, from the smallest y on. - Shape: [gridSize][gridSize].
        public var grid: [[Int]]
    }

    /// Numbers by the values of the other column.
    public struct Groups: Sendable {
        public var correlationRatio: Double
        /// The most frequent groups first, at most `mostGroups`; the rest is in `others`.
        public var groups: [Group]
        public var others: Int
        /// Whether the numbers are the first column's.
        public var isFirstNumeric: Bool
    }

    public struct Group: Sendable {
        public var label: String, condition: String
        public var count: Int
        public var mean: Double, standardDeviation: Double
        public var minimum: Double, lowerQuartile: Double, median: Double, upperQuartile: Double, maximum: Double
    }

    /// How often values come together.
    public struct CountTable: Sendable {
        public var cramersV: Double
        /// The most frequent values of each column first, at most `mostGroups`.
        public var rows: [Value], columns: [Value]
        public var counts: [[Int]]
        /// Rows with values that are not shown.
        public var others: Int
    }

    /// A value, and the condition that finds its rows.
    public struct Value: Hashable, Sendable {
        public var label: String, condition: String
    }

    public static let mostGroups = 24
    /// Cells of the grid each way: dots of a large screen.
    public static let gridSize = 192
}

/// Two columns' values gathered piece by piece, of rows that have both. Memory: 16 bytes a row, and each different text once.
public struct PairCounter: Sendable {
    private let first: RowColumn, second: RowColumn
    private var left: PairSide, right: PairSide
    /// Rows that were looked at.
    public private(set) var rowCount = 0

    public init(_ first: RowColumn, _ second: RowColumn) {
        (self.first, self.second) = (first, second)
        (left, right) = (PairSide(first), PairSide(second))
    }

    public mutating func add(_ first: Column, _ second: Column, rows: some Sequence<Int>) {
        let (a, b) = (left.reader(first), right.reader(second))
        for row in rows {
            rowCount += 1
            let (x, y) = (a(row), b(row))
            guard !x.isNaN, !y.isNaN else { continue }
            left.values.append(x)
            right.values.append(y)
        }
    }

    /// nil where no row has both.
    public func pair() -> ColumnPair? {
        guard !left.values.isEmpty else { return nil }
        switch (left.isNumeric, right.isNumeric) {
        case (true, true): return .points(points())
        case (true, false): return .groups(groups(left, right, second, isFirstNumeric: true))
        case (false, true): return .groups(groups(right, left, first, isFirstNumeric: false))
        case (false, false): return .table(table())
        }
    }

    private func points() -> ColumnPair.Points {
        let (x, y) = (left.values, right.values), size = ColumnPair.gridSize
        let finite = x.indices.filter { x[$0].isFinite && y[$0].isFinite }
        let (xs, ys) = finite.count == x.count ? (x, y) : (finite.map { x[$0] }, finite.map { y[$0] })
        let spread = (low: xs.min() ?? 0, high: xs.max() ?? 0), rise = (low: ys.min() ?? 0, high: ys.max() ?? 0)
        func place(_ value: Double, _ low: Double, _ high: Double) -> Int {
            high > low ? min(size - 1, max(0, Int(roundedDownWithin: (value - low) / (high - low) * Double(size)))) : 0
        }
        var grid = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
        for index in xs.indices {
            grid[place(ys[index], rise.low, rise.high)][place(xs[index], spread.low, spread.high)] += 1
        }
        let count = Double(xs.count), a = xs.reduce(0, +) / count, b = ys.reduce(0, +) / count
        let both = zip(xs, ys).reduce(0.0) { $0 + ($1.0 - a) * ($1.1 - b) }
        let own = xs.reduce(0.0) { $0 + ($1 - a) * ($1 - a) }
        let slope = own > 0 ? both / own : .nan
        return ColumnPair.Points(
            count: xs.count, pearson: Association.pearson(xs, ys), spearman: Association.spearman(xs, ys), slope: slope,
            intercept: b - slope * a, x: spread.low...spread.high, y: rise.low...rise.high, grid: grid)
    }

    private func groups(
        _ numbers: PairSide, _ names: PairSide, _ column: RowColumn, isFirstNumeric: Bool
    ) -> ColumnPair.Groups {
        let groups = names.values.map { Int(nearestWithin: $0) }
        var members = [[Double]](repeating: [], count: names.texts.count)
        for (number, group) in zip(numbers.values, groups) { members[group].append(number) }
        let chosen = names.frequent(ColumnPair.mostGroups)
        return ColumnPair.Groups(
            correlationRatio: Association.correlationRatio(numbers.values, groups: groups),
            groups: chosen.map { code in
                let sorted = Statistics.sorted(members[code]), count = Double(sorted.count)
                let mean = sorted.reduce(0, +) / count
                let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                return ColumnPair.Group(
                    label: names.texts[code], condition: RowCondition.equal(column, names.texts[code]), count: sorted.count,
                    mean: mean, standardDeviation: count > 1 ? (squares / (count - 1)).squareRoot() : 0,
                    minimum: sorted[0], lowerQuartile: Statistics.quantile(0.25, ofSorted: sorted),
                    median: Statistics.quantile(0.5, ofSorted: sorted),
                    upperQuartile: Statistics.quantile(0.75, ofSorted: sorted),
                    maximum: sorted[sorted.count - 1])
            }, others: groups.count - chosen.reduce(0) { $0 + members[$1].count }, isFirstNumeric: isFirstNumeric)
    }

    private func table() -> ColumnPair.CountTable {
        let ofRows = left.values.map { Int(nearestWithin: $0) }, ofColumns = right.values.map { Int(nearestWithin: $0) }
        let rows = left.frequent(ColumnPair.mostGroups), columns = right.frequent(ColumnPair.mostGroups)
        let rowPlaces = Dictionary(uniqueKeysWithValues: zip(rows, rows.indices))
        let columnPlaces = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
        var counts = [[Int]](repeating: [Int](repeating: 0, count: columns.count), count: rows.count)
        for (row, column) in zip(ofRows, ofColumns) {
            if let row = rowPlaces[row], let column = columnPlaces[column] { counts[row][column] += 1 }
        }
        return ColumnPair.CountTable(
            cramersV: Association.cramersV(ofRows, ofColumns),
            rows: rows.map { ColumnPair.Value(label: left.texts[$0], condition: RowCondition.equal(first, left.texts[$0])) },
            columns: columns.map {
                ColumnPair.Value(label: right.texts[$0], condition: RowCondition.equal(second, right.texts[$0]))
            }, counts: counts,
            others: left.values.count - counts.reduce(0) { $0 + $1.reduce(0, +) })
    }
}

/// One column's part of a pair: numbers, or numbers of texts.
private struct PairSide: Sendable {
    let isNumeric: Bool
    var values: [Double] = []
    private(set) var texts: [String] = []
    private var places: [String: Int] = [:]

    init(_ column: RowColumn) { isNumeric = column.kind == .numeric || column.kind == .integer || column.kind == .date }

    /// Gives a row's value; NaN where there is none.
    mutating func reader(_ column: Column) -> (Int) -> Double {
        switch column.storage {
        case .numbers(let numbers):
            guard !isNumeric else { return { numbers[$0] } }
            // Texts that are all numbers in this piece.
            let own = (0..<column.rowCount).map { row in column.text(at: row).map { Double(place($0)) } ?? .nan }
            return { own[$0] }
        case .codes(let codes, let dictionary):
            let own = dictionary.map { isNumeric ? Double($0) ?? .nan : Double(place($0)) }
            return { codes[$0] < 0 ? .nan : own[Int(codes[$0])] }
        }
    }

    private mutating func place(_ text: String) -> Int {
        if let place = places[text] { return place }
        places[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }

    /// The numbers of the most frequent texts that some row has, in that order; equally frequent ones by name.
    func frequent(_ most: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: texts.count)
        for value in values { counts[Int(nearestWithin: value)] += 1 }
        let order = counts.indices.filter { counts[$0] > 0 }
        return Array(order.sorted { (counts[$1], texts[$0]) < (counts[$0], texts[$1]) }.prefix(most))
    }
}
