import JSON

/// Names an alert: a rule raises at most one in a run.
public struct AlertReference: Hashable, Sendable {
    public var run: RunID
    /// The rule's name, such as `DataOrder`.
    public var rule: String

    /// What stands in the place of a rule's name where the bias of the run's model is what is mended.
    public static let bias = "Bias"

    public init(run: RunID, rule: String) {
        self.run = run
        self.rule = rule
    }

    /// The alert as a thing of the workspace: `RUN/RULE`.
    public var entity: EntityReference { EntityReference(.alert, "\(run.text)/\(rule)") }

    /// - Returns: nil for what is no alert.
    public init?(_ entity: EntityReference) {
        guard entity.kind == .alert, let slash = entity.id.firstIndex(of: "/") else { return nil }
        self.init(run: RunID(String(entity.id[..<slash])), rule: String(entity.id[entity.id.index(after: slash)...]))
    }
}

extension AlertReference {
    public var json: JSONValue { .object(["run": .string(run.text), "rule": .string(rule)]) }

    public init?(json: JSONValue) {
        guard let run = json["run"]?.string, let rule = json["rule"]?.string else { return nil }
        self.init(run: RunID(run), rule: rule)
    }
}
