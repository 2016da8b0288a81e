import Events
import Hyperparameters

/// SageMaker's rule: of a class too few rows are found, or too many are taken for one other class.
///
/// The documentation divides the diagonal by its own sum, by which a perfect model of ten classes would be at fault; its examples do not.
/// Shares here are of the rows of a class. Labels and predictions are those of the rows that judge the model which the run kept, when it
/// ends; names of tensors are taken since lists that are written for SageMaker have them.
public struct Confusion: ParameterisedRule {
    public static let name = "Confusion"
    public static let summary = "too few rows of a class are found, or too many are taken for another one"
    public static let parameters =
        [
            Hyperparameter(
                "category_no", .integer(minimum: 2, maximum: .max), words: ["None"], default: "None",
                "how many classes there have to be; None = as many as there are"),
            Hyperparameter("min_diag", .factor, default: "0.9", "the share of a class that has to be found"),
            Hyperparameter("max_off_diag", .factor, default: "0.1", "the share of a class that may be taken for another one"),
        ]
        + ["labels", "predictions"].flatMap { name in
            [
                Hyperparameter(name, .text(example: name), default: name, "not used: the model is asked"),
                Hyperparameter("\(name)_collection", .text(example: name), default: name, "not used: the model is asked"),
            ]
        }

    private let count: Int?, leastFound: Double, mostConfused: Double
    private var isDone = false

    public init(_ parameters: RuleParameters) {
        count = parameters.optionalNumber("category_no").map { _ in parameters.whole("category_no") }
        (leastFound, mostConfused) = (parameters.number("min_diag"), parameters.number("max_off_diag"))
    }

    public var waits: RuleWait? { isDone ? nil : .end }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if let fault = JudgedClasses.fault(input, run) { return RuleFinding(.failed(fault)) }
        guard case .evaluated(let evaluation, let step) = input, let classes = JudgedClasses(evaluation) else { return nil }
        isDone = true
        if let count, count != classes.names.count {
            return RuleFinding(.failed("there are \(classes.names.count) classes, and category_no is \(count)"))
        }
        var worst: (row: Int, column: Int, share: Double, excess: Double)?
        for (row, shares) in classes.shares.enumerated() {
            for (column, share) in (shares ?? []).enumerated() {
                let excess = row == column ? leastFound - share : share - mostConfused
                if excess > 0, excess > worst?.excess ?? 0 { worst = (row, column, share, excess) }
            }
        }
        guard let worst else { return nil }
        let isMissed = worst.row == worst.column, percent = rounded(100 * worst.share), of = classes.names[worst.row]
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .warning, step: step,
                summary: isMissed
                    ? "only \(percent) % of \(of) are found"
                    : "\(percent) % of \(of) are taken for \(classes.names[worst.column])",
                evidence: [
                    .init("share", worst.share), .init("threshold", isMissed ? leastFound : mostConfused),
                ],
                cause: "the model does not tell these classes apart well",
                remedies: [.init("look at rows of the pair that is confused: labels may be wrong, or a feature is missing")],
                sampleSize: evaluation.rowCount))
    }
}
