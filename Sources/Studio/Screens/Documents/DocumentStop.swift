/// A place in a document that the cursor can stand on: a name that leads somewhere, a row of a table, a chart, or a notebook's cell.
package struct DocumentStop: Hashable, Sendable {
    /// Which row of which of the document's tables.
    package struct Row: Hashable, Sendable {
        package var table: Int
        package var index: Int
    }

    package var line: Int
    /// Columns from the line's start, and how many; nil = the whole line.
    package var x: Int
    package var width: Int?
    package var link: ObjectLink?
    package var row: Row?
    /// Which of the document's charts.
    package var chart: Int?
    /// Which of a notebook's cells.
    package var cell: Int?

    init(
        line: Int, x: Int, width: Int?, link: ObjectLink? = nil, row: Row? = nil, chart: Int? = nil, cell: Int? = nil
    ) {
        (self.line, self.x, self.width, self.link, self.row, self.chart) = (line, x, width, link, row, chart)
        self.cell = cell
    }
}
