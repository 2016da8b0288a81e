import Hyperparameters

/// Reads ranges as they are written: `eta=log:0.01:0.5`, `layers=int:1:4`, `optimizer=cat:adam,sgd`,
/// `width2=int:8:256?layers>=2`.
public struct RangeReader {
    /// How a range is written, for a message.
    public static let grammar =
        "write NAME=LOW:HIGH, NAME=log:LOW:HIGH, NAME=reverse-log:LOW:HIGH, NAME=int:LOW:HIGH or NAME=cat:A,B"

    private static let scalings: [String: ParameterScaling] = [
        "linear": .linear, "log": .logarithmic, "logarithmic": .logarithmic, "reverse-log": .reverseLogarithmic,
        "reverselogarithmic": .reverseLogarithmic,
    ]

    /// What is known of the algorithm's settings, by name: a range of one that takes whole numbers has whole numbers.
    private let known: [String: Hyperparameter]

    public init(_ known: [Hyperparameter] = []) {
        self.known = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: `TuningError` of code `range` that says what is wrong.
    public func parameter(_ text: String) throws(TuningError) -> SearchParameter {
        let (name, rest) = try Self.cut(text, at: "=", else: "--range '\(text)': \(Self.grammar)")
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let condition = try parts.count > 1 ? Self.condition(parts[1], of: name) : nil
        let parameter = try SearchParameter(name, values(parts[0], of: name), when: condition)
        try check(parameter)
        return parameter
    }

    private func values(_ text: String, of name: String) throws(TuningError) -> SearchParameter.Values {
        var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var isInteger = false, scaling: ParameterScaling?
        if words.first == "cat" { return .categorical(Self.list(String(text.dropFirst(4)))) }
        if words.first == "static", words.count > 1 { return .fixed(String(text.dropFirst(7))) }
        while let word = words.first?.lowercased(), words.count > 2 {
            if word == "int" {
                isInteger = true
            } else if let found = Self.scalings[word] {
                scaling = found
            } else if word != "auto" {
                break
            }
            words.removeFirst()
        }
        if words.count == 1, text.contains(",") { return .categorical(Self.list(text)) }
        guard words.count == 2, let low = Double(words[0]), let high = Double(words[1]) else {
            throw TuningError(.range, "--range '\(name)=\(text)': \(Self.grammar)")
        }
        if case .integer = known[name]?.domain { isInteger = true }
        guard isInteger else { return .continuous(minimum: low, maximum: high, scaling ?? .suiting(low, high, isInteger: false)) }
        guard let first = Int(words[0]), let last = Int(words[1]) else {
            throw TuningError(.range, "--range '\(name)=\(text)': it takes whole numbers")
        }
        return .integer(minimum: first, maximum: last, scaling ?? .suiting(low, high, isInteger: true))
    }

    /// That the algorithm takes what the range has.
    private func check(_ parameter: SearchParameter) throws(TuningError) {
        guard let setting = known[parameter.name] else { return }
        let ends: [String]
        switch parameter.values {
        case .categorical(let words): ends = words
        case .fixed(let text): ends = [text]
        case .continuous, .integer: ends = [parameter.value(at: 0).text, parameter.value(at: 1).text]
        }
        if let wrong = ends.first(where: { !setting.accepts($0) }) {
            throw TuningError(.range, "--range \(parameter.name): \(wrong) is no value of it: \(setting.validValuesInWords)")
        }
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    }

    private static func condition(_ text: String, of name: String) throws(TuningError) -> ParameterCondition {
        for comparison in ParameterCondition.Comparison.allCases {
            let sign = comparison.rawValue
            guard let place = text.range(of: sign) else { continue }
            let left = text[..<place.lowerBound].filter { $0 != " " }, right = text[place.upperBound...].filter { $0 != " " }
            guard !left.isEmpty, !right.isEmpty else { break }
            return ParameterCondition(left, comparison, right)
        }
        throw TuningError(.range, "--range \(name): a condition is written as in ?layers>=2")
    }

    private static func cut(_ text: String, at sign: Character, else message: String) throws(TuningError) -> (String, String) {
        guard let place = text.firstIndex(of: sign), place != text.startIndex else { throw TuningError(.range, message) }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }
}

extension String {
    /// Where a text first stands in this one.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
