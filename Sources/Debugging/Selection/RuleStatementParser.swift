import Events
import NearestNames
import TextScanning

/// Reads one statement of a list of rules.
struct RuleStatementParser {
    private var text: TextScanner
    /// Where the rule's name stands.
    private(set) var nameRange = 0..<0

    /// The user's own rules, which may be switched off.
    private let ownNames: Set<String>

    /// - Parameter ownNames: rules of the user's own that are known so far.
    init(_ text: TextScanner, own ownNames: Set<String> = []) { (self.text, self.ownNames) = (text, ownNames) }

    /// What it says: of `off A, B` one for each.
    mutating func statements() throws(TextFault) -> [RuleStatement] {
        text.skipSpaces()
        if text.takeKeyword("off") {
            var found: [RuleStatement] = []
            repeat { found.append(.off(try knownName())) } while takeComma()
            try expectEnd()
            return found
        }
        let name = try name()
        text.skipSpaces()
        if text.take(":") { return [try own(name)] }
        if RuleCatalogue.rule(named: name) == nil, let condition {
            throw TextFault(
                condition, "this is a condition without a name: write one and a colon before it, as in spike: loss > 2")
        }
        let type = try known(name)
        var given: [String: String] = [:]
        if text.next() == "(" { given = try parameters(of: type) }
        try expectEnd()
        return [.use(type.name, given)]
    }

    // MARK: - Names

    /// Where a condition begins of which no name was read; nil where what stands here compares nothing.
    private var condition: Range<Int>? {
        var rest = text
        _ = rest.take { !"<>".contains($0) }
        return rest.isAtEnd && text.next() != "=" ? nil : nameRange
    }

