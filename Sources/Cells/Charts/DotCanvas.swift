/// A rectangle of dots, several to a cell. Every cell belongs to one curve: a later one takes the whole cell over, so colours
/// never mix.
struct DotCanvas {
    let cell: DotCell
    let columns: Int
    let rows: Int
    private let cellColumns: Int
    private var masks: [UInt8]
    private var owners: [UInt16]

    init(width: Int, height: Int, cell: DotCell) {
        self.cell = cell
        columns = width * cell.columns
        rows = height * cell.rows
        cellColumns = width
        masks = Array(repeating: 0, count: width * height)
        owners = Array(repeating: 0, count: width * height)
    }

    /// Sets a dot; outside the canvas nothing happens.
    mutating func set(column: Int, row: Int, owner: UInt16) {
        guard column >= 0, column < columns, row >= 0, row < rows else { return }
        let (x, subcolumn) = cell.columns == 2 ? (column >> 1, column & 1) : (column, 0)
        let y = row / cell.rows
        let index = y * cellColumns + x
        if owners[index] != owner {
            owners[index] = owner
            masks[index] = 0
        }
        masks[index] |= cell.bit(column: subcolumn, row: row - y * cell.rows)
    }

    /// Sets the dots of a column between two rows, whichever is higher.
    mutating func span(column: Int, from first: Int, to second: Int, owner: UInt16) {
        guard column >= 0, column < columns else { return }
        let top = max(0, min(first, second)), bottom = min(rows - 1, max(first, second))
        guard top <= bottom else { return }
        for row in top...bottom { set(column: column, row: row, owner: owner) }
    }

    /// The character and the owner of a cell; nil if no dot is set in it.
    func content(x: Int, y: Int) -> (scalar: Unicode.Scalar, owner: UInt16)? {
        let index = y * cellColumns + x
        return masks[index] == 0 ? nil : (cell.scalar(masks[index]), owners[index])
    }
}

extension Dash {
    /// Whether steep pieces of a curve leave this dot out; their ends are always drawn. Neighbouring columns leave out other
    /// rows, so that many steep pieces side by side look like a light tint and not like lines.
    func hides(row: Int, column: Int) -> Bool { self == .dotted && row % 4 != (column % 4 * 2 + column % 4 / 2) % 4 }

    /// Whether flat pieces of a curve leave this dot column out.
    func hides(column: Int, cell: DotCell) -> Bool {
        switch self {
        case .solid: false
        case .dashed: cell.columns == 2 ? column % 6 >= 4 : column % 3 == 2
        case .dotted: cell.columns == 2 ? column % 3 != 0 : column % 2 == 1
        }
    }
}
