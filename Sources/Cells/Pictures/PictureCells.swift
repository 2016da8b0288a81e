import CheckedNumbers
import Pictures

/// A picture as cells: with colours two pixels a cell, one above the other, else dots where it differs from its ground.
public struct PictureCells: Hashable, Sendable {
    public let size: Size
    private let cells: [Cell]

    /// - Parameters:
    ///   - width: columns that there are for it.
    ///   - height: rows that it may have.
    ///   - isColorless: whether nothing is to be told by colours.
    public init(_ picture: Picture, width: Int, height: Int = .max, glyphs: GlyphSet, isColorless: Bool) {
        self.init(picture, size: Self.size(of: picture, width: width, height: height), glyphs: glyphs, isColorless: isColorless)
    }

    /// As large as is said, whatever its own size is.
    public init(_ picture: Picture, size: Size, glyphs: GlyphSet, isColorless: Bool) {
        self.size = size
        cells = isColorless ? Self.dots(picture, size, glyphs) : Self.halves(picture, size, glyphs)
    }

    /// One above the other, without colours: what a terminal's output can say of it.
    public var lines: [String] {
        (0..<size.height).map { row in
            String(String.UnicodeScalarView(cells[row * size.width..<(row + 1) * size.width].map(\.scalar)))
        }
    }

    /// As large as it is where a cell has eight pixels by sixteen, small ones up to a column a pixel; never larger than the room.
    static func size(of picture: Picture, width: Int, height: Int) -> Size {
        let own = max((picture.width + 7) / 8, min(picture.width, 48))
        var columns = max(1, min(width, own))
        var rows = max(1, (columns * picture.height + picture.width) / (2 * picture.width))
        if rows > height {
            rows = max(1, height)
            columns = max(1, min(columns, 2 * rows * picture.width / picture.height))
        }
        return Size(width: columns, height: rows)
    }

    /// Draws the rows that are in the clip.
    public func draw(into buffer: inout CellBuffer, x: Int, y: Int, clip: Rect, on background: ColorRole) {
        let area = Rect(x: x, y: y, width: size.width, height: size.height).intersection(clip)
        guard !area.isEmpty else { return }
        for row in area.y..<area.maxY {
            for column in area.x..<area.maxX {
                var cell = cells[(row - y) * size.width + column - x]
                cell.style.background = background
                buffer[column, row] = cell
            }
        }
    }

    // MARK: - Colours

    private static func halves(_ picture: Picture, _ size: Size, _ glyphs: GlyphSet) -> [Cell] {
        let hasHalves = glyphs != .ascii
        let small = picture.scaled(width: size.width, height: size.height * (hasHalves ? 2 : 1))
        return (0..<size.width * size.height).map { place in
            let x = place % size.width, y = place / size.width
            guard hasHalves else {
                return cell(" ", front: nil, back: color(small, x, y))
            }
            let upper = color(small, x, 2 * y), lower = color(small, x, 2 * y + 1)
            if let upper, upper == lower { return cell(" ", front: nil, back: upper) }
            guard upper != nil else {
                return lower == nil ? cell(" ", front: nil, back: nil) : cell("▄", front: lower, back: nil)
            }
            return cell("▀", front: upper, back: lower)
        }
    }

    private static func cell(_ scalar: Unicode.Scalar, front: UInt8?, back: UInt8?) -> Cell {
        var style = Style(.text)
        if front != nil || back != nil { style.pixels = PixelColors(front: front, back: back) }
        return Cell(scalar, style)
    }

    /// Of the 240 that are the same everywhere; nil where the ground is seen.
    private static func color(_ picture: Picture, _ x: Int, _ y: Int) -> UInt8? {
        let place = (y * picture.width + x) * 4
        guard picture.pixels[place + 3] >= 128 else { return nil }
        return Palette.quickest256((Int(picture.pixels[place]), Int(picture.pixels[place + 1]), Int(picture.pixels[place + 2])))
    }

    // MARK: - Dots

    private static func dots(_ picture: Picture, _ size: Size, _ glyphs: GlyphSet) -> [Cell] {
        let cell = DotCell(glyphs: glyphs)
        let small = picture.scaled(width: size.width * cell.columns, height: size.height * cell.rows)
        let ground = self.ground(small)
        return (0..<size.width * size.height).map { place in
            var mask: UInt8 = 0
            for row in 0..<cell.rows {
                for column in 0..<cell.columns {
                    let x = place % size.width * cell.columns + column, y = place / size.width * cell.rows + row
                    if abs(lightness(small, x, y) - ground) > 40 { mask |= cell.bit(column: column, row: row) }
                }
            }
            return Cell(mask == 0 ? " " : cell.scalar(mask), Style(.text))
        }
    }

    /// What most of its edge is like.
    private static func ground(_ picture: Picture) -> Int {
        var edge: [Int] = []
        for x in 0..<picture.width { edge += [lightness(picture, x, 0), lightness(picture, x, picture.height - 1)] }
        for y in 0..<picture.height { edge += [lightness(picture, 0, y), lightness(picture, picture.width - 1, y)] }
        return edge.sorted()[edge.count / 2]
    }

    /// From 0 to 255; what cannot be seen is white, as paper is.
    private static func lightness(_ picture: Picture, _ x: Int, _ y: Int) -> Int {
        let place = (y * picture.width + x) * 4, opaque = Int(picture.pixels[place + 3])
        let own =
            (2126 * Int(picture.pixels[place]) + 7152 * Int(picture.pixels[place + 1]) + 722 * Int(picture.pixels[place + 2]))
            / 10_000
        return (own * opaque + 255 * (255 - opaque)) / 255
    }
}
