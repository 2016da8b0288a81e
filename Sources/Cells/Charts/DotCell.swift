/// How many dots a cell has with a glyph set, and the character for any set of them.
struct DotCell: Hashable, Sendable {
    let glyphs: GlyphSet
    /// Dots across and down.
    let columns: Int
    let rows: Int

    init(glyphs: GlyphSet) {
        self.glyphs = glyphs
        switch glyphs {
        case .braille: (columns, rows) = (2, 4)
        case .block: (columns, rows) = (2, 2)
        case .ascii: (columns, rows) = (1, 3)
        }
    }

    /// The bit of a dot within its cell.
    func bit(column: Int, row: Int) -> UInt8 {
        switch glyphs {
        case .braille: DotCell.brailleBits[column * 4 + row]
        case .block: 1 << UInt8(row * 2 + column)
        case .ascii: 1 << UInt8(row)
        }
    }

    func scalar(_ mask: UInt8) -> Unicode.Scalar {
        switch glyphs {
        case .braille: Unicode.Scalar(UInt32(0x2800) + UInt32(mask)) ?? " "
        case .block: DotCell.quadrants[Int(mask & 15)]
        case .ascii: DotCell.marks[Int(mask & 7)]
        }
    }

    /// Unicode numbers the dots 1-2-3-7 down the left and 4-5-6-8 down the right.
    private static let brailleBits: [UInt8] = [1, 2, 4, 64, 8, 16, 32, 128]
    /// Bits: upper left, upper right, lower left, lower right.
    private static let quadrants: [Unicode.Scalar] = [
        " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
    ]
    /// Bits: top, middle, bottom.
    private static let marks: [Unicode.Scalar] = [" ", "'", "-", "|", ".", ":", "|", "|"]
}
