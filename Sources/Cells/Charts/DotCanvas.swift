/// A rectangle of dots, several to a cell, set by curves one after the other, the uppermost last. A cell shows the dots of all that
/// come through it.
struct DotCanvas {
    let cell: DotCell
    let columns: Int
    let rows: Int
    private let cellColumns: Int
    private var masks: [UInt8]
    private var tops: [UInt16]
    /// A bit for each curve that has dots in a cell; those from the 64th on share the last.
    private var owners: [UInt64]

    init(width: Int, height: Int, cell: DotCell) {
        self.cell = cell
        columns = width * cell.columns
        rows = height * cell.rows
        cellColumns = width
        masks = Array(repeating: 0, count: width * height)
        tops = Array(repeating: 0, count: width * height)
        owners = Array(repeating: 0, count: width * height)
    }

    /// Sets a dot; outside the canvas nothing happens.
    /// - Parameter owner: the curve's number, from 0; higher ones lie over lower ones.
    mutating func set(column: Int, row: Int, owner: Int) {
        guard column >= 0, column < columns, row >= 0, row < rows else { return }
        let (x, subcolumn) = cell.columns == 2 ? (column >> 1, column & 1) : (column, 0)
        let y = row / cell.rows
        let index = y * cellColumns + x
        masks[index] |= cell.bit(column: subcolumn, row: row - y * cell.rows)
        tops[index] = UInt16(clamping: owner)
        owners[index] |= 1 << UInt64(min(owner, 63))
    }

    /// Sets the dots of a column between two rows, whichever is higher.
    mutating func span(column: Int, from first: Int, to second: Int, owner: Int) {
        guard column >= 0, column < columns else { return }
        let top = max(0, min(first, second)), bottom = min(rows - 1, max(first, second))
        guard top <= bottom else { return }
        for row in top...bottom { set(column: column, row: row, owner: owner) }
    }

    func isEmpty(x: Int, y: Int) -> Bool { masks[y * cellColumns + x] == 0 }

    /// The character and the uppermost owner of a cell; nil if no dot is set in it.
    func content(x: Int, y: Int) -> (scalar: Unicode.Scalar, owner: Int)? {
        let index = y * cellColumns + x
        return masks[index] == 0 ? nil : (cell.scalar(masks[index]), Int(tops[index]))
    }

    /// Whether both canvases have dots in a cell and in one beside it.
    func runsAlong(with other: DotCanvas, x: Int, y: Int) -> Bool {
        [x - 1, x + 1].contains { column in
            guard column >= 0, column < cellColumns else { return false }
            return (max(0, y - 1)...min(rows / cell.rows - 1, y + 1)).contains { row in
                !isEmpty(x: column, y: row) && !other.isEmpty(x: column, y: row)
            }
        }
    }

    /// Whose dots a cell has, the uppermost first; those alone that run along with the uppermost into a cell beside it, and so
    /// would be hidden for more than a crossing.
    func companions(x: Int, y: Int) -> [Int] {
        let own = owners[y * cellColumns + x]
        guard own.nonzeroBitCount > 1 else { return [] }
        let top = Int(tops[y * cellColumns + x]), topBit: UInt64 = 1 << UInt64(min(top, 63))
        var along: UInt64 = 0
        for column in [x - 1, x + 1] where column >= 0 && column < cellColumns {
            for row in max(0, y - 1)...min(rows / cell.rows - 1, y + 1) {
                let other = owners[row * cellColumns + column]
                if other & topBit != 0 { along |= own & other & ~topBit }
            }
        }
        guard along != 0 else { return [] }
        return [top] + (0..<64).reversed().filter { along >> UInt64($0) & 1 == 1 }
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
        case .dotted: column % 2 == 1
        }
    }
}
