import Events

/// The model ends with a validation loss over that of a table of one column's values: it learns less than is there to be learned.
///
/// The column's loss was measured when the run began, on rows that it was not learned from and in the run's own units. It speaks when the
/// run ends by itself, where a model must be a tenth of a constant's loss worse than the column. What was chosen by hand so as to learn
/// little is to blame; where nothing was, it is a remark, since a plain model may need more rows than a column.
public struct WorseThanOneColumn: Rule {
    public static let name = "WorseThanOneColumn"
    public static let summary = "the model is worse than what a single column tells"
    static let margin = 0.1

    private var constant = ConstantLoss()
    private var suspects = SettingSuspects()
    private var column: SingleColumnFit?
    private var best = Double.infinity
    private var validationRowCount = 0
    private var hasEnded = false

    public init() {}

    public var waits: RuleWait? { hasEnded ? nil : .end }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { metric == .validationLoss }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        constant.note(input)
        suspects.note(input)
        if case .ended = input { hasEnded = true }
        switch input {
        case .trainingData(let data): (column, validationRowCount) = (data.singleColumn, data.validationRowCount)
        case .samples(let stretch): stretch.forEach { if $0.value.isFinite { best = min(best, $0.value) } }
        case .ended(.completed, _, let step): return judge(step, run).map { RuleFinding($0) }
        default: break
        }
        return nil
    }

    private func judge(_ step: Int, _ run: RunRecord) -> Alert? {
        guard let column, let level = constant.validation, best.isFinite, Self.isInItsUnits(run), validationRowCount >= 20,
            column.lossShare < 1 - 2 * Self.margin
        else { return nil }
        let share = best / level
        // No better than a constant is another rule's word.
        guard share > column.lossShare + Self.margin, share <= NoBetterThanConstant.threshold else { return nil }
        // What was switched off or chosen far off by hand is looked at before anything is advised; a rate that is large is made no larger.
        let scaling = run.isSetByHand("normalize_data") ? NormalisationRemedy.ifOff(run) : []
        let found = suspects.suspects(ofLossThatIsHigh: true, in: run)
        let cause =
            scaling.isEmpty
            ? found.first?.cause
            : "normalize_data is false: features lie on scales of their own, and no one step size suits them all"
        return Alert(
            rule: Self.name, severity: cause == nil ? .info : .warning, step: step,
            summary: "best validation loss \(rounded(best)); \(column.column) alone has \(rounded(column.lossShare * level))",
            evidence: [
                .init("best validation loss, by a constant's", share), .init("one column's", column.lossShare),
                .init("margin", Self.margin),
            ],
            cause: cause
                ?? "the model learns less than a single column tells: too few or too small steps, or too little room",
            remedies: scaling + found.remedies + (cause == nil ? LearningRateRemedy.larger(run, by: 10) : []))
    }

    /// Whether the run's loss is log loss or squares, as that of the column.
    private static func isInItsUnits(_ run: RunRecord) -> Bool {
        if run.request.weight != nil { return false }
        switch run.algorithm {
        case "linear-learner":
            return ["auto", "squared_loss", "logistic", "softmax_loss", nil].contains(run.hyperparameters["loss"])
        case "neural-network": return true
        case "xgboost":
            return run.hyperparameters["objective"].map {
                ["auto", "reg:squarederror", "binary:logistic", "multi:softprob", "multi:softmax"].contains($0)
            } ?? true
        default: return false
        }
    }
}
