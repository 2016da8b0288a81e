import JSON

/// The rules that look at a run were changed while it trains.
public struct RulesChange: Sendable, Hashable {
    /// The run's whole list of rules from here on, a statement each; a run that goes on or is forked takes it over.
    public var rules: [String]
    /// What changed, by the rule's name: `patience was changed from 1 to 5`.
    public var changes: [Change]
    /// The last step that the rules had seen.
    public var step: Int

    public struct Change: Sendable, Hashable {
        public var rule: String
        public var what: String

        public init(_ rule: String, _ what: String) { (self.rule, self.what) = (rule, what) }
    }

    public init(rules: [String], changes: [Change], step: Int) {
        (self.rules, self.changes, self.step) = (rules, changes, step)
    }

    /// `Overfit: patience was changed from 1 to 5; DeadUnits: it was switched off`
    public var text: String { changes.map { "\($0.rule): \($0.what)" }.joined(separator: "; ") }
}

extension RulesChange {
    var members: [JSONValue.Member] {
        [
            .init("step", .integer(step)),
            .init(
                "changes", .array(changes.map { .object(["rule": .string($0.rule), "what": .string($0.what)]) })),
            .init("rules", .array(rules.map { .string($0) })),
        ]
    }

    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let rules = json["rules"]?.array, let changes = json["changes"]?.array else {
            return nil
        }
        self.init(
            rules: rules.compactMap(\.string),
            changes: changes.compactMap { change in
                guard let rule = change["rule"]?.string, let what = change["what"]?.string else { return nil }
                return Change(rule, what)
            }, step: step)
    }
}
