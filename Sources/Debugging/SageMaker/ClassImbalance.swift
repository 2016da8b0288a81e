import Events
import Hyperparameters

/// SageMaker's rule: a class has many times as many rows as another one, or most of a class is taken for others.
///
/// Labels and predictions are those of the rows that judge the model which the run kept, when it ends; `argmax` and the two patterns have
/// no meaning there, and are taken since lists that are written for SageMaker name them.
public struct ClassImbalance: ParameterisedRule {
    public static let name = "ClassImbalance"
    public static let summary = "a class has few rows beside another one, or is mostly taken for others"
    public static let parameters = [
        Hyperparameter("threshold_imbalance", .positive, default: "10", "rows of the largest class for each of the smallest"),
        Hyperparameter("threshold_misprediction", .factor, default: "0.7", "the share of a class that may be taken for others"),
        Hyperparameter("samples", .integer(minimum: 1, maximum: .max), default: "500", "rows from which on it looks"),
        Hyperparameter("argmax", .boolean, words: ["True", "False"], default: "False", "not used: classes are known as such"),
        Hyperparameter("labels_regex", .text(example: ".*labels"), default: ".*labels", "not used: rows have their targets"),
        Hyperparameter(
            "predictions_regex", .text(example: ".*predictions"), default: ".*predictions", "not used: the model is asked"),
    ]

    private let imbalance: Double, misprediction: Double, needed: Int
    private var rows = 0

    public init(_ parameters: RuleParameters) {
        (imbalance, misprediction) = (parameters.number("threshold_imbalance"), parameters.number("threshold_misprediction"))
        needed = parameters.whole("samples")
    }

    public var waits: RuleWait? { rows < needed ? RuleWait(rows, of: needed, "rows of the evaluation at the end") : nil }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if let fault = JudgedClasses.fault(input, run) { return RuleFinding(.failed(fault)) }
        guard case .evaluated(let evaluation, let step) = input, let classes = JudgedClasses(evaluation) else { return nil }
        rows = evaluation.rowCount
        guard rows >= needed else { return nil }
        if let alert = worstImbalance(classes, step) ?? worstMisprediction(classes, step) { return RuleFinding(alert) }
        return nil
    }

    private func worstImbalance(_ classes: JudgedClasses, _ step: Int) -> Alert? {
        // A class that no row has is none of these labels.
        let sizes = classes.sizes.enumerated().filter { $0.element > 0 }
        guard let largest = sizes.max(by: { $0.element < $1.element }), let smallest = sizes.min(by: { $0.element < $1.element }),
            largest.element / smallest.element > imbalance
        else { return nil }
        let ratio = largest.element / smallest.element
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary:
                "\(classes.names[largest.offset]) has \(rounded(ratio)) times as many rows as \(classes.names[smallest.offset])",
            evidence: [.init("ratio", ratio), .init("threshold", imbalance)],
            cause: "saying the frequent class for every row loses little, and the rare one is hardly learned",
            remedies: [.init("let rare rows count more (--weight COL), draw them more often, or judge by f1")], sampleSize: rows)
    }

    private func worstMisprediction(_ classes: JudgedClasses, _ step: Int) -> Alert? {
        let wrong = classes.shares.enumerated().compactMap { place, shares in shares.map { (place, share: 1 - $0[place]) } }
        guard let worst = wrong.max(by: { $0.share < $1.share }), worst.share > misprediction else { return nil }
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary: "\(rounded(100 * worst.share)) % of \(classes.names[worst.0]) are taken for other classes",
            evidence: [.init("share", worst.share), .init("threshold", misprediction)],
            cause: "the model does not tell this class from others: it is rare, or the features do not show it",
            remedies: [.init("let its rows count more (--weight COL), or add features that show it")], sampleSize: rows)
    }
}
