/// A regular expression for names of tensors, matched from a name's start as SageMaker does.
///
/// Takes characters, `.`, sets in brackets, groups, `|`, `* + ?`, `^`, `$` and escapes. All ways through the pattern are followed at once,
/// so that no pattern takes more than its length times that of a name.
struct TensorPattern: Sendable, Hashable {
    private indirect enum Node {
        case one(Test)
        case sequence([Node])
        case either([Node])
        case repeated(Node, least: Int, isEndless: Bool)
        case start, end
    }

    private enum Test: Sendable, Hashable {
        case any
        case character(Character)
        case set([ClosedRange<Character>], isNegated: Bool)

        func accepts(_ character: Character) -> Bool {
            switch self {
            case .any: true
            case .character(let own): own == character
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
            }
        }
    }

    private enum Step: Sendable, Hashable {
        case test(Test)
        /// On to both.
        case fork(Int, Int)
        case jump(Int)
        case start, end, done
    }

    /// What is wrong with a pattern.
    struct Fault: Error, Hashable { var message: String }

    private var steps: [Step] = []
    static let longest = 500

    init(_ text: String) throws(Fault) {
        guard text.count <= Self.longest else { throw Fault(message: "a pattern has at most \(Self.longest) characters") }
        var parser = Parser(characters: Array(text))
        let node = try parser.alternatives()
        guard parser.place == parser.characters.count else { throw Fault(message: "a ) closes nothing") }
        add(node)
        steps.append(.done)
    }

    /// Whether a name begins as the pattern says.
    func matches(_ name: String) -> Bool {
        var current = Set<Int>()
        let characters = Array(name)
        func reach(_ step: Int, _ place: Int, _ reached: inout Set<Int>) {
            guard reached.insert(step).inserted else { return }
            switch steps[step] {
            case .fork(let first, let second):
                reach(first, place, &reached)
                reach(second, place, &reached)
            case .jump(let target): reach(target, place, &reached)
            case .start: if place == 0 { reach(step + 1, place, &reached) }
            case .end: if place == characters.count { reach(step + 1, place, &reached) }
            case .test, .done: break
            }
        }
        reach(0, 0, &current)
        let done = steps.count - 1
        for (place, character) in characters.enumerated() {
            if current.contains(done) { return true }
            var next = Set<Int>()
            for step in current {
                if case .test(let test) = steps[step], test.accepts(character) { reach(step + 1, place + 1, &next) }
            }
            if next.isEmpty { return false }
            current = next
        }
        return current.contains(done)
    }

    private mutating func add(_ node: Node) {
        switch node {
        case .one(let test): steps.append(.test(test))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .sequence(let parts): for part in parts { add(part) }
        case .either(let parts):
            var jumps: [Int] = []
            for (index, part) in parts.enumerated() {
                guard index < parts.count - 1 else {
                    add(part)
                    break
                }
                let fork = steps.count
                steps.append(.jump(0))
                add(part)
                jumps.append(steps.count)
                steps.append(.jump(0))
                steps[fork] = .fork(fork + 1, steps.count)
            }
            for jump in jumps { steps[jump] = .jump(steps.count) }
        case .repeated(let inner, let least, let isEndless):
            if least == 1 { add(inner) }
            let fork = steps.count
            steps.append(.jump(0))
            add(inner)
            if isEndless { steps.append(.jump(fork)) }
            steps[fork] = .fork(fork + 1, steps.count)
        }
    }

    // MARK: - Reading it

    private struct Parser {
        let characters: [Character]
        var place = 0
        var depth = 0

        var next: Character? { place < characters.count ? characters[place] : nil }

        mutating func alternatives() throws(Fault) -> Node {
            depth += 1
            defer { depth -= 1 }
            guard depth <= 20 else { throw Fault(message: "it is nested too deeply") }
            var parts = [try sequence()]
            while next == "|" {
                place += 1
                parts.append(try sequence())
            }
            return parts.count == 1 ? parts[0] : .either(parts)
        }

        mutating func sequence() throws(Fault) -> Node {
            var parts: [Node] = []
            while let character = next, character != "|", character != ")" {
                let atom = try atom()
                switch next {
                case "*": parts.append(.repeated(atom, least: 0, isEndless: true))
                case "+": parts.append(.repeated(atom, least: 1, isEndless: true))
                case "?": parts.append(.repeated(atom, least: 0, isEndless: false))
                case "{": throw Fault(message: "counts in braces are not known: repeat it, or use *")
                default:
                    parts.append(atom)
                    continue
                }
                place += 1
                // Whether the shortest way is preferred makes no difference here.
                if next == "?" { place += 1 }
            }
            return .sequence(parts)
        }

        mutating func atom() throws(Fault) -> Node {
            let character = characters[place]
            place += 1
            switch character {
            case ".": return .one(.any)
            case "^": return .start
            case "$": return .end
            case "*", "+", "?": throw Fault(message: "there is nothing before \(character) to repeat")
            case "(":
                if next == "?" {
                    guard place + 1 < characters.count, characters[place + 1] == ":" else {
                        throw Fault(message: "of groups with a question mark only (?:…) is known")
                    }
                    place += 2
                }
                let inner = try alternatives()
                guard next == ")" else { throw Fault(message: "a ( is not closed") }
                place += 1
                return inner
            case "[": return .one(try set())
            case "\\": return .one(try escaped())
            default: return .one(.character(character))
            }
        }

        private mutating func escaped() throws(Fault) -> Test {
            guard let character = next else { throw Fault(message: "nothing stands behind the last backslash") }
            place += 1
            if let ranges = Self.sets[Character(character.lowercased())], character.isLetter {
                return .set(ranges, isNegated: character.isUppercase)
            }
            return .character(character)
        }

        private static let sets: [Character: [ClosedRange<Character>]] = [
            "d": ["0"..."9"], "w": ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"], "s": [" "..." ", "\t"..."\t"],
        ]

        private mutating func set() throws(Fault) -> Test {
            var ranges: [ClosedRange<Character>] = []
            let isNegated = next == "^"
            if isNegated { place += 1 }
            var isFirst = true
            while let character = next, character != "]" || isFirst {
                isFirst = false
                place += 1
                if character == "\\" {
                    switch try escaped() {
                    case .set(let inner, false): ranges += inner
                    case .character(let own): ranges.append(own...own)
                    case .set, .any: throw Fault(message: "in brackets \\D, \\W and \\S are not known")
                    }
                    continue
                }
                guard next == "-", place + 1 < characters.count, characters[place + 1] != "]" else {
                    ranges.append(character...character)
                    continue
                }
                let last = characters[place + 1]
                guard character <= last else { throw Fault(message: "the range \(character)-\(last) runs backwards") }
                place += 2
                ranges.append(character...last)
            }
            guard next == "]" else { throw Fault(message: "a [ is not closed") }
            place += 1
            return .set(ranges, isNegated: isNegated)
        }
    }
}
