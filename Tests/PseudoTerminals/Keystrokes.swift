import Cells

/// Keys that a hand presses one after the other, for tests that count them: on a state or on a real terminal.
///
/// Written as words with spaces between: a key by its name (`enter`, `ctrl-s`, `/`), or a text that is typed, a key a character.
package struct Keystrokes: Sendable {
    package let keys: [Key]

    package init(_ script: String) {
        keys = script.split(separator: " ").flatMap { word in
            Key(name: String(word)).map { [$0] } ?? word.map { Key($0) }
        }
    }

    package var count: Int { keys.count }

    /// What a terminal sends for each key; one write a key, so that Esc and what follows it stay two keys.
    package var bytes: [[UInt8]] { keys.map { Self.bytes(of: $0) } }

    private static func bytes(of key: Key) -> [UInt8] {
        switch key.code {
        case .character(let character):
            guard key.modifiers.contains(.control), let byte = character.asciiValue else { return Array(String(character).utf8) }
            return [byte & 0x1F]
        case .enter: return [0x0D]
        case .escape: return [0x1B]
        case .tab: return [0x09]
        case .backspace: return [0x7F]
        case .backTab: return Array("\u{1B}[Z".utf8)
        case .delete: return Array("\u{1B}[3~".utf8)
        case .insert: return Array("\u{1B}[2~".utf8)
        case .up: return Array("\u{1B}[A".utf8)
        case .down: return Array("\u{1B}[B".utf8)
        case .right: return Array("\u{1B}[C".utf8)
        case .left: return Array("\u{1B}[D".utf8)
        case .home: return Array("\u{1B}[H".utf8)
        case .end: return Array("\u{1B}[F".utf8)
        case .pageUp: return Array("\u{1B}[5~".utf8)
        case .pageDown: return Array("\u{1B}[6~".utf8)
        case .function: return []
        }
    }
}

extension PseudoTerminal {
    /// Presses keys, a write a key; waits after each until the screen is quiet.
    package func press(_ keystrokes: Keystrokes) throws {
        for bytes in keystrokes.bytes {
            send(bytes)
            try waitForIdle()
        }
    }
}
