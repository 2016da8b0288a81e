/// What rows are of.
package enum RowsSource: Hashable, Sendable {
    /// A data file, with what the user says about reading it.
    case file(RowsFile)
    /// The answer to a query over files.
    case query(String, [RowsFile])

    /// What a person calls it.
    var name: String {
        switch self {
        case .file(let file): file.name
        case .query: "answer"
        }
    }
}

/// A data file to be read row by row.
package struct RowsFile: Hashable, Sendable {
    package let path: String
    package let reading: [String: String]

    package init(path: String, reading: [String: String] = [:]) { (self.path, self.reading) = (path, reading) }

    package var name: String { String(path.split(separator: "/").last ?? path[...]) }
}

/// Which rows are shown, and in what order.
package struct RowsView: Hashable, Sendable {
    package var source: RowsSource
    /// A condition, as it is typed; empty = all rows.
    package var filter = ""
    /// By which column they are sorted; nil = as they stand in the file.
    package var sort: Sort?

    package struct Sort: Hashable, Sendable {
        package var column: Int
        package var isDescending: Bool

        package init(column: Int, isDescending: Bool) { (self.column, self.isDescending) = (column, isDescending) }
    }

    package init(_ source: RowsSource) { self.source = source }

    /// Whether all rows have to be looked at before it is known which come first.
    package var isPlain: Bool { filter.isEmpty && sort == nil }
}

/// A column of rows.
package struct RowsColumn: Hashable, Sendable {
    package let name: String
    /// The word of what its values are: `integer`, `date`.
    package let kind: String
    /// Columns of the screen that the values take that were seen so far.
    package internal(set) var width: Int

    package init(name: String, kind: String, width: Int) { (self.name, self.kind, self.width) = (name, kind, width) }

    var isNumber: Bool { kind == "integer" || kind == "numeric" }
}

/// What is known of the rows of a view, and some of them.
package struct RowsPiece: Sendable {
    package var columns: [RowsColumn]
    package var count: RowsCount
    /// The first of the rows, counted in the view's order.
    package var first: Int
    /// Where each of the rows stands in the file, from 0.
    package var numbers: [Int]
    /// Which columns there are values of.
    package var shown: [Int]
    package var cells: [[String?]]

    package init(
        columns: [RowsColumn], count: RowsCount, first: Int, numbers: [Int], shown: [Int], cells: [[String?]]
    ) {
        (self.columns, self.count, self.first) = (columns, count, first)
        (self.numbers, self.shown, self.cells) = (numbers, shown, cells)
    }
}

/// How many rows a view has, as far as that was found out.
package struct RowsCount: Hashable, Sendable {
    /// Rows that can be shown.
    package var found = 0
    /// Rows of the file, as far as it was gone through.
    package var all = 0
    /// Whether nothing is left to be looked at.
    package var isComplete = false
    /// The share of the file that was looked at, from 0 to 1.
    package var progress = 0.0
    /// Values that are none of their column's kind and were not compared.
    package var misfits = 0
    /// What may have been meant where no row was found.
    package var hint: String?

    package init() {}
}
