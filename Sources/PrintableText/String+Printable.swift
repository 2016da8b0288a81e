extension StringProtocol {
    /// The text as one line that a terminal shows and never obeys, for every text that somebody else wrote: values, names of
    /// columns, runs, metrics and files, tags, notes, messages of other programs.
    ///
    /// What acts on a terminal or on the direction of writing is spelled out: `\n`, `\t`, `\r`, `\e`, `\u{9b}`, `\u{202e}`.
    public var printable: String { spelledOut(keepingLines: false) }

    /// The same for text of several lines: line feeds and tabs stay as they are.
    public var printableLines: String { spelledOut(keepingLines: true) }

    private func spelledOut(keepingLines: Bool) -> String {
        let stays = { (scalar: Unicode.Scalar) in
            !scalar.actsOnTerminal || keepingLines && (scalar == "\n" || scalar == "\t")
        }
        // Nearly all texts stay as they are, long ones of many lines among them.
        let mayAct = { (byte: UInt8) in Self.mayAct(byte) && !(keepingLines && (byte == 0x0A || byte == 0x09)) }
        guard utf8.contains(where: mayAct), !unicodeScalars.allSatisfy(stays) else { return String(self) }
        var result = ""
        result.reserveCapacity(utf8.count + 16)
        for scalar in unicodeScalars {
            if stays(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += scalar.spelledOut
            }
        }
        return result
    }

    /// Whether a byte of UTF-8 can belong to a scalar that acts on a terminal.
    private static func mayAct(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, 0x7F, 0xC2, 0xD8, 0xE1, 0xE2, 0xEF, 0xF3: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Whether a terminal would do something on seeing this character instead of showing it: control characters (C0, DEL, C1),
    /// marks that turn the direction of writing, line and paragraph separators, and characters that cannot be seen but tell
    /// texts apart (zero-width spaces, byte order marks, tags).
    ///
    /// - Source: Unicode 15.1 general categories Cc, Zl, Zp and those of Cf that are no part of a script's spelling (the
    ///   zero-width joiner and non-joiner are).
    @inlinable public var actsOnTerminal: Bool {
        // Nearly everything is this, and every cell of a screen is asked.
        if value >= 0x20, value < 0x7F { return false }
        return isControlling
    }

    @usableFromInline var isControlling: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0001, 0xE0020...0xE007F:
            true
        default: false
        }
    }

    fileprivate var spelledOut: String {
        switch value {
        case 0x0A: "\\n"
        case 0x09: "\\t"
        case 0x0D: "\\r"
        case 0x1B: "\\e"
        default: "\\u{\(String(value, radix: 16))}"
        }
    }
}
