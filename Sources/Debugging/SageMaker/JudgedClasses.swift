import Events

/// What the rows of each class were taken for by the model that a run kept.
struct JudgedClasses {
    let names: [String]
    /// Weight of each class's rows.
    let sizes: [Double]
    /// Of the rows of each class, the shares that were taken for each class; nil where a class has no row.
    ///
    /// - Range: each row sums to 1.
    let shares: [[Double]?]

    /// nil where classes were not predicted, or there are too many to be kept.
    init?(_ evaluation: ModelEvaluation) {
        guard !evaluation.confusion.isEmpty, evaluation.confusion.count == evaluation.classes.count else { return nil }
        names = evaluation.classes.map(\.name)
        sizes = evaluation.confusion.map { $0.reduce(0, +) }
        shares = zip(evaluation.confusion, sizes).map { row, size in size > 0 ? row.map { $0 / size } : nil }
    }

    /// Why rules of labels and predictions cannot look at what they are shown.
    static func fault(_ input: RuleInput, _ run: RunRecord) -> String? {
        switch input {
        case .trainingData, .algorithm:
            run.request.isScript ? "a script does not tell what its rows were taken for" : nil
        case .evaluated(let evaluation, _) where evaluation.classes.isEmpty: "the model predicts no classes"
        case .evaluated(let evaluation, _) where evaluation.confusion.isEmpty:
            "with \(evaluation.classes.count) classes it is not kept what was taken for what"
        case .ended where run.request.isScript: "a script does not tell what its rows were taken for"
        default: nil
        }
    }
}
