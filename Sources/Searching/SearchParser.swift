import TextScanning

/// Reads a search by recursive descent, straight from its characters, so that every error knows its place: words, comparisons,
/// `and`, `or`, `not`, parentheses, over whatever has fields.
public struct SearchParser<Field: SearchField> {
    private var text: TextScanner
    private var depth = 0
    /// Names that stand in a condition, and where.
    public private(set) var mentions: [SearchMention<Field>] = []
    /// The field of a name.
    private let field: (String) -> Field
    /// A condition, for whoever is told that one is expected.
    private let example: String

    /// Deepest nesting taken, so that no text can exhaust the stack.
    private static var deepest: Int { 64 }

    /// - Parameter example: a condition over these fields, such as `rmse < 4000`.
    public init(_ text: String, example: String, field: @escaping (String) -> Field) {
        (self.text, self.example, self.field) = (TextScanner(text), example, field)
    }

    /// - Throws: `SearchError` with the place and what was expected there.
    public mutating func parse() throws(SearchError) -> SearchNode<Field> {
        text.skipSpaces()
        guard text.place < text.characters.count else { return .all([]) }
        let node = try alternatives()
        text.skipSpaces()
        if text.place < text.characters.count {
            throw SearchError(text.place..<(text.place + 1), "this closes nothing: take it out")
        }
        return node
    }

