import Cells

/// Reads one key, sequence or reply from the front of a stretch of bytes.
struct SequenceReader {
    typealias Step = (outcome: SequenceOutcome, end: Int)

    let bytes: [UInt8]
    let start: Int

    /// Longer than any key's sequence: what has not ended by then is garbage.
    private static let longestSequence = 64
    /// Longer than any reply of a terminal to a question.
    private static let longestString = 4096

    /// What stands at the start and where the next begins; nil if more bytes have to come.
    func next() -> Step? {
        let first = bytes[start]
        if first == 0x1B { return escape() }
        if let key = Key.plain(first) { return (.event(.key(key)), start + 1) }
        return character(at: start, modifiers: [])
    }

    private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    /// A character of several bytes. Bytes that are no UTF-8 are skipped.
    private func character(at index: Int, modifiers: Key.Modifiers) -> Step? {
        let lead = bytes[index]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead <= 0xF4 else { return (.nothing, index + 1) }
        for offset in 1..<length {
            guard let next = byte(index + offset) else { return nil }
            if next & 0xC0 != 0x80 { return (.nothing, index + offset) }
        }
        let text = String(decoding: bytes[index..<(index + length)], as: UTF8.self)
        guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1, scalar != "\u{FFFD}" || lead == 0xEF,
            scalar.value >= 0xA0
        else { return (.nothing, index + length) }
        return (.event(.key(Key(Character(scalar), modifiers))), index + length)
    }

    // MARK: - Escape sequences

    private func escape() -> Step? {
        guard let second = byte(start + 1) else { return nil }
        switch second {
        case UInt8(ascii: "["): return control(at: start + 2, extra: [])
        case UInt8(ascii: "O"): return single(at: start + 2, extra: [])
        case 0x1B: return doubleEscape()
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            guard let third = byte(start + 2) else { return nil }
            if beginsString(second, third) { return string() }
        // The Linux console's shift-tab.
        case 0x09: return (.event(.key(Key(.backTab))), start + 2)
        default: break
        }
        if let key = Key.plain(second) {
            return (.event(.key(Key(key.code, key.modifiers.union(.alt)))), start + 2)
        }
        return character(at: start + 1, modifiers: .alt)
    }

    /// Esc Esc [ A is Alt with an arrow on some terminals; otherwise the first Esc is a key of its own.
    private func doubleEscape() -> Step? {
        guard let third = byte(start + 2) else { return nil }
        switch third {
        case UInt8(ascii: "["): return control(at: start + 3, extra: .alt)
        case UInt8(ascii: "O"): return single(at: start + 3, extra: .alt)
        default: return (.event(.key(Key(.escape))), start + 1)
        }
    }

    /// Whether Esc and these two begin a reply rather than being Alt with a character and the next key.
    private func beginsString(_ second: UInt8, _ third: UInt8) -> Bool {
        let isDigit = (0x30...0x39).contains(third)
        switch second {
        case UInt8(ascii: "]"): return isDigit
        case UInt8(ascii: "P"): return isDigit || "!>+$".utf8.contains(third)
        case UInt8(ascii: "_"): return third == UInt8(ascii: "G")
        default: return false
        }
    }

    /// A terminal's reply, ended by BEL or Esc \. It says nothing to us, but that there are pictures.
    private func string() -> Step? {
        var index = start + 2
        while let next = byte(index) {
            if next == 0x07 { return (.nothing, index + 1) }
            if next == 0x1B {
                guard let after = byte(index + 1) else { return nil }
                guard after == UInt8(ascii: "\\") else { return (.nothing, index) }
                let says = String(decoding: bytes[start + 2..<index], as: UTF8.self)
                return (KittyPictures.isYes(says) ? .event(.showsPictures) : .nothing, index + 2)
            }
            if index - start > Self.longestString { return (.nothing, index + 1) }
            index += 1
        }
        return nil
    }

    /// SS3: Esc O and one character, perhaps with digits for modifiers between.
    private func single(at index: Int, extra: Key.Modifiers) -> Step? {
        var index = index
        var number = 0
        while let next = byte(index), (0x30...0x39).contains(next), index - start < 8 {
            number = min(number * 10 + Int(next - 0x30), 9999)
            index += 1
        }
        guard let final = byte(index) else { return nil }
        guard (0x40...0x7E).contains(final) else { return (.nothing, index) }
        if let code = ControlSequence.letterKey(final) {
            return (.event(.key(Key(code, ControlSequence.modifiers(number).union(extra)))), index + 1)
        }
        if let code = ControlSequence.keypadKey(final) {
            return (.event(.key(Key(code, ControlSequence.modifiers(number).union(extra)))), index + 1)
        }
        // rxvt: lower case is Ctrl with an arrow.
        if let code = ControlSequence.letterKey(final & 0xDF), (0x61...0x64).contains(final) {
            return (.event(.key(Key(code, extra.union(.control)))), index + 1)
        }
        return (.nothing, index + 1)
    }

    /// CSI: Esc [ parameters, a final character.
    private func control(at body: Int, extra: Key.Modifiers) -> Step? {
        guard let first = byte(body) else { return nil }
        // The Linux console's F1 to F5 are Esc [ [ A to E.
        if first == UInt8(ascii: "[") {
            guard let letter = byte(body + 1) else { return nil }
            let isKey = (0x41...0x45).contains(letter)
            return (isKey ? .event(.key(Key(.function(Int(letter) - 0x40), extra))) : .nothing, body + 2)
        }
        if first == UInt8(ascii: "M") { return oldMouse(at: body + 1) }
        var index = body
        while let next = byte(index) {
            if (0x40...0x7E).contains(next) {
                let sequence = ControlSequence(parameters: bytes[body..<index], final: next, extra: extra)
                return (sequence.outcome, index + 1)
            }
            // Neither a parameter nor an end: garbage, and what stands here is read anew.
            if next < 0x20 || next > 0x7E { return (.nothing, index) }
            if index - start > Self.longestSequence { return (.nothing, index + 1) }
            index += 1
        }
        return nil
    }

    /// The mouse report of terminals without SGR mode: three bytes, each 32 and more.
    private func oldMouse(at index: Int) -> Step? {
        guard let button = byte(index), let x = byte(index + 1), let y = byte(index + 2) else { return nil }
        guard button >= 32, x >= 33, y >= 33 else { return (.nothing, index) }
        let code = Int(button) - 32
        let isRelease = code & 3 == 3 && code & 64 == 0
        let event = ControlSequence.mouse(code, x: Int(x) - 33, y: Int(y) - 33, isRelease: isRelease)
        return (event.map { .event(.mouse($0)) } ?? .nothing, index + 3)
    }
}
