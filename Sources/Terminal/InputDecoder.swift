import Cells

/// Turns the bytes a terminal sends into keys, pastes, mouse and focus events. A pure state machine: however the bytes are cut
/// into reads, the events are the same; only a lone Esc needs a clock, which the loop provides by calling `flush`.
public struct InputDecoder: Sendable {
    /// Bytes of a sequence that is not complete yet.
    private var pending: [UInt8] = []
    /// Bytes of the paste being received; nil outside one.
    private var paste: [UInt8]?

    /// The longest paste taken; what is longer is cut.
    static let longestPaste = 8 << 20

    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    public init() {}

    /// Whether bytes are held that `flush` would turn into events: the start of a sequence, or an Esc.
    public var isPending: Bool { !pending.isEmpty && paste == nil }
    /// Whether a paste has begun and not ended.
    public var isPasting: Bool { paste != nil }

    /// The events that are complete after these bytes.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        var events: [InputEvent] = []
        pending.append(contentsOf: bytes)
        var position = 0
        while position < pending.count {
            if paste != nil {
                guard takePaste(from: &position, &events) else { break }
                continue
            }
            guard let step = SequenceReader(bytes: pending, start: position).next() else { break }
            position = step.end
            switch step.outcome {
            case .event(let event): events.append(event)
            case .pasteBegins: paste = []
            case .nothing: break
            }
        }
        pending.removeFirst(position)
        return events
    }

    /// The events of a sequence that did not go on in time: a lone Esc is the key, Esc and a character are that with Alt.
    public mutating func flush() -> [InputEvent] {
        guard paste == nil, !pending.isEmpty else { return [] }
        let bytes = pending
        pending.removeAll()
        guard bytes[0] == 0x1B else { return [] }
        if bytes.allSatisfy({ $0 == 0x1B }) { return bytes.map { _ in .key(Key(.escape)) } }
        if bytes.count == 2, let key = Key.plain(bytes[1]) {
            return [.key(Key(key.code, key.modifiers.union(.alt)))]
        }
        // The rest of a sequence that was cut off says nothing.
        return []
    }

    /// Ends a paste whose end mark never came.
    public mutating func endPaste() -> [InputEvent] {
        guard let text = paste else { return [] }
        paste = nil
        // What is held back might have been the end mark's beginning.
        let rest = pending
        pending.removeAll()
        return [.paste(Self.text(text + rest))]
    }

    /// Moves bytes into the paste until its end mark; false if more have to come first.
    private mutating func takePaste(from position: inout Int, _ events: inout [InputEvent]) -> Bool {
        var index = position
        while index < pending.count {
            guard pending[index] == 0x1B else {
                index += 1
                continue
            }
            let rest = pending[index...].prefix(Self.pasteEnd.count)
            if rest.elementsEqual(Self.pasteEnd) {
                collect(pending[position..<index])
                position = index + Self.pasteEnd.count
                events.append(.paste(Self.text(paste ?? [])))
                paste = nil
                return true
            }
            if Self.pasteEnd.starts(with: rest) { break }
            index += 1
        }
        collect(pending[position..<index])
        position = index
        return false
    }

    private mutating func collect(_ bytes: ArraySlice<UInt8>) {
        let room = Self.longestPaste - (paste?.count ?? 0)
        paste?.append(contentsOf: bytes.prefix(max(0, room)))
    }

    /// Terminals send line ends as carriage returns.
    private static func text(_ bytes: [UInt8]) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\r" {
                result.append("\n")
            } else if !(scalar == "\n" && previous == "\r") {
                result.append(scalar)
            }
            previous = scalar
        }
        return String(result)
    }
}
