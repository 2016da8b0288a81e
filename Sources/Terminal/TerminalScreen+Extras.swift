import CNcurses

extension TerminalScreen {
    /// The curses library's version, such as `ncurses 6.4.20221231`.
    public nonisolated static var libraryVersion: String { String(cString: curses_version()) }

    /// The longest text that terminals take into their clipboard: xterm's limit for what the sequence holds.
    /// - Units: bytes.
    public nonisolated static let clipboardLimit = 74_994

    /// Hands text to the terminal's clipboard (OSC 52); terminals that do not know it, or forbid it, ignore it.
    /// - Returns: false for a text that is too long, which is not handed over.
    @discardableResult
    public func copyToClipboard(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.clipboardLimit else { return false }
        guard capabilities.isModern else { return true }
        writeRaw(Self.clipboardSequence(bytes, isInTmux: !(options.environment["TMUX"] ?? "").isEmpty))
        return true
    }

    /// The sequence that sets the clipboard. tmux takes it for its own buffer; the same, wrapped, goes through to the terminal
    /// around it where `allow-passthrough` lets it.
    nonisolated static func clipboardSequence(_ bytes: [UInt8], isInTmux: Bool) -> String {
        let plain = "\u{1B}]52;c;\(base64(bytes))\u{07}"
        // Within the wrapping each escape is written twice.
        return isInTmux ? plain + "\u{1B}Ptmux;\u{1B}\(plain)\u{1B}\\" : plain
    }

    /// Has the terminal show a notification of the desktop, or ring its bell where it knows none.
    public func notify(_ notification: DesktopNotification) { writeRaw(notification.sequence(options.environment)) }

    /// Rings the bell.
    public func ringBell() { beep() }

    private nonisolated static func base64(_ bytes: [UInt8]) -> String {
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
