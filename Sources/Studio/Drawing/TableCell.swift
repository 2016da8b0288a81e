import Cells

/// What a table's cell shows.
struct TableCell {
    var text: String
    var role: ColorRole = .text
    var attributes: Style.Attributes = []
}

extension CellBuffer {
    /// Writes one cell of a table, aligned as its column is.
    mutating func write(_ cell: TableCell, _ column: TableColumn, _ place: TableLayout.Place, in row: Rect) {
        let area = Rect(x: row.x + place.x, y: row.y, width: place.width, height: 1).intersection(row)
        let style = Style(cell.role, on: .background, cell.attributes)
        if column.isRight {
            write(cell.text, endingAt: area.maxX, y: row.y, style, clip: area)
        } else {
            write(cell.text, x: area.x, y: row.y, style, clip: area)
        }
    }
}
