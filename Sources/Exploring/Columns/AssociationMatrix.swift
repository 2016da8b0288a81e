import CheckedNumbers
import Numerics
import Tables

/// How columns go together, each with each: numbers by Pearson's or Spearman's correlation, numbers and categories by the
/// correlation ratio, categories by Cramér's V.
public struct AssociationMatrix: Sendable {
    /// How two columns of numbers are compared.
    public enum Numbers: String, Sendable, CaseIterable { case spearman, pearson }

    public let columns: [RowColumn]
    /// From -1 to 1 between numbers, else from 0 to 1; NaN where one is constant. - Shape: [columns][columns], symmetric.
    public let values: [[Double]]
    /// Rows that were looked at.
    public let rowCount: Int

    /// What was compared between two of the columns.
    public func measure(_ first: Int, _ second: Int, _ numbers: Numbers) -> String {
        switch (columns[first].isNumeric, columns[second].isNumeric) {
        case (true, true): numbers == .pearson ? "Pearson" : "Spearman"
        case (false, false): "Cramér's V"
        default: "correlation ratio"
        }
    }
}

extension RowColumn {
    var isNumeric: Bool { kind == .numeric || kind == .integer || kind == .date }
}

/// Gathers some rows of all columns, and compares those that belong together.
///
/// Memory: `mostValues` numbers, however many rows and columns there are.
public struct AssociationCounter: Sendable {
    private let columns: [RowColumn]
    private var values: [[Double]]
    private var texts: [[String: Int]]

    /// Values that are kept: rows are taken evenly from all of the file.
    public static let mostValues = 20_000_000, mostRows = 20_000
    /// Categories of a column that is compared; one of more tells little by itself.
    public static let mostCategories = 50

    public init(_ columns: [RowColumn]) {
        self.columns = columns
        values = columns.map { _ in [] }
        texts = columns.map { _ in [:] }
    }

    /// Every how manieth row is taken.
    public static func step(rowCount: Int, columnCount: Int) -> Int {
        let most = max(100, min(mostRows, mostValues / max(1, columnCount)))
        return max(1, (rowCount + most - 1) / most)
    }

    public mutating func add(_ table: Table, rows: [Int]) {
        for (index, column) in table.columns.enumerated() where index < columns.count {
            switch column.storage {
            case .numbers(let numbers):
                if columns[index].isNumeric {
                    values[index] += rows.map { numbers[$0] }
                } else {
                    values[index] += rows.map { row in column.text(at: row).map { code($0, index) } ?? .nan }
                }
            case .codes(let codes, let dictionary):
                let own = dictionary.map { columns[index].isNumeric ? Double($0) ?? .nan : code($0, index) }
                values[index] += rows.map { codes[$0] < 0 ? .nan : own[Int(codes[$0])] }
            }
        }
    }

    private mutating func code(_ text: String, _ column: Int) -> Double {
        let code = texts[column][text] ?? texts[column].count
        texts[column][text] = code
        return Double(code)
    }

    /// Columns of numbers, and those of few categories.
    private var comparable: [Int] {
        columns.indices.filter { index in
            columns[index].isNumeric || (2...Self.mostCategories).contains(texts[index].count)
        }
    }

    /// The matrix of a column and those that go with it most, in the file's order; without one, of the first columns.
    ///
    /// - Parameter most: at most so many columns; at least 2.
    public func matrix(around anchor: Int?, numbers: AssociationMatrix.Numbers, most: Int = 30) -> AssociationMatrix {
        var chosen = comparable
        if chosen.count > most {
            if let anchor, chosen.contains(anchor) {
                let strengths = chosen.map { index in
                    index == anchor ? Double.infinity : abs(strength(anchor, index, numbers)).orZero
                }
                let order = chosen.indices.sorted { (strengths[$1], chosen[$0]) < (strengths[$0], chosen[$1]) }
                chosen = order.prefix(most).map { chosen[$0] }.sorted()
            } else {
                chosen = Array(chosen.prefix(most))
            }
        }
        var matrix = [[Double]](repeating: [Double](repeating: 1, count: chosen.count), count: chosen.count)
        for row in chosen.indices {
            for column in 0..<row {
                matrix[row][column] = strength(chosen[row], chosen[column], numbers)
                matrix[column][row] = matrix[row][column]
            }
        }
        return AssociationMatrix(columns: chosen.map { columns[$0] }, values: matrix, rowCount: values.first?.count ?? 0)
    }

    private func strength(_ first: Int, _ second: Int, _ numbers: AssociationMatrix.Numbers) -> Double {
        let (a, b) = (values[first], values[second])
        let both = a.indices.filter { a[$0].isFinite && b[$0].isFinite }
        let x = both.count == a.count ? a : both.map { a[$0] }, y = both.count == b.count ? b : both.map { b[$0] }
        func codes(_ values: [Double]) -> [Int] { values.map { Int(nearestWithin: $0) } }
        switch (columns[first].isNumeric, columns[second].isNumeric) {
        case (true, true): return numbers == .pearson ? Association.pearson(x, y) : Association.spearman(x, y)
        case (true, false): return Association.correlationRatio(x, groups: codes(y))
        case (false, true): return Association.correlationRatio(y, groups: codes(x))
        case (false, false): return Association.cramersV(codes(x), codes(y))
        }
    }
}

extension Double {
    fileprivate var orZero: Double { isNaN ? 0 : self }
}
