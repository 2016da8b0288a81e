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
    /// The tensor, or the column of the data, that it is about; the worst where there are several.
    public var tensor: String?
    public var column: String?
    /// How many values or looks the evidence rests on; nil where that was not told.
    public var sampleSize: Int?
    /// How often the rule's test speaks where nothing is wrong, from 0 to 1; nil where that is not known.
    public var errorRate: Double?

    /// - Parameter step: the first step at which it was certain.
    public init(
        rule: String, severity: Severity, step: Int, summary: String, evidence: [Evidence], cause: String, remedies: [Remedy],
        tensor: String? = nil, column: String? = nil, sampleSize: Int? = nil, errorRate: Double? = nil
    ) {
        self.rule = rule
        self.severity = severity
        self.step = step
        self.summary = summary
        self.evidence = evidence
        self.cause = cause
        self.remedies = remedies
        self.tensor = tensor
        self.column = column
        self.sampleSize = sampleSize
        self.errorRate = errorRate
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

extension Alert.Remedy {
    var json: JSONValue { .object(["text": .string(text), "set": JSONValue(set)]) }
}

extension Alert {
    var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("rule", .string(rule)), .init("severity", .string(severity.rawValue)), .init("step", .integer(step)),
            .init("summary", .string(summary)), .init("evidence", .object(evidence.map { .init($0.name, .number($0.value)) })),
            .init("cause", .string(cause)),
            .init("remedies", .array(remedies.map(\.json))),
        ]
        if let tensor { members.append(.init("tensor", .string(tensor))) }
        if let column { members.append(.init("column", .string(column))) }
        if let sampleSize { members.append(.init("sampleSize", .integer(sampleSize))) }
        if let errorRate { members.append(.init("errorRate", .number(errorRate))) }
        return members
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
            },
            tensor: json["tensor"]?.string, column: json["column"]?.string, sampleSize: json["sampleSize"]?.integer,
            errorRate: json["errorRate"]?.double)
    }
}