    private mutating func name() throws(TextFault) -> String {
        text.skipSpaces()
        let start = text.place
        let name = text.take { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        nameRange = start..<text.place
        guard !name.isEmpty else { throw text.expected("a rule's name") }
        guard name.count <= 64 else { throw TextFault(nameRange, "a rule's name has at most 64 characters: shorten it") }
        return name
    }

    private mutating func knownName() throws(TextFault) -> String {
        let name = try name()
        return ownNames.contains(name) ? name : try known(name).name
    }

    private func known(_ name: String) throws(TextFault) -> any Rule.Type {
        if let type = RuleCatalogue.rule(named: name) { return type }
        let near = NearestName.suggestions(for: name, among: RuleCatalogue.names + ownNames.sorted()).first
        throw TextFault(
            nameRange,
            "there is no rule \(name): \(near.map { "did you mean \($0)?" } ?? "a rule of your own has a colon behind its name")")
    }

    private mutating func takeComma() -> Bool {
        text.skipSpaces()
        return text.take(",")
    }

    private mutating func expectEnd() throws(TextFault) {
        text.skipSpaces()
        guard text.isAtEnd else { throw text.expected("the end of the line") }
    }

    // MARK: - Parameters

    private mutating func parameters(of type: any Rule.Type) throws(TextFault) -> [String: String] {
        let open = text.place
        _ = text.take("(")
        var given: [String: String] = [:], places: [String: Range<Int>] = [:]
        text.skipSpaces()
        while text.next() != ")" {
            let start = text.place
            let name = text.take { $0.isLetter || $0.isNumber || $0 == "_" }
            let nameEnd = text.place
            text.skipSpaces()
            guard !name.isEmpty, text.take("=") else { throw text.isAtEnd ? text.unclosed(open) : text.expected("NAME=VALUE") }
            text.skipSpaces()
            let value = text.isAtQuote ? try text.quoted() : text.take { !$0.isWhitespace && $0 != "," && $0 != ")" }
            guard given.updateValue(value, forKey: name) == nil else {
                throw TextFault(start..<nameEnd, "\(name) is given twice")
            }
            places[name] = start..<text.place
            if !takeComma() { break }
            text.skipSpaces()
        }
        guard text.take(")") else { throw text.isAtEnd ? text.unclosed(open) : text.expected("a comma or a )") }
        do throws(RuleParameterFault) { _ = try RuleParameters(of: type, given: given) } catch {
            throw TextFault(places[error.name] ?? nameRange, error.message)
        }
        return given
    }

    // MARK: - Own rules

    private static let clauses = ["for", "severity", "message", "remedy"]

    private mutating func own(_ name: String) throws(TextFault) -> RuleStatement {
        if RuleCatalogue.rule(named: name) != nil {
            throw TextFault(nameRange, "Descent has a rule \(name): give yours another name")
        }
        var parser = RuleExpressionParser(text)
        var rule = OwnRule(name: name, condition: try parser.condition())
        text = parser.text
        while true {
            while takeComma() {}
            if text.isAtEnd { return .own(rule) }
            let start = text.place
            if text.takeKeyword("for") {
                rule.duration = try duration()
            } else if text.takeKeyword("severity") {
                rule.severity = try severity()
            } else if text.takeKeyword("remedy") {
                rule.remedies.append(try remedy())
            } else if text.takeKeyword("message") {
                text.skipSpaces()
                guard text.isAtQuote else { throw text.expected("a text in quotes") }
                rule.message = try text.quoted()
            } else {
                let word = text.take { $0.isLetter }
                let near = NearestName.suggestions(for: word, among: Self.clauses).first
                guard !word.isEmpty else { throw text.expected("an operator, or \(Self.clauses.joined(separator: ", "))") }
                throw TextFault(
                    start..<text.place,
                    "a rule has no \(word): "
                        + (near.map { "did you mean \($0)?" } ?? "behind its condition stand for, severity, message and remedy"))
            }
        }
    }

    private mutating func duration() throws(TextFault) -> OwnRule.Duration {
        text.skipSpaces()
        let start = text.place
        let word = text.take { $0.isNumber || $0 == "." || $0 == "k" || $0 == "M" }
        guard let count = WrittenNumber.number(word), count.isFinite, count > 0 else {
            throw word.isEmpty
                ? text.expected("a number of steps, epochs or evaluations")
                : TextFault(start..<text.place, "\(word) is no number over 0")
        }
        text.skipSpaces()
        let unitStart = text.place
        let unit = text.take { $0.isLetter }
        let all = OwnRule.Duration.Unit.allCases
        guard let known = all.first(where: { $0.rawValue == unit || $0.rawValue.dropLast() == unit }) else {
            throw TextFault(
                unitStart..<max(text.place, unitStart), "expected \(all.map(\.rawValue).joined(separator: ", ")) behind \(word)",
                isUnfinished: text.isAtEnd)
        }
        return OwnRule.Duration(count: count, unit: known)
    }

    private mutating func severity() throws(TextFault) -> Alert.Severity {
        text.skipSpaces()
        let start = text.place
        let word = text.take { $0.isLetter }
        guard let severity = Alert.Severity(rawValue: word.lowercased()) else {
            throw TextFault(start..<max(text.place, start), "expected issue, warning or info", isUnfinished: text.isAtEnd)
        }
        return severity
    }

    /// `remedy "a text"`, `remedy set NAME=VALUE …`, or both.
    private mutating func remedy() throws(TextFault) -> Alert.Remedy {
        text.skipSpaces()
        let words = text.isAtQuote ? try text.quoted() : nil
        var set: [String: String] = [:]
        if text.takeKeyword("set") {
            while let pair = try setting() { set[pair.name] = pair.value }
            if set.isEmpty { throw text.expected("NAME=VALUE") }
        }
        guard words != nil || !set.isEmpty else { throw text.expected("set NAME=VALUE, or a text in quotes") }
        let pairs = set.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
        return Alert.Remedy(words ?? "set \(pairs)", set: set)
    }

    private mutating func setting() throws(TextFault) -> (name: String, value: String)? {
        let start = text.place
        text.skipSpaces()
        let name = text.take { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        guard !name.isEmpty, text.take("=") else {
            text.place = start
            return nil
        }
        if text.isAtQuote { return (name, try text.quoted()) }
        let valueStart = text.place
        var value = text.take { !$0.isWhitespace }
        // A comma at the end is one between clauses.
        if value.last == "," {
            value.removeLast()
            text.place -= 1
        }
        guard !value.isEmpty else { throw TextFault(valueStart..<valueStart, "expected a value behind \(name)=") }
        return (name, value)
    }
}
