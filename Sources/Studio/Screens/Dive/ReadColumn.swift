/// What a column holds, alone or beside another one.
package struct ColumnAnswer: Sendable {
    /// A value, a bin or a group: how many rows it has, and the condition that finds them.
    package struct Entry: Hashable, Sendable {
        package var label: String
        package var count: Int
        package var condition: String

        package init(label: String, count: Int, condition: String) {
            (self.label, self.count, self.condition) = (label, count, condition)
        }
    }

    /// A figure of the column; a condition where there are rows behind it.
    package struct Fact: Hashable, Sendable {
        package var label: String
        package var value: String

        package init(_ label: String, _ value: String) { (self.label, self.value) = (label, value) }
    }

    package var columns: [RowsColumn]
    package var rowCount = 0, distinct = 0
    package var facts: [Fact] = []
    package var values: [Entry] = []
    package var bins: [Entry] = []
    /// The rows without a value, and those far from the others.
    package var missing: Entry?
    package var outliers: Entry?
    package var pair: Pair?

    package init(columns: [RowsColumn]) { self.columns = columns }

    /// Two columns beside each other.
    package enum Pair: Sendable {
        case points(Points)
        case groups([Group], range: ClosedRange<Double>)
        case table(columns: [Entry], rows: [(entry: Entry, counts: [Int])])
        /// No row has both.
        case nothing
    }

    /// A cloud of points.
    package struct Points: Sendable {
        package var x: ClosedRange<Double>, y: ClosedRange<Double>
        package var slope: Double, intercept: Double
        /// Rows by place, from the smallest y on. - Shape: [n][n].
        package var grid: [[Int]]

        package init(x: ClosedRange<Double>, y: ClosedRange<Double>, slope: Double, intercept: Double, grid: [[Int]]) {
            (self.x, self.y, self.slope, self.intercept, self.grid) = (x, y, slope, intercept, grid)
        }
    }

    /// Numbers of the rows with a value.
    package struct Group: Sendable {
        package var entry: Entry
        package var mean: Double
        /// Minimum, lower quartile, median, upper quartile, maximum.
        package var quantiles: [Double]

        package init(_ entry: Entry, mean: Double, quantiles: [Double]) {
            (self.entry, self.mean, self.quantiles) = (entry, mean, quantiles)
        }
    }
}

/// Asks what a column holds, of the rows that a view shows; beside another column if one is named.
package struct ReadColumn: StudioQuery {
    package static let lane = QueryLane.compute

    package let view: RowsView
    /// The columns by their names.
    package let column: String
    package let other: String?

    package init(_ view: RowsView, column: String, other: String? = nil) {
        (self.view, self.column, self.other) = (view, column, other)
    }

    package func take(_ answer: ColumnAnswer, into state: inout AppState) -> [Effect] {
        state.changeScreen(ColumnPage.self) { page, _ in if page.question == self { page.answer = answer } }
        state.pageChanged()
        return []
    }
}
