import Events

/// SageMaker's rule that finds nothing: it has a report of an XGBoost run written when that has ended. Who keeps runs writes it.
public struct CreateXgboostReport: Rule {
    public static let name = "CreateXgboostReport"
    public static let summary = "writes a report of an XGBoost run when it has ended"
    private var hasEnded = false

    public init() {}

    public var waits: RuleWait? { hasEnded ? nil : .end }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if run.algorithm != "xgboost" {
            return RuleFinding(.failed("it reports of XGBoost runs: this is one of \(run.algorithm)"))
        }
        if case .ended = input { hasEnded = true }
        return nil
    }
}
