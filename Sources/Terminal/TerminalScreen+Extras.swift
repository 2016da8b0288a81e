import CNcurses

extension TerminalScreen {
    /// The curses library's version, such as `ncurses 6.4.20221231`.
    public nonisolated static var libraryVersion: String { String(cString: curses_version()) }

    /// Hands text to the terminal's clipboard (OSC 52); terminals that do not know it, or forbid it, ignore it.
    public func copyToClipboard(_ text: String) {
        guard capabilities.isModern else { return }
        writeRaw("\u{1B}]52;c;\(Self.base64(Array(text.utf8)))\u{07}")
    }

    /// Rings the bell.
    public func ringBell() { beep() }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var out = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (16 - 8 * UInt32($1.offset)) }
            for position in 0..<4 {
                let isData = position <= group.count
                out.append(isData ? alphabet[Int(word >> (18 - 6 * UInt32(position)) & 63)] : "=")
            }
        }
        return out
    }
}
