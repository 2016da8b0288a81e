/// Makes lines of what a program writes as if to a terminal: colours and cursor movements are left out, a carriage return begins the line
/// anew, a backspace takes a character back.
///
/// - Source: ECMA-48, control sequences.
package struct OutputLines {
    /// A line longer than this is cut; in bytes.
    package static let longest = 1 << 20

    private enum State { case text, escape, sequence, command, commandEscape }

    private var state = State.text
    private var line: [UInt8] = []
    private var isCut = false
    /// A carriage return was read, and nothing after it yet.
    private var isAtStart = false

    package init() {}

    /// - Parameters:
    ///   - overwritten: called with each progress bar that is written over by what follows.
    ///   - body: called with each whole line, without its end.
    package mutating func take(
        _ bytes: UnsafeRawBufferPointer, overwritten: ([UInt8]) -> Void = { _ in }, _ body: ([UInt8], _ isCut: Bool) -> Void
    ) {
        var position = 0
        while position < bytes.count {
            if state == .text {
                // Most of it is plain.
                var end = position
                while end < bytes.count, bytes[end] >= 0x20 && bytes[end] != 0x7F || bytes[end] == 0x09 { end += 1 }
                if end > position {
                    if isAtStart, Self.isBar(line) { overwritten(line) }
                    append(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
                    position = end
                    continue
                }
            }
            let byte = bytes[position]
            position += 1
            switch state {
            case .text: control(byte, overwritten, body)
            case .escape:
                switch byte {
                case UInt8(ascii: "["): state = .sequence
                case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"): state = .command
                // Intermediate bytes of longer sequences, such as ESC ( B.
                case 0x20...0x2F: state = .escape
                default: state = .text
                }
            case .sequence: if (0x40...0x7E).contains(byte) { state = .text }
            case .command:
                if byte == 0x07 { state = .text } else if byte == 0x1B { state = .commandEscape }
            case .commandEscape: state = byte == UInt8(ascii: "\\") ? .text : .command
            }
        }
    }

    /// The last line, where nothing ended it.
    package mutating func finish(_ body: ([UInt8], _ isCut: Bool) -> Void) {
        if !line.isEmpty { body(line, isCut) }
        (line, isCut, isAtStart, state) = ([], false, false, .text)
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if isAtStart {
            line.removeAll(keepingCapacity: true)
            (isAtStart, isCut) = (false, false)
        }
        let room = Self.longest - line.count
        if bytes.count > room { isCut = true }
        line.append(contentsOf: bytes.prefix(max(0, room)))
    }

    /// Whether a line looks like one of tqdm's: `Epoch 0: 100%|███| 8/8 […]`.
    static func isBar(_ line: [UInt8]) -> Bool {
        guard line.count <= 4096, let percent = line.firstIndex(of: UInt8(ascii: "%")) else { return false }
        return percent + 1 < line.count && line[percent + 1] == UInt8(ascii: "|")
    }

    private mutating func control(_ byte: UInt8, _ overwritten: ([UInt8]) -> Void, _ body: ([UInt8], Bool) -> Void) {
        switch byte {
        case 0x0A:
            body(line, isCut)
            line.removeAll(keepingCapacity: true)
            (isAtStart, isCut) = (false, false)
        case 0x0D: isAtStart = true
        case 0x08:
            guard !isAtStart else { break }
            while let last = line.popLast(), last & 0xC0 == 0x80 {}
        case 0x1B: state = .escape
        default: break
        }
    }
}
