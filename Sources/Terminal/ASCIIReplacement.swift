/// What stands in for characters on a terminal that shows ASCII only: the one table for it.
enum ASCIIReplacement {
    static func scalar(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x7F { return scalar }
        if let replacement = table[scalar] { return replacement }
        switch scalar.value {
        case 0xA0: return " "
        case 0x2500...0x257F: return boxDrawing(scalar.value)
        case 0x2580...0x258F, 0x2594, 0x2595: return "#"
        case 0x2596...0x259F: return "#"
        case 0x2800: return " "
        case 0x2801...0x28FF: return braille(UInt8(scalar.value & 0xFF))
        default: return "?"
        }
    }

    private static func boxDrawing(_ value: UInt32) -> Unicode.Scalar {
        switch value {
        case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2574, 0x2576, 0x2578, 0x257A, 0x257C, 0x257E:
            "-"
        case 0x2550: "="
        case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551, 0x2575, 0x2577, 0x2579, 0x257B, 0x257D,
            0x257F:
            "|"
        case 0x2571: "/"
        case 0x2572: "\\"
        case 0x2573: "X"
        default: "+"
        }
    }

    /// Dots by their height: rows 0 to 3 are the bits 0x09, 0x12, 0x24 and 0xC0.
    private static func braille(_ mask: UInt8) -> Unicode.Scalar {
        let upper = mask & 0x1B != 0, lower = mask & 0xE4 != 0
        return upper && lower ? ":" : upper ? "'" : "."
    }

    private static let table: [Unicode.Scalar: Unicode.Scalar] = [
        "…": "~", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": "\"", "”": "\"", "·": ".", "•": "*", "×": "x", "±": "~",
        "µ": "u", "°": "o", "▸": ">", "▶": ">", "►": ">", "◀": "<", "◂": "<", "▾": "v", "▼": "v", "▴": "^", "▲": "^", "△": "^",
        "●": "o", "○": ".", "◉": "o", "◆": "*", "◇": "*", "■": "#", "□": ".", "★": "*", "☆": "*", "✓": "+", "✔": "+", "✗": "x",
        "✘": "x", "‖": "=", "⏸": "=", "⏵": ">", "⏹": "#", "←": "<", "→": ">", "↑": "^", "↓": "v", "↔": "-", "↕": "|", "⏎": "<",
        "⇧": "^", "↵": "<", "≤": "<", "≥": ">", "≈": "~", "≠": "!", "∞": "8", "σ": "s", "Δ": "d", "∅": "0", "√": "v", "░": ".",
        "▒": ":", "▓": "#", "█": "#", "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "=", "▆": "=", "▇": "#", "▀": "'",
    ]
}
