import Tables

/// What a graph knows of each character: which one it is, if a term has it, and what it is to the reading of texts.
struct TextAlphabet {
    /// What a character is to the reading of texts. Its kind is a number, as a graph compares them.
    struct Role: Hashable {
        static let blank = 1, other = 2, word = 3, ideograph = 4, symbol = 5

        var kind: Int
        var changesSymbols = false, isJoiner = false, isFlag = false
        var isCapital = false, isDigit = false, isCurrency = false, isExclamation = false
        /// Whether it is a character of the text, not one that stands beside it or that lower case added.
        var isCounted = true
        /// The code of the second character that it is in lower case; 0 = it is one.
        var second = 0
    }

    /// Codes are `number * roleLimit + role`.
    static let roleLimit = 64
    /// The number of all characters that no term has.
    private static let unknown = 1

    /// Characters of terms; the blank has the number 0, which stands around texts as well.
    let numbers: [Unicode.Scalar: Int]
    /// By their places in codes; the first is the blank beside a text.
    private(set) var roles = [Role(kind: Role.blank, isCounted: false)]
    /// Each character with the code that it has; others have `otherCode`.
    private(set) var characters: [String] = [], codes: [Int] = []
    private(set) var otherCode = 0

    /// What has numbers, and the number of unknown ones.
    var count: Int { numbers.count + 1 }

    init(_ scalars: Set<Unicode.Scalar>) {
        var numbers: [Unicode.Scalar: Int] = [" ": 0]
        for scalar in scalars.sorted() where scalar != " " { numbers[scalar] = Self.unknown + numbers.count }
        self.numbers = numbers
        var places = [roles[0]: 0]
        otherCode = code(Self.unknown, Role(kind: Role.other), &places)
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let code = code(of: scalar, &places)
            guard code != otherCode else { continue }
            characters.append(String(scalar))
            codes.append(code)
        }
        precondition(roles.count <= Self.roleLimit, "\(roles.count) roles of characters")
    }

    private mutating func code(of scalar: Unicode.Scalar, _ places: inout [Role: Int]) -> Int {
        let read = TextScalar(scalar, readsSymbols: true)
        guard read.kind != .blank else { return code(0, Role(kind: Role.blank), &places) }
        var role = Role(
            kind: Self.kind(read.kind), changesSymbols: read.changesSymbols, isJoiner: read.isJoiner, isFlag: read.isFlag,
            isCapital: read.isCapital, isDigit: read.isDigit, isCurrency: read.isCurrency, isExclamation: scalar == "!")
        var lower = Array(TextScalar.lowercase(scalar, read))
        precondition(lower.count == 1 || lower.count == 2, "'\(scalar)' is \(lower.count) characters in lower case")
        if lower.count == 2 {
            role.second = code(number(lower.removeLast()), Role(kind: role.kind, isCounted: false), &places)
        }
        return code(number(lower[0]), role, &places)
    }

    private func number(_ scalar: Unicode.Scalar) -> Int { numbers[scalar] ?? Self.unknown }

    private mutating func code(_ number: Int, _ role: Role, _ places: inout [Role: Int]) -> Int {
        let place = places[role] ?? roles.count
        if place == roles.count {
            places[role] = place
            roles.append(role)
        }
        return number * Self.roleLimit + place
    }

    private static func kind(_ kind: TextScalar.Kind) -> Int {
        switch kind {
        case .blank: Role.blank
        case .other: Role.other
        case .word: Role.word
        case .ideograph: Role.ideograph
        case .symbol: Role.symbol
        }
    }

    /// A number for each character of a term, by where it stands: the sum of a term's is its own, but for one chance in 2^48 a pair.
    struct Sums {
        /// Places that have numbers of their own; what stands further behind has those of the last one.
        let places: Int
        let values: [Int]

        func sum(_ numbers: [Int]) -> Int {
            numbers.enumerated().reduce(0) { $0 + values[$1.element * places + min($1.offset, places - 1)] }
        }
    }
}
