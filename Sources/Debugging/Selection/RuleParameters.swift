import CheckedNumbers
import Hyperparameters
import NearestNames

/// What a rule is set to: what was given, and its defaults for the rest.
public struct RuleParameters: Sendable, Hashable {
    private let values: [String: String]

    /// The defaults of a rule.
    public init(of rule: any Rule.Type) {
        values = Dictionary(rule.parameters.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: what is wrong with what was given: a name that the rule does not have, or a value that it does not take.
    public init(of rule: any Rule.Type, given: [String: String]) throws(RuleParameterFault) {
        var values = Self(of: rule).values
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard let parameter = rule.parameters.first(where: { $0.name == name }) else {
                throw .unknown(name, of: rule)
            }
            guard parameter.accepts(value) else {
                throw RuleParameterFault(
                    name: name, message: "\(name) takes \(parameter.validValuesInWords), not '\(value)'")
            }
            values[name] = value
        }
        self.values = values
    }

    /// As text; nil where it is `none`, and where the rule has none of that name.
    public func text(_ name: String) -> String? {
        values[name].flatMap { $0.lowercased() == "none" ? nil : $0 }
    }

    /// As a number; nil where it is `none`.
    public func optionalNumber(_ name: String) -> Double? { text(name).flatMap(Double.init) }

    /// A number that has a default: the rule has to declare it.
    public func number(_ name: String) -> Double {
        guard let number = optionalNumber(name) else { preconditionFailure("no number is declared as \(name)") }
        return number
    }

    /// A whole number that has a default: the rule has to declare it.
    public func whole(_ name: String) -> Int {
        guard let number = text(name).flatMap({ Int($0) }) else { preconditionFailure("no whole number is declared as \(name)") }
        return number
    }

    /// One of true and false, in whatever case: the rule has to declare it.
    public func flag(_ name: String) -> Bool {
        guard let text = text(name) else { preconditionFailure("nothing is declared as \(name)") }
        return text.lowercased() == "true"
    }

    /// Every parameter of a rule with its value, in the rule's order.
    public func all(of rule: any Rule.Type) -> [(parameter: Hyperparameter, value: String)] {
        rule.parameters.map { ($0, values[$0.name] ?? $0.defaultValue) }
    }
}

/// What is wrong with a parameter of a rule.
public struct RuleParameterFault: Error, Hashable {
    public var name: String
    public var message: String

    static func unknown(_ name: String, of rule: any Rule.Type) -> RuleParameterFault {
        let names = rule.parameters.map(\.name)
        let near = NearestName.suggestions(for: name, among: names).first.map { "did you mean \($0)?" }
        let all = names.isEmpty ? "it takes none" : "it takes \(names.joined(separator: ", "))"
        return RuleParameterFault(name: name, message: "\(rule.name) has no parameter \(name): \(near ?? all)")
    }
}
