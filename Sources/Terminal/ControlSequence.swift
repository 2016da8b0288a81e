import Cells

/// A complete CSI sequence and what it means.
struct ControlSequence {
    let parameters: ArraySlice<UInt8>
    let final: UInt8
    /// Modifiers that stood before the sequence.
    let extra: Key.Modifiers

    var outcome: SequenceOutcome {
        if parameters.first == UInt8(ascii: "<") { return sgrMouse }
        // Other private parameters are replies: "?" to mode questions, ">" to version questions.
        if let first = parameters.first, (0x3C...0x3F).contains(first) { return attributes }
        guard parameters.allSatisfy({ (0x30...0x3B).contains($0) }) else { return .nothing }
        let numbers = numbers(parameters)
        let pressed = Self.modifiers(numbers.count > 1 ? numbers[1] : 0).union(extra)
        switch final {
        case UInt8(ascii: "~"): return tilde(numbers, pressed)
        case UInt8(ascii: "u"): return Self.unicodeKey(numbers.first ?? 0, pressed)
        case UInt8(ascii: "Z"): return .event(.key(Key(.backTab, pressed.subtracting(.shift))))
        // What a cell measures: 6, its height, its width.
        case UInt8(ascii: "t"):
            guard numbers.count == 3, numbers[0] == 6, (1...512).contains(numbers[1]), (1...512).contains(numbers[2]) else {
                return .nothing
            }
            return .event(.cellMeasured(Size(width: numbers[2], height: numbers[1])))
        case UInt8(ascii: "I") where parameters.isEmpty: return .event(.focusGained)
        case UInt8(ascii: "O") where parameters.isEmpty: return .event(.focusLost)
        // A cursor report looks like F3 but for its row.
        case UInt8(ascii: "R") where (numbers.first ?? 1) > 1: return .nothing
        case 0x61...0x64 where parameters.isEmpty:
            return Self.letterKey(final & 0xDF).map { .event(.key(Key($0, extra.union(.shift)))) } ?? .nothing
        default: return Self.letterKey(final).map { .event(.key(Key($0, pressed))) } ?? .nothing
        }
    }

    /// What the terminal has, after its kind: 4 are sixels.
    private var attributes: SequenceOutcome {
        guard final == UInt8(ascii: "c"), parameters.first == UInt8(ascii: "?") else { return .nothing }
        return numbers(parameters.dropFirst()).dropFirst().contains(4) ? .event(.hasSixels) : .nothing
    }

    private func tilde(_ numbers: [Int], _ pressed: Key.Modifiers) -> SequenceOutcome {
        let number = numbers.first ?? 0
        if number == 200 { return .pasteBegins }
        // xterm's modifyOtherKeys: 27;modifiers;character.
        if number == 27, numbers.count == 3 { return Self.unicodeKey(numbers[2], pressed) }
        return Self.numberKey(number).map { .event(.key(Key($0, pressed))) } ?? .nothing
    }

    private var sgrMouse: SequenceOutcome {
        let numbers = numbers(parameters.dropFirst())
        guard numbers.count == 3, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") else { return .nothing }
        let event = Self.mouse(
            numbers[0], x: max(0, numbers[1] - 1), y: max(0, numbers[2] - 1), isRelease: final == UInt8(ascii: "m"))
        return event.map { .event(.mouse($0)) } ?? .nothing
    }

    /// Numbers between semicolons; a missing one is 0, one with subparameters is its first.
    private func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { field in
            field.prefix { $0 != UInt8(ascii: ":") }
                .reduce(0) { (0x30...0x39).contains($1) ? min($0 * 10 + Int($1 - 0x30), 1_000_000) : $0 }
        }
    }

    // MARK: - Tables

    /// xterm's modifier parameter: 1 and the sum of shift 1, alt 2, control 4, meta 8.
    static func modifiers(_ parameter: Int) -> Key.Modifiers {
        guard parameter > 1, parameter <= 16 else { return [] }
        let bits = parameter - 1
        var result: Key.Modifiers = []
        if bits & 1 != 0 { result.insert(.shift) }
        if bits & (2 | 8) != 0 { result.insert(.alt) }
        if bits & 4 != 0 { result.insert(.control) }
        return result
    }

    static func letterKey(_ letter: UInt8) -> Key.Code? {
        switch letter {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "P"): .function(1)
        case UInt8(ascii: "Q"): .function(2)
        case UInt8(ascii: "R"): .function(3)
        case UInt8(ascii: "S"): .function(4)
        default: nil
        }
    }

    /// The keypad in application mode: Enter, * + , - . / and the digits.
    static func keypadKey(_ letter: UInt8) -> Key.Code? {
        switch letter {
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "X"): .character("=")
        case 0x6A...0x79: .character(Character(Unicode.Scalar(letter - 0x40)))
        default: nil
        }
    }

    private static func numberKey(_ number: Int) -> Key.Code? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23, 24: .function(number - 12)
        default: nil
        }
    }

    private static func unicodeKey(_ code: Int, _ pressed: Key.Modifiers) -> SequenceOutcome {
        guard let scalar = Unicode.Scalar(UInt32(clamping: code)) else { return .nothing }
        if code == 9, pressed.contains(.shift) { return .event(.key(Key(.backTab, pressed.subtracting(.shift)))) }
        if code < 0x20 || code == 0x7F {
            guard let plain = Key.plain(UInt8(code)) else { return .nothing }
            return .event(.key(Key(plain.code, plain.modifiers.union(pressed))))
        }
        guard !(0x80..<0xA0).contains(code), !(0xE000...0xF8FF).contains(code) else { return .nothing }
        return .event(.key(Key(Character(scalar), pressed.subtracting(.shift))))
    }

    /// A mouse report's button code: 0 to 2 buttons, 64 and 65 the wheel, 32 motion, 4 shift, 8 alt, 16 control.
    static func mouse(_ code: Int, x: Int, y: Int, isRelease: Bool) -> MouseEvent? {
        guard code >= 0, code < 128 else { return nil }
        var pressed: Key.Modifiers = []
        if code & 4 != 0 { pressed.insert(.shift) }
        if code & 8 != 0 { pressed.insert(.alt) }
        if code & 16 != 0 { pressed.insert(.control) }
        if code & 64 != 0 {
            guard code & 3 < 2, !isRelease else { return nil }
            return MouseEvent(kind: code & 3 == 0 ? .wheelUp : .wheelDown, button: .none, x: x, y: y, modifiers: pressed)
        }
        let button: MouseEvent.Button = [.left, .middle, .right, .none][code & 3]
        if isRelease { return MouseEvent(kind: .release, button: button, x: x, y: y, modifiers: pressed) }
        // Motion without a button says nothing.
        guard button != .none else { return nil }
        return MouseEvent(kind: code & 32 != 0 ? .drag : .press, button: button, x: x, y: y, modifiers: pressed)
    }
}
