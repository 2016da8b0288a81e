/// How many cells text takes. A pinned table, so that layout does not depend on the C library's locale data.
public enum TextWidth {
    /// 0 for combining and zero-width characters, 2 for East Asian wide and emoji, 1 for the rest (control characters are
    /// drawn as a space).
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        if isZeroWidth(value) { return 0 }
        return isWide(value) ? 2 : 1
    }

    public static func of(_ text: some StringProtocol) -> Int {
        var width = 0
        for scalar in text.unicodeScalars { width += of(scalar) }
        return width
    }

    private static func isZeroWidth(_ value: UInt32) -> Bool {
        switch value {
        case 0x300...0x36F, 0x483...0x489, 0x591...0x5BD, 0x610...0x61A, 0x64B...0x65F, 0x200B...0x200F, 0x202A...0x202E,
            0x2060...0x2064, 0x20D0...0x20F0, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF,
            0xE0100...0xE01EF:
            true
        default: false
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
            true
        default: false
        }
    }
}

extension String {
    /// The text in at most so many cells, what is too much left out of its middle: names that begin alike end differently.
    public func shortened(to width: Int) -> String {
        guard TextWidth.of(self) > width, width > 2 else { return self }
        let tail = Self.cells(unicodeScalars.reversed(), (width - 1) / 2)
        let head = Self.cells(unicodeScalars, width - 1 - (width - 1) / 2)
        return head + "…" + String(String.UnicodeScalarView(tail.unicodeScalars.reversed()))
    }

    private static func cells(_ scalars: some Sequence<Unicode.Scalar>, _ width: Int) -> String {
        var left = width
        return String(
            String.UnicodeScalarView(
                scalars.prefix { scalar in
                    left -= TextWidth.of(scalar)
                    return left >= 0
                }))
    }
}
