/// Reads a search by recursive descent, straight from its characters, so that every error knows its place.
struct RunSearchParser {
    private let characters: [Character]
    private var place = 0
    private var depth = 0
    private(set) var mentions: [RunSearch.Mention] = []

    /// Deepest nesting taken, so that no text can exhaust the stack.
    private static let deepest = 64

    init(_ text: String) { characters = Array(text) }

    mutating func parse() throws(SearchError) -> RunSearch.Node {
        skipSpaces()
        guard place < characters.count else { return .all([]) }
        let node = try alternatives()
        skipSpaces()
        if place < characters.count { throw SearchError(place..<(place + 1), "this closes nothing: take it out") }
        return node
    }

    private mutating func alternatives() throws(SearchError) -> RunSearch.Node {
        var parts = [try conditions()]
        while takeKeyword("or") { parts.append(try conditions()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conditions() throws(SearchError) -> RunSearch.Node {
        var parts = [try condition()]
        while true {
            if takeKeyword("and") {
                parts.append(try condition())
            } else {
                skipSpaces()
                if place >= characters.count || characters[place] == ")" || isKeyword("or") { break }
                parts.append(try condition())
            }
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func condition() throws(SearchError) -> RunSearch.Node {
        skipSpaces()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw SearchError(place..<(place + 1), "nested too deeply: make it simpler") }
        guard place < characters.count else { throw expected("a condition, such as rmse < 4000") }
        let first = characters[place]
        if first == "(" {
            let open = place
            place += 1
            let node = try alternatives()
            skipSpaces()
            guard place < characters.count else { throw unclosed(open) }
            place += 1
            return node
        }
        if takeKeyword("not") { return .not(try condition()) }
        let next = place + 1 < characters.count ? characters[place + 1] : " "
        if first == "-" || first == "!", next != " ", next != "=", next != "~" {
            place += 1
            return .not(try condition())
        }
        if first == ")" || isKeyword("and") || isKeyword("or") { throw expected("a condition, such as rmse < 4000") }
        return try term()
    }

    /// A word, `field:word`, `has:field`, or a comparison.
    private mutating func term() throws(SearchError) -> RunSearch.Node {
        let start = place
        let isQuoted = characters[place] == "\"" || characters[place] == "'"
        let word = isQuoted ? try quoted() : name()
        guard !word.isEmpty || isQuoted else { throw expected("a name or a word") }
        let end = place
        skipSpaces()
        if let comparison = takeComparison() { return try compared(word, start..<end, comparison) }
        if let node = try membership(word, start..<end) { return node }
        place = end
        guard !isQuoted, let colon = word.firstIndex(of: ":") else { return .word(TextPattern(word, .part)) }
        let head = String(word[..<colon]).lowercased(), tail = String(word[word.index(after: colon)...])
        if head == "has" {
            guard !tail.isEmpty else { throw expected("a name after has:") }
            let field = RunField(word: tail)
            mention(field, (start + 4)..<end)
            return .has(field)
        }
        let field = RunField(word: head)
        guard RunField.searched.contains(field) || field == .target else { return .word(TextPattern(word, .part)) }
        if tail.isEmpty, place < characters.count, characters[place] == "\"" || characters[place] == "'" {
            return .compare(field, .like, .text(TextPattern(try quoted(), .part)))
        }
        return .compare(field, .like, .text(TextPattern(tail, .part)))
    }

    /// `name in (a, b)`, `name in 1..2`, and the same after `not`.
    private mutating func membership(_ word: String, _ range: Range<Int>) throws(SearchError) -> RunSearch.Node? {
        let start = place
        let isNegated = takeKeyword("not")
        guard takeKeyword("in") else {
            place = start
            return nil
        }
        skipSpaces()
        let field = RunField(word: word)
        mention(field, range)
        var parts: [RunSearch.Node] = []
        if place < characters.count, characters[place] == "(" {
            let open = place
            place += 1
            repeat {
                parts.append(try test(field, .equal, isInList: true))
                skipSpaces()
            } while take(",")
            guard take(")") else { throw unclosed(open) }
        } else {
            parts = [try test(field, .equal, isInList: false)]
        }
        let node = parts.count == 1 ? parts[0] : .any(parts)
        return isNegated ? .not(node) : node
    }

    private mutating func compared(
        _ word: String, _ range: Range<Int>, _ comparison: RunSearch.Comparison
    ) throws(SearchError) -> RunSearch.Node {
        let field = RunField(word: word)
        mention(field, range)
        let isOrdered = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison)
        if field.kind == .text, isOrdered { throw SearchError(range, "\(word) is text: use = != ~ or in") }
        return try test(field, comparison, isInList: false)
    }

    /// A field against the value that stands next.
    private mutating func test(
        _ field: RunField, _ comparison: RunSearch.Comparison, isInList: Bool
    ) throws(SearchError) -> RunSearch.Node {
        skipSpaces()
        let start = place
        guard place < characters.count, characters[place] != ")" else { throw expected("a value") }
        let isQuoted = characters[place] == "\"" || characters[place] == "'"
        let text = isQuoted ? try quoted() : value(isInList: isInList)
        guard isQuoted || !text.isEmpty else { throw expected("a value") }
        let range = start..<place
        let isPattern = comparison == .like || comparison == .unlike
        if isPattern, field.kind == .text || field.kind == .either {
            return .compare(field, comparison, .text(TextPattern(glob: text)))
        }
        if !isQuoted, field.kind != .text, let bounds = Self.split(text) {
            guard comparison == .equal || comparison == .equals || comparison == .notEqual else {
                throw SearchError(range, "a range stands after = or in")
            }
            var parts: [RunSearch.Node] = []
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
            ? .text(TextPattern(text, .whole)) : try operand(field, text, range, isOrdered: isOrdered)
        return .compare(field, comparison, operand)
    }

    private func operand(
        _ field: RunField, _ text: String, _ range: Range<Int>, isOrdered: Bool
    ) throws(SearchError) -> RunSearch.Operand {
        switch field.kind {
        case .text: return .text(TextPattern(text, .whole))
        case .number:
            if let number = SearchNumber.number(text) { return .number(number) }
            throw SearchError(range, "\(field.word) is a number, such as 12, 1e-3 or 10k")
        case .duration:
            if let seconds = SearchNumber.duration(text) { return .number(seconds) }
            throw SearchError(range, "\(field.word) is a length of time, such as 90s, 5m or 1h30m")
        case .time:
            if let time = SearchTime(text) { return .time(time) }
            throw SearchError(range, "\(field.word) is a time, such as -2d, yesterday or 2026-11-20")
        case .either:
            if let number = SearchNumber.number(text) { return .number(number) }
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

    // MARK: - Characters

    private func expected(_ what: String) -> SearchError {
        let end = min(place + 1, characters.count)
        return SearchError(min(place, end)..<end, "expected \(what)", isUnfinished: place >= characters.count)
    }

    private func unclosed(_ open: Int) -> SearchError {
        SearchError(open..<(open + 1), "expected a ) for this", isUnfinished: place >= characters.count)
    }

    private mutating func mention(_ field: RunField, _ range: Range<Int>) {
        switch field {
        case .named, .statistic, .setting: mentions.append(RunSearch.Mention(field: field, range: range))
        default: break
        }
    }

    private mutating func skipSpaces() { while place < characters.count, characters[place].isWhitespace { place += 1 } }

    private mutating func take(_ character: Character) -> Bool {
        guard place < characters.count, characters[place] == character else { return false }
        place += 1
        return true
    }

    /// Whether a keyword stands here as a word of its own.
    private func isKeyword(_ word: String) -> Bool {
        let end = place + word.count
        guard end <= characters.count, String(characters[place..<end]).lowercased() == word else { return false }
        return end == characters.count || characters[end].isWhitespace || characters[end] == "(" || characters[end] == ")"
    }

    private mutating func takeKeyword(_ word: String) -> Bool {
        let start = place
        skipSpaces()
        guard isKeyword(word) else {
            place = start
            return false
        }
        place += word.count
        return true
    }

    private mutating func takeComparison() -> RunSearch.Comparison? {
        for comparison in RunSearch.Comparison.allCases {
            let end = place + comparison.rawValue.count
            if end <= characters.count, String(characters[place..<end]) == comparison.rawValue {
                place = end
                return comparison
            }
        }
        return nil
    }

    /// Characters up to a space, a parenthesis, a quote or a comparison.
    private mutating func name() -> String {
        let start = place
        while place < characters.count {
            let character = characters[place]
            if character.isWhitespace || "()=<>~\"'".contains(character) { break }
            if character == "!", place + 1 < characters.count, "=~".contains(characters[place + 1]) { break }
            place += 1
        }
        return String(characters[start..<place])
    }

    private mutating func value(isInList: Bool) -> String {
        let start = place
        while place < characters.count {
            let character = characters[place]
            if character.isWhitespace || character == ")" || (isInList && character == ",") { break }
            place += 1
        }
        return String(characters[start..<place])
    }

    /// A text in quotes; a backslash takes the next character as it is.
    private mutating func quoted() throws(SearchError) -> String {
        let open = place
        let mark = characters[place]
        place += 1
        var text = ""
        while place < characters.count {
            let character = characters[place]
            place += 1
            if character == mark { return text }
            if character == "\\", place < characters.count {
                text.append(characters[place])
                place += 1
            } else {
                text.append(character)
            }
        }
        throw SearchError(open..<(open + 1), "expected a \(mark) that closes this", isUnfinished: true)
    }
}
