/// A pattern for one name, as shells have it: `*` is any text, `?` one character, `[a-c]` one of some, `[!a-c]` one of all others.
package struct NamePattern {
    private enum Part {
        case anything
        case one
        case character(Character)
        case among([ClosedRange<Character>], isNegated: Bool)

        func matches(_ character: Character) -> Bool {
            switch self {
            case .anything, .one: true
            case .character(let own): own == character
            case .among(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
            }
        }
    }

    private let parts: [Part]
    /// Whether it asks for names that are left out otherwise.
    private let startsHidden: Bool

    package init(_ text: some StringProtocol) {
        var parts: [Part] = [], rest = Array(text)[...]
        while let first = rest.popFirst() {
            switch first {
            case "*": parts.append(.anything)
            case "?": parts.append(.one)
            case "[": parts.append(Self.set(&rest) ?? .character("["))
            default: parts.append(.character(first))
            }
        }
        self.parts = parts
        startsHidden = text.first.map { $0 == "." || $0 == "_" } ?? false
    }

    /// Whether a text is a pattern rather than a name.
    package static func isPattern(_ text: some StringProtocol) -> Bool { text.contains { $0 == "*" || $0 == "?" || $0 == "[" } }

    /// What stands between brackets, which is passed; nil when they are never closed.
    private static func set(_ rest: inout ArraySlice<Character>) -> Part? {
        var inner = rest
        let isNegated = inner.first == "!" || inner.first == "^"
        if isNegated { inner = inner.dropFirst() }
        // A bracket that stands first is one of the characters.
        guard let close = inner.dropFirst().firstIndex(of: "]") else { return nil }
        var characters = inner[..<close], ranges: [ClosedRange<Character>] = []
        while let first = characters.popFirst() {
            if characters.first == "-", let last = characters.dropFirst().first {
                characters = characters.dropFirst(2)
                if first <= last { ranges.append(first...last) }
            } else {
                ranges.append(first...first)
            }
        }
        rest = inner[(close + 1)...]
        return .among(ranges, isNegated: isNegated)
    }

    package func matches(_ name: String) -> Bool {
        if FileSet.isHidden(name), !startsHidden { return false }
        let characters = Array(name)
        var (part, at) = (0, 0)
        // Where to go on when what follows the last star does not fit: one character further.
        var star: (part: Int, at: Int)?
        while at < characters.count {
            if part < parts.count, case .anything = parts[part] {
                star = (part, at)
                part += 1
            } else if part < parts.count, parts[part].matches(characters[at]) {
                (part, at) = (part + 1, at + 1)
            } else if let last = star {
                star = (last.part, last.at + 1)
                (part, at) = (last.part + 1, last.at + 1)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { if case .anything = $0 { true } else { false } }
    }
}
