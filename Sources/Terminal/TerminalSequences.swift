import CNcurses

/// What the terminal's description says it is to be sent, kept once it was asked for.
struct TerminalSequences {
    /// Back to no attributes and the terminal's own colours.
    let plain: [UInt8]
    /// Erases from the cursor to the right edge; nil where that would not paint the background.
    let eraseToEdge: [UInt8]?
    /// Whether so many cells can be erased in one go, and the background painted.
    let erases: Bool
    private let jumpsRight: Bool
    private var attributes: [attr_t: [UInt8]] = [:]
    private var foregrounds: [UInt8: [UInt8]] = [:]
    private var backgrounds: [UInt8: [UInt8]] = [:]

    /// - Returns: nil for a terminal whose cursor cannot be put anywhere, or that scrolls when its last cell is written.
    init?() {
        plain = Self.sequence("sgr0")
        guard !plain.isEmpty, !Self.sequence("cup", 1, 1).isEmpty, cx_has_flag("xenl") != 0 else { return nil }
        let paintsErased = cx_has_flag("bce") != 0
        let erase = Self.sequence("el")
        eraseToEdge = paintsErased && !erase.isEmpty ? erase : nil
        erases = paintsErased && !Self.sequence("ech", 9).isEmpty
        jumpsRight = !Self.sequence("cuf", 9).isEmpty
    }

    static func sequence(_ name: String, _ first: Int = 0, _ second: Int = 0) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = cx_sequence(name, Int32(clamping: first), Int32(clamping: second), &bytes, Int32(bytes.count))
        return Array(bytes.prefix(Int(count)))
    }

    /// Moves the cursor; by fewer bytes where it already stands in the row.
    func move(from cursor: (x: Int, y: Int)?, toX x: Int, y: Int) -> [UInt8] {
        if let cursor, cursor.y == y, cursor.x < x, jumpsRight { return Self.sequence("cuf", x - cursor.x) }
        return Self.sequence("cup", y, x)
    }

    func erase(_ count: Int) -> [UInt8] { Self.sequence("ech", count) }

    mutating func foreground(_ color: UInt8) -> [UInt8] {
        if let known = foregrounds[color] { return known }
        let bytes = Self.sequence("setaf", Int(color))
        foregrounds[color] = bytes
        return bytes
    }

    mutating func background(_ color: UInt8) -> [UInt8] {
        if let known = backgrounds[color] { return known }
        let bytes = Self.sequence("setab", Int(color))
        backgrounds[color] = bytes
        return bytes
    }

    /// Switches attributes on that were off.
    mutating func on(_ wanted: attr_t) -> [UInt8] {
        if let known = attributes[wanted] { return known }
        let names: [(attr_t, String)] = [
            (cx_bold(), "bold"), (cx_dim(), "dim"), (cx_underline(), "smul"), (cx_reverse(), "rev"), (cx_italic(), "sitm"),
        ]
        let bytes = names.filter { wanted & $0.0 != 0 }.flatMap { Self.sequence($0.1) }
        attributes[wanted] = bytes
        return bytes
    }
}
