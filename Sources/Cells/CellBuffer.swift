import PrintableText

/// One cell of the screen: a character and how it looks.
public struct Cell: Hashable, Sendable {
    /// The cell's character; a space when empty. 0 marks the right half of a wide character.
    public var scalar: Unicode.Scalar
    public var style: Style

    public init(_ scalar: Unicode.Scalar = " ", _ style: Style = .text) {
        self.scalar = scalar
        self.style = style
    }

    /// Right half of a wide character: nothing is drawn for it.
    public static let continuation: Unicode.Scalar = "\0"
    public var isContinuation: Bool { scalar == Cell.continuation }
}

/// A rectangle of cells that a frame is painted into. Writing outside it does nothing, so views need not clip.
public struct CellBuffer: Hashable, Sendable {
    public let size: Size
    /// Row by row, `size.width * size.height` of them.
    public private(set) var cells: [Cell]
    /// What a terminal that can draws over blank cells.
    public var pictures: [PlacedPicture] = []

    public init(size: Size, fill: Cell = Cell()) {
        self.size = size
        cells = Array(repeating: fill, count: size.width * size.height)
    }

    public var bounds: Rect { Rect(size) }

    /// The cell at a column and row; setting one outside the buffer does nothing, reading one gives an empty cell.
    public subscript(x: Int, y: Int) -> Cell {
        get { bounds.contains(x: x, y: y) ? cells[y * size.width + x] : Cell() }
        set { if bounds.contains(x: x, y: y) { cells[y * size.width + x] = newValue } }
    }

    /// Fills a rectangle with one cell.
    public mutating func fill(_ rect: Rect, with cell: Cell) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { cells[y * size.width + x] = cell }
        }
    }

    /// Restyles a rectangle and keeps its characters.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { change(&cells[y * size.width + x].style) }
        }
    }

    /// Writes text from (x, y) to the right, clipped to `clip` (the whole buffer if nil) and ended with "…" if it is cut.
    /// Characters that act on a terminal become spaces; wide characters take two cells; combining characters are left out.
    /// - Returns: the column after the last cell written.
    @discardableResult
    public mutating func write(_ text: some StringProtocol, x: Int, y: Int, _ style: Style = .text, clip: Rect? = nil) -> Int {
        let area = (clip ?? bounds).intersection(bounds)
        guard y >= area.y, y < area.maxY else { return x }
        let cut = TextWidth.of(text) > area.maxX - x
        let limit = cut ? area.maxX - 1 : area.maxX
        var column = x
        for scalar in text.unicodeScalars {
            let width = TextWidth.of(scalar)
            if width == 0 { continue }
            if column + width > limit { break }
            if column >= area.x {
                self[column, y] = Cell(scalar.actsOnTerminal ? " " : scalar, style)
                if width == 2 { self[column + 1, y] = Cell(Cell.continuation, style) }
            }
            column += width
        }
        if cut, limit >= area.x, limit < area.maxX {
            while column < limit {
                self[column, y] = Cell(" ", style)
                column += 1
            }
            self[limit, y] = Cell("…", style)
            column = limit + 1
        }
        return column
    }

    /// The characters as lines of text, trailing spaces kept: the text plane of a golden frame.
    public var textPlane: [String] {
        (0..<size.height).map { y in
            var line = String.UnicodeScalarView()
            for x in 0..<size.width where !self[x, y].isContinuation { line.append(self[x, y].scalar) }
            return String(line)
        }
    }
}
