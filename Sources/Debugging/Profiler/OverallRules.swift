import Events

/// SageMaker's rule that finds nothing: what the machine did is in `descent debug profile`.
public struct OverallSystemUsage: Rule {
    public static let name = "OverallSystemUsage"
    public static let summary = "what the machine did: shown by `descent debug profile`, never an alert"
    public var looksAtProfile: Bool { true }

    public init() {}

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? { nil }
}

/// SageMaker's rule that finds nothing: what the time went into is in `descent debug profile`.
public struct OverallFrameworkMetrics: Rule {
    public static let name = "OverallFrameworkMetrics"
    public static let summary = "what the time went into: shown by `descent debug profile`, never an alert"
    public var looksAtProfile: Bool { true }

    public init() {}

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? { nil }
}