    private mutating func alternatives() throws(SearchError) -> SearchNode<Field> {
        var parts = [try conditions()]
        while text.takeKeyword("or") { parts.append(try conditions()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conditions() throws(SearchError) -> SearchNode<Field> {
        var parts = [try condition()]
        while true {
            if text.takeKeyword("and") {
                parts.append(try condition())
            } else {
                text.skipSpaces()
                if text.place >= text.characters.count || text.characters[text.place] == ")" || text.isKeyword("or") { break }
                parts.append(try condition())
            }
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func condition() throws(SearchError) -> SearchNode<Field> {
        text.skipSpaces()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw SearchError(text.place..<(text.place + 1), "nested too deeply: make it simpler")
        }
        guard text.place < text.characters.count else { throw text.expected("a condition, such as \(example)") }
        let first = text.characters[text.place]
        if first == "(" {
            let open = text.place
            text.place += 1
            let node = try alternatives()
            text.skipSpaces()
            guard text.place < text.characters.count else { throw text.unclosed(open) }
            text.place += 1
            return node
        }
        if text.takeKeyword("not") { return .not(try condition()) }
        let next = text.place + 1 < text.characters.count ? text.characters[text.place + 1] : " "
        if first == "-" || first == "!", next != " ", next != "=", next != "~" {
            text.place += 1
            return .not(try condition())
        }
        if first == ")" || text.isKeyword("and") || text.isKeyword("or") {
            throw text.expected("a condition, such as \(example)")
        }
        return try term()
    }

    /// A word, `field:word`, `has:field`, or a comparison.
    private mutating func term() throws(SearchError) -> SearchNode<Field> {
        let start = text.place
        let isQuoted = text.isAtQuote
        let word = isQuoted ? try text.quoted() : name()
        guard !word.isEmpty || isQuoted else { throw text.expected("a name or a word") }
        let end = text.place
        text.skipSpaces()
        if let comparison = takeComparison() { return try compared(word, start..<end, comparison) }
        if let node = try membership(word, start..<end) { return node }
        text.place = end
        if let node = try between(word, start..<end) { return node }
        text.place = end
        guard !isQuoted, let colon = word.firstIndex(of: ":") else { return .word(TextPattern(word, .part)) }
        let head = String(word[..<colon]).lowercased(), tail = String(word[word.index(after: colon)...])
        if head == "has" {
            let name = tail.isEmpty && text.isAtQuote ? try text.quoted() : tail
            guard !name.isEmpty else { throw text.expected("a name after has:") }
            let field = self.field(name)
            mention(field, (start + 4)..<text.place)
            return .has(field)
        }
        let field = self.field(head)
        guard field.isSearchedByWord else { return .word(TextPattern(word, .part)) }
        if tail.isEmpty, text.isAtQuote {
            return .compare(field, .like, .text(TextPattern(try text.quoted(), .part)))
        }
        return .compare(field, .like, .text(TextPattern(tail, .part)))
    }

    /// `name in (a, b)`, `name in 1..2`, and the same after `not`.
    private mutating func membership(_ word: String, _ range: Range<Int>) throws(SearchError) -> SearchNode<Field>? {
        let start = text.place
        let isNegated = text.takeKeyword("not")
        guard text.takeKeyword("in") else {
            text.place = start
            return nil
        }
        text.skipSpaces()
        let field = self.field(word)
        mention(field, range)
        var parts: [SearchNode<Field>] = []
        if text.place < text.characters.count, text.characters[text.place] == "(" {
            let open = text.place
            text.place += 1
            repeat {
                parts.append(try test(field, .equal, isInList: true))
                text.skipSpaces()
            } while text.take(",")
            guard text.take(")") else { throw text.unclosed(open) }
        } else {
            parts = [try test(field, .equal, isInList: false)]
        }
        let node = parts.count == 1 ? parts[0] : .any(parts)
        return isNegated ? .not(node) : node
    }

    /// `name between 1 and 2`, both ends among them, and the same after `not`; without an `and`, these are words.
    private mutating func between(_ word: String, _ range: Range<Int>) throws(SearchError) -> SearchNode<Field>? {
        let isNegated = text.takeKeyword("not")
        guard text.takeKeyword("between") else { return nil }
        let values = text.place
        text.skipSpaces()
        _ = text.isAtQuote ? try text.quoted() : value(isInList: false)
        guard text.takeKeyword("and") else { return nil }
        text.place = values
        let field = self.field(word)
        mention(field, range)
        if field.kind == .text { throw SearchError(range, "\(word) is text: use = != ~ or in") }
        let low = try test(field, .greaterOrEqual, isInList: false)
        _ = text.takeKeyword("and")
        let node = SearchNode.all([low, try test(field, .lessOrEqual, isInList: false)])
        return isNegated ? .not(node) : node
    }

    private mutating func compared(
        _ word: String, _ range: Range<Int>, _ comparison: SearchComparison
    ) throws(SearchError) -> SearchNode<Field> {
        let field = self.field(word)
        mention(field, range)
        let isOrdered = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison)
        if field.kind == .text, isOrdered { throw SearchError(range, "\(word) is text: use = != ~ or in") }
        return try test(field, comparison, isInList: false)
    }

    /// A field against the value that stands next.
    private mutating func test(
        _ field: Field, _ comparison: SearchComparison, isInList: Bool
    ) throws(SearchError) -> SearchNode<Field> {
        text.skipSpaces()
        let start = text.place
        guard text.place < text.characters.count, text.characters[text.place] != ")" else { throw text.expected("a value") }
        let isQuoted = text.isAtQuote
        let word = isQuoted ? try text.quoted() : value(isInList: isInList)
        guard isQuoted || !word.isEmpty else { throw text.expected("a value") }
        let range = start..<text.place
        let isPattern = comparison == .like || comparison == .unlike
        if isPattern, field.kind == .text || field.kind == .either {
            return .compare(field, comparison, .text(TextPattern(glob: word)))
        }
        if !isQuoted, field.kind != .text, let bounds = Self.split(word) {
            guard comparison == .equal || comparison == .equals || comparison == .notEqual else {
                throw SearchError(range, "a range stands after = or in")
            }
            var parts: [SearchNode<Field>] = []
            if !bounds.low.isEmpty {
                parts.append(.compare(field, .greaterOrEqual, try operand(field, bounds.low, range, isOrdered: true)))
            }
            if !bounds.high.isEmpty {
                parts.append(.compare(field, .lessOrEqual, try operand(field, bounds.high, range, isOrdered: true)))
            }
            guard !parts.isEmpty else { throw SearchError(range, "expected a number before or after ..") }
            return comparison == .notEqual ? .not(.all(parts)) : .all(parts)
        }
        let isOrdered = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison)
        let operand =
            isQuoted && field.kind == .either && !isOrdered
            ? .text(TextPattern(word, .whole)) : try operand(field, word, range, isOrdered: isOrdered)
        return .compare(field, comparison, operand)
    }

    private func operand(
        _ field: Field, _ text: String, _ range: Range<Int>, isOrdered: Bool
    ) throws(SearchError) -> SearchOperand {
        switch field.kind {
        case .text: return .text(TextPattern(text, .whole))
        case .number:
            if let number = WrittenNumber.number(text) { return .number(number) }
            throw SearchError(range, "\(field.word) is a number, such as 12, 1e-3 or 10k")
        case .duration:
            if let seconds = SearchNumber.duration(text) { return .number(seconds) }
            throw SearchError(range, "\(field.word) is a length of time, such as 90s, 5m or 1h30m")
        case .time:
            if let time = SearchTime(text) { return .time(time) }
            throw SearchError(range, "\(field.word) is a time, such as -2d, yesterday or 2026-11-20")
        case .either:
            if let number = WrittenNumber.number(text) { return .number(number) }
            if isOrdered { throw SearchError(range, "expected a number, such as 12, 1e-3 or 10k") }
            return .text(TextPattern(text, .whole))
        }
    }

    private static func split(_ text: String) -> (low: String, high: String)? {
        let letters = Array(text)
        guard letters.count >= 2 else { return nil }
        for index in 0..<(letters.count - 1) where letters[index] == "." && letters[index + 1] == "." {
            return (String(letters[..<index]), String(letters[(index + 2)...]))
        }
        return nil
    }

    // MARK: - Words

    private mutating func mention(_ field: Field, _ range: Range<Int>) {
        if field.mayBeUnknown { mentions.append(SearchMention(field: field, range: range)) }
    }

    private mutating func takeComparison() -> SearchComparison? {
        for comparison in SearchComparison.allCases {
            if text.take(comparison.rawValue) { return comparison }
        }
        return nil
    }

    /// Characters up to a space, a parenthesis, a quote or a comparison.
    private mutating func name() -> String {
        let start = text.place
        while text.place < text.characters.count {
            let character = text.characters[text.place]
            if character.isWhitespace || "()=<>~\"'".contains(character) { break }
            if character == "!", text.place + 1 < text.characters.count, "=~".contains(text.characters[text.place + 1]) { break }
            text.place += 1
        }
        return String(text.characters[start..<text.place])
    }

    private mutating func value(isInList: Bool) -> String {
        let start = text.place
        while text.place < text.characters.count {
            let character = text.characters[text.place]
            if character.isWhitespace || character == ")" || (isInList && character == ",") { break }
            text.place += 1
        }
        return String(text.characters[start..<text.place])
    }
}
