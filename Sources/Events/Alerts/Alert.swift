import JSON

/// A finding of a debugger rule: what, where, the numbers behind it, the cause, and what to do.
public struct Alert: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable { case issue, warning, info }

    /// The rule's name, such as `DataOrder`.
    public var rule: String
    public var severity: Severity
    public var step: Int
    /// One line: what was seen.
    public var summary: String
    /// Statistics and thresholds by name, in the order to show them.
    public var evidence: [Evidence]
    public var cause: String
    public var remedies: [Remedy]

    public init(
        rule: String, severity: Severity, step: Int, summary: String, evidence: [Evidence], cause: String, remedies: [Remedy]
    ) {
        self.rule = rule
        self.severity = severity
        self.step = step
        self.summary = summary
        self.evidence = evidence
        self.cause = cause
        self.remedies = remedies
    }

    public struct Evidence: Sendable, Hashable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    public struct Remedy: Sendable, Hashable {
        public var text: String
        /// Hyperparameters that apply the remedy when the run is started again with them.
        public var set: [String: String]

        public init(_ text: String, set: [String: String] = [:]) {
            self.text = text
            self.set = set
        }
    }
}

extension Alert {
    var json: JSONValue {
        .object([
            "rule": .string(rule), "severity": .string(severity.rawValue), "step": .integer(step), "summary": .string(summary),
            "evidence": .object(evidence.map { .init($0.name, .number($0.value)) }), "cause": .string(cause),
            "remedies": .array(remedies.map { .object(["text": .string($0.text), "set": JSONValue($0.set)]) }),
        ])
    }

    init?(json: JSONValue) {
        guard let rule = json["rule"]?.string, let severity = json["severity"]?.string.flatMap(Severity.init),
            let step = json["step"]?.integer, let summary = json["summary"]?.string, let cause = json["cause"]?.string,
            let evidence = json["evidence"]?.members, let remedies = json["remedies"]?.array
        else { return nil }
        self.init(
            rule: rule, severity: severity, step: step, summary: summary,
            evidence: evidence.compactMap { member in member.value.double.map { Evidence(member.name, $0) } }, cause: cause,
            remedies: remedies.compactMap { remedy in
                remedy["text"]?.string.map { Remedy($0, set: remedy["set"]?.strings ?? [:]) }
            })
    }
}
