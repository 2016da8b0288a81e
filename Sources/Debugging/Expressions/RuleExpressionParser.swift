import CheckedNumbers
import NearestNames
import TextScanning

/// Reads an expression by recursive descent, loosest binding first: `or`, `and`, `not`, comparisons, `+ -`, `* /`, a sign.
struct RuleExpressionParser {
    private(set) var text: TextScanner
    private var depth = 0
    private var size = 0

    /// Deepest nesting, most parts and longest window taken, so that no text exhausts stack, time or memory.
    static let deepest = 64, largest = 1_000, longestWindow = 1_000_000

    /// A part that was read, with where it stands.
    private struct Part {
        var node: RuleExpression
        var range: Range<Int>
    }

    init(_ text: TextScanner) { self.text = text }

    /// Reads a condition, up to where it ends.
    mutating func condition() throws(TextFault) -> RuleExpression {
        text.skipSpaces()
        let part = try alternatives()
        guard part.node.isTruth else {
            throw TextFault(part.range, "this is a number: compare it with another one, as in loss > 2")
        }
        guard part.node.longestWindow <= Self.longestWindow else {
            throw TextFault(part.range, "together its windows are over \(Self.longestWindow) values long: make them shorter")
        }
        return part.node
    }

    private mutating func alternatives() throws(TextFault) -> Part {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw TextFault(text.place..<(text.place + 1), "nested too deeply: make it simpler")
        }
        var left = try conjunction()
        while text.takeKeyword("or") { left = try joined(left, .or, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(TextFault) -> Part {
        var left = try negation()
        while text.takeKeyword("and") { left = try joined(left, .and, try negation()) }
        return left
    }

    private mutating func negation() throws(TextFault) -> Part {
        text.skipSpaces()
        let start = text.place
        guard text.takeKeyword("not") else { return try comparison() }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw TextFault(start..<(start + 1), "nested too deeply: make it simpler") }
        let inner = try negation()
        try expect(inner, isTruth: true, "not")
        return try part(.apply(.not, inner.node, nil), start..<inner.range.upperBound)
    }

    /// Longer signs first: the first that fits is taken.
    private static let comparisons: [(sign: String, function: RuleFunction)] = [
        ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("!=", .notEqual), ("==", .equal), ("<", .less), (">", .greater),
        ("=", .equal),
    ]

    private mutating func takeComparison() -> RuleFunction? {
        text.skipSpaces()
        return Self.comparisons.first { text.take($0.sign) }?.function
    }

    private mutating func comparison() throws(TextFault) -> Part {
        let left = try sum()
        guard let function = takeComparison() else { return left }
        let right = try sum()
        for side in [left, right] { try expect(side, isTruth: false, function.rawValue) }
        let found = try part(.apply(function, left.node, right.node), left.range.lowerBound..<right.range.upperBound)
        let end = text.place
        if takeComparison() != nil {
            throw TextFault(
                end..<text.place, "comparisons do not follow one another: write them with `and`, as in 1 < loss and loss < 2")
        }
        text.place = end
        return found
    }

    private mutating func sum() throws(TextFault) -> Part {
        var left = try product()
        while true {
            text.skipSpaces()
            if text.take("+") {
                left = try joined(left, .plus, try product())
            } else if text.take("-") {
                left = try joined(left, .minus, try product())
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(TextFault) -> Part {
        var left = try factor()
        while true {
            text.skipSpaces()
            if text.take("*") {
                left = try joined(left, .times, try factor())
            } else if text.take("/") {
                left = try joined(left, .over, try factor())
            } else {
                return left
            }
        }
    }

    private mutating func factor() throws(TextFault) -> Part {
        text.skipSpaces()
        let start = text.place
        guard text.take("-") else { return try value() }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw TextFault(start..<(start + 1), "nested too deeply: make it simpler") }
        let inner = try factor()
        try expect(inner, isTruth: false, "-")
        if case .number(let number) = inner.node { return Part(node: .number(-number), range: start..<inner.range.upperBound) }
        return try part(.apply(.negated, inner.node, nil), start..<inner.range.upperBound)
    }

    /// A number, a metric, a tensor, a call, or something in parentheses.
    private mutating func value() throws(TextFault) -> Part {
        let start = text.place
        guard let first = text.next() else { throw text.expected("a metric, a number or a function") }
        if text.take("(") {
            var inner = try alternatives()
            text.skipSpaces()
            guard text.take(")") else { throw text.isAtEnd ? text.unclosed(start) : text.expected("a ) or an operator") }
            inner.range = start..<text.place
            return inner
        }
        if first.isASCII && first.isNumber || first == "." { return try number() }
        guard first.isLetter || first == "_" else { throw text.expected("a metric, a number or a function") }
        let name = text.take { Self.isNamePart($0) }
        let range = start..<text.place
        text.skipSpaces()
        guard text.next() == "(" else {
            text.place = range.upperBound
            if ["and", "or", "not"].contains(name.lowercased()) {
                throw TextFault(range, "expected a metric, a number or a function before \(name)")
            }
            return try part(.source(name == "step" ? .step : name == "epoch" ? .epoch : .metric(name)), range)
        }
        return try call(name, range)
    }

    /// Metrics may have colons, dots and `@` in their names.
    static func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_:.@".contains(character)
    }

    private mutating func number() throws(TextFault) -> Part {
        let start = text.place
        var word = text.take { $0.isASCII && $0.isNumber || $0 == "." }
        if let exponent = text.next(), "eE".contains(exponent) {
            let sign = text.next(1).map { "+-".contains($0) } ?? false
            if let digit = text.next(sign ? 2 : 1), digit.isASCII, digit.isNumber {
                text.place += sign ? 2 : 1
                word +=
                    "e" + (sign && text.characters[text.place - 1] == "-" ? "-" : "") + text.take { $0.isASCII && $0.isNumber }
            }
        }
        word += text.take { $0.isLetter || $0 == "_" || $0 == "%" }
        guard let number = WrittenNumber.number(word), number.isFinite else {
            throw TextFault(start..<text.place, "\(word) is no number, such as 12, 0.5, 1e-3, 10k or 5%")
        }
        return Part(node: .number(number), range: start..<text.place)
    }

    // MARK: - Calls

    private static let names =
        RuleFunction.ofOne.map(\.rawValue) + RuleFunction.ofSeveral.map(\.rawValue) + RollingFunction.allCases.map(\.rawValue)
        + ["previous", "tensor", "metric"]

    /// What stands behind a name with an opening parenthesis.
    private mutating func call(_ name: String, _ range: Range<Int>) throws(TextFault) -> Part {
        let open = text.place
        _ = text.take("(")
        if name == "tensor" || name == "metric" { return try quotedSource(name, range.lowerBound, open) }
        guard Self.names.contains(name) else {
            let near = NearestName.suggestions(for: name, among: Self.names).first.map { ": did you mean \($0)?" }
            throw TextFault(range, "there is no function \(name)" + (near ?? ": there are \(Self.names.joined(separator: ", "))"))
        }
        var parts: [Part] = []
        repeat { parts.append(try alternatives()) } while takeComma()
        text.skipSpaces()
        guard text.take(")") else { throw text.isAtEnd ? text.unclosed(open) : text.expected("a comma or a )") }
        return try called(name, parts, range.lowerBound..<text.place, nameRange: range)
    }

    private mutating func takeComma() -> Bool {
        text.skipSpaces()
        return text.take(",")
    }

    private mutating func called(
        _ name: String, _ parts: [Part], _ range: Range<Int>, nameRange: Range<Int>
    ) throws(TextFault) -> Part {
        for part in parts { try expect(part, isTruth: false, name) }
        if let function = RuleFunction.ofOne.first(where: { $0.rawValue == name }) {
            guard parts.count == 1 else { throw TextFault(nameRange, "\(name) takes one value, as in \(name)(loss)") }
            return try part(.apply(function, parts[0].node, nil), range)
        }
        if let function = RuleFunction.ofSeveral.first(where: { $0.rawValue == name }) {
            guard parts.count > 1 else {
                throw TextFault(nameRange, "\(name) takes two values or more; over time it is rolling_\(name)(loss, 100)")
            }
            var node = parts[0].node
            for other in parts.dropFirst() { node = try part(.apply(function, node, other.node), range).node }
            return Part(node: node, range: range)
        }
        guard parts.count == 2 else {
            throw TextFault(nameRange, "\(name) takes a value and a number of values, as in \(name)(loss, 100)")
        }
        guard case .number(let length) = parts[1].node, let count = Int(nearest: length), Double(count) == length, count >= 1,
            count <= Self.longestWindow
        else { throw TextFault(parts[1].range, "a whole number from 1 to \(Self.longestWindow) stands here") }
        guard let rolling = RollingFunction(rawValue: name) else { return try part(.previous(parts[0].node, count), range) }
        return try part(.rolling(rolling, parts[0].node, window: count), range)
    }

    /// `tensor("fc.weight").l2`, `metric("val/acc")`.
    private mutating func quotedSource(_ kind: String, _ start: Int, _ open: Int) throws(TextFault) -> Part {
        text.skipSpaces()
        guard text.isAtQuote else { throw text.expected("a name in quotes, as in \(kind)(\"fc.weight\")") }
        let nameStart = text.place
        let name = try text.quoted()
        guard !name.isEmpty else { throw TextFault(nameStart..<text.place, "a name stands here") }
        text.skipSpaces()
        guard text.take(")") else { throw text.isAtEnd ? text.unclosed(open) : text.expected("a )") }
        if kind == "metric" { return try part(.source(.metric(name)), start..<text.place) }
        let all = TensorStatistic.allCases.map(\.rawValue)
        guard text.take(".") else { throw text.expected("a dot and one of \(all.joined(separator: ", "))") }
        let wordStart = text.place
        let word = text.take { $0.isLetter || $0.isNumber || $0 == "_" }
        guard let statistic = TensorStatistic(rawValue: word) else {
            let near = NearestName.suggestions(for: word, among: all).first.map { "did you mean \($0)?" }
            throw TextFault(
                wordStart..<max(text.place, wordStart),
                "tensors have no \(word): \(near ?? "they have \(all.joined(separator: ", "))")")
        }
        return try part(.source(.tensor(name, statistic)), start..<text.place)
    }

    // MARK: - Parts

    private mutating func part(_ node: RuleExpression, _ range: Range<Int>) throws(TextFault) -> Part {
        size += 1
        guard size <= Self.largest else { throw TextFault(range, "the rule has over \(Self.largest) parts: make it simpler") }
        return Part(node: node, range: range)
    }

    private mutating func joined(_ left: Part, _ function: RuleFunction, _ right: Part) throws(TextFault) -> Part {
        for side in [left, right] { try expect(side, isTruth: function.isTruth, function.rawValue) }
        return try part(.apply(function, left.node, right.node), left.range.lowerBound..<right.range.upperBound)
    }

    private func expect(_ part: Part, isTruth: Bool, _ what: String) throws(TextFault) {
        guard part.node.isTruth != isTruth else { return }
        throw TextFault(
            part.range,
            isTruth
                ? "\(what) takes conditions, and this is a number: compare it with another one"
                : "\(what) takes numbers, and this is true or false")
    }
}
