import CNcurses
import Cells

/// Makes what a terminal has to be sent to show one frame after another. Curses sends both colours anew wherever the look changes, most
/// of them the background that is there already; here only what differs is sent.
struct FrameWriter {
    private var sequences: TerminalSequences
    private(set) var bytes: [UInt8] = []
    /// What the terminal writes with; nil when it is plain.
    private var pen: CellLook?
    /// Where the terminal's cursor stands; nil when that is not sure.
    private var cursor: (x: Int, y: Int)?

    init?() {
        guard let sequences = TerminalSequences() else { return nil }
        self.sequences = sequences
    }

    /// A cell as it is drawn: its characters, more than one for a stand-in, and how wide they are.
    struct Drawn: Equatable {
        var scalar: Unicode.Scalar
        var look: CellLook
        var width = 1
        /// Whether the same character stands for each of the columns.
        var isStandIn = false

        var isBlank: Bool { scalar == " " && look.blank != nil }

        /// Whether a terminal shows both alike.
        func isSeen(as other: Drawn) -> Bool {
            self == other || isBlank && other.isBlank && look.blank == other.look.blank
        }
    }

    mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        cursor = nil
    }

    /// Leaves the terminal plain, and its cursor where it is wanted.
    mutating func end(cursor place: (x: Int, y: Int)?) {
        if pen != nil { bytes += sequences.plain }
        pen = nil
        if let place { bytes += sequences.move(from: nil, toX: place.x, y: place.y) }
    }

    /// - Parameters:
    ///   - cells: a cell a column; nil for the right half of a wide character.
    ///   - shown: what stands in the row; nil when it is all plain blanks.
    mutating func row(_ y: Int, _ cells: [Drawn?], after shown: [Drawn?]?) {
        let differs = cells.indices.map { x in
            guard let shown else { return cells[x].map { !$0.isBlank || $0.look.blank != .some(.none) } ?? false }
            guard let cell = cells[x], let old = shown[x] else { return cells[x] != nil || shown[x] != nil }
            return !cell.isSeen(as: old)
        }
        guard var x = differs.firstIndex(of: true) else { return }
        while x < cells.count {
            guard differs[x], let cell = cells[x] else {
                x += 1
                continue
            }
            reach(x, y, cells)
            if cell.isBlank, erase(from: x, y, cells, differs) {
                // Erasing goes over all blanks that follow.
                x = blanks(from: x, cells)
                continue
            }
            write(cell, x, y, columns: cells.count)
            x += cell.width
        }
    }

    /// Brings the cursor to a column: over a few cells that are there already by writing them again, where that costs less.
    private mutating func reach(_ x: Int, _ y: Int, _ cells: [Drawn?]) {
        if let cursor, cursor == (x, y) { return }
        if let cursor, cursor.y == y, cursor.x < x, x - cursor.x <= 4 {
            let between = cells[cursor.x..<x]
            let cost = between.reduce(0) { $0 + ($1.map { UTF8.width($0.scalar) } ?? 9) }
            if cost <= 4, between.allSatisfy({ $0.map { $0.width == 1 && ($0.look == pen || isPainted($0)) } ?? false }) {
                for cell in between { put(cell?.scalar ?? " ") }
                self.cursor = (x, y)
                return
            }
        }
        bytes += sequences.move(from: cursor, toX: x, y: y)
        cursor = (x, y)
    }

    /// Whether a blank needs no other look than the pen's.
    private func isPainted(_ cell: Drawn) -> Bool {
        guard cell.isBlank, let pen, let blank = pen.blank else { return false }
        return blank == cell.look.blank
    }

    private func blanks(from x: Int, _ cells: [Drawn?]) -> Int {
        let look = cells[x]?.look.blank
        return cells[x...].firstIndex { !($0.map { $0.isBlank && $0.look.blank == look } ?? false) } ?? cells.count
    }

    /// Erases blanks in one go, if there are many of them.
    private mutating func erase(from x: Int, _ y: Int, _ cells: [Drawn?], _ differs: [Bool]) -> Bool {
        let end = blanks(from: x, cells)
        guard let cell = cells[x], let last = differs[x..<end].lastIndex(of: true), last - x >= 8 else { return false }
        guard end == cells.count ? sequences.eraseToEdge != nil : sequences.erases else { return false }
        use(cell)
        if end == cells.count { bytes += sequences.eraseToEdge ?? [] } else { bytes += sequences.erase(last + 1 - x) }
        return true
    }

    private mutating func write(_ cell: Drawn, _ x: Int, _ y: Int, columns: Int) {
        use(cell)
        for _ in 0..<(cell.isStandIn ? cell.width : 1) { put(cell.scalar) }
        // At the edge the cursor stays or not; after a wide character terminals do not agree.
        let next = x + cell.width
        cursor = next < columns && (cell.width == 1 || cell.isStandIn) ? (next, y) : nil
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if scalar.isASCII { bytes.append(UInt8(truncatingIfNeeded: scalar.value)) } else { bytes += Array(scalar.utf8) }
    }

    /// Gives the pen a cell's look.
    private mutating func use(_ cell: Drawn) {
        let wanted = cell.look
        guard wanted != pen, !isPainted(cell) else { return }
        let now = pen
        let isReset =
            now.map { now in
                now.attributes & ~wanted.attributes != 0 || now.foreground != nil && wanted.foreground == nil
                    || now.background != nil && wanted.background == nil
            } ?? false
        if isReset { bytes += sequences.plain }
        let left = isReset ? nil : now
        let missing = wanted.attributes & ~(left?.attributes ?? 0)
        if missing != 0 { bytes += sequences.on(missing) }
        if let color = wanted.foreground, left?.foreground != color { bytes += sequences.foreground(color) }
        if let color = wanted.background, left?.background != color { bytes += sequences.background(color) }
        pen = wanted
    }
}
