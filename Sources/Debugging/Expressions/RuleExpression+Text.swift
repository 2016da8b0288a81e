import JSON

extension RuleExpression {
    /// As a user writes it, with no more parentheses than it takes.
    var text: String { text(inside: 0) }

    /// - Parameter binding: how tightly what it stands in binds; in parentheses where it binds less tightly itself.
    private func text(inside binding: Int) -> String {
        switch self {
        case .number(let number): JSONValue.text(number)
        case .source(let source): source.text
        case .rolling(let function, let inner, let window): "\(function.rawValue)(\(inner.text), \(window))"
        case .previous(let inner, let distance): "previous(\(inner.text), \(distance))"
        case .apply(let function, let first, let second):
            if let own = function.binding {
                Self.enclosed(
                    second.map { "\(first.text(inside: own)) \(function.rawValue) \($0.text(inside: own + 1))" }
                        ?? (function == .not ? "not " : "-") + first.text(inside: own), if: own < binding)
            } else {
                "\(function.rawValue)(\(first.text)\(second.map { ", " + $0.text } ?? ""))"
            }
        }
    }

    private static func enclosed(_ text: String, if isNeeded: Bool) -> String { isNeeded ? "(\(text))" : text }

    /// Both sides of each comparison, but for plain numbers: what the answer depends on.
    var comparedParts: [RuleExpression] {
        switch self {
        case .apply(.and, let first, let second?), .apply(.or, let first, let second?):
            first.comparedParts + second.comparedParts.filter { !first.comparedParts.contains($0) }
        case .apply(.not, let inner, _): inner.comparedParts
        case .apply(.isNaN, let inner, _), .apply(.isFinite, let inner, _): [inner]
        case .apply(let function, let first, let second?) where function.isComparison:
            [first, second].filter { if case .number = $0 { false } else { true } }
        default: []
        }
    }
}

extension RuleFunction {
    /// How tightly an operator binds; nil for what is called by name.
    fileprivate var binding: Int? {
        switch self {
        case .or: 1
        case .and: 2
        case .not: 3
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: 4
        case .plus, .minus: 5
        case .times, .over: 6
        case .negated: 7
        default: nil
        }
    }
}
