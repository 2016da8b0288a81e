import Events

/// There are so few rows that whatever comes of the run is an accident: under 50 to learn from, or under 15 to judge by.
public struct FewRows: Rule {
    public static let name = "FewRows"
    public static let summary = "there are too few rows to learn from, or to judge by"
    private static let leastTraining = 50, leastJudging = 15

    public init() {}

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .trainingData(let data) = input, data.target != nil else { return nil }
        let isJudged = data.validationRowCount > 0
        let judgesLittle = isJudged && data.validationRowCount < Self.leastJudging && run.request.folds == nil
        guard data.rowCount < Self.leastTraining || judgesLittle else { return nil }
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .info, step: 0,
                summary: "\(data.rowCount) rows to learn from" + (isJudged ? ", \(data.validationRowCount) to judge by" : ""),
                evidence: [
                    .init("training rows", Double(data.rowCount)), .init("validation rows", Double(data.validationRowCount)),
                    .init("features", Double(data.featureCount)),
                ],
                cause: "few rows are soon known by heart, and a loss over a handful of rows is noise",
                remedies: [
                    .init("let every row judge once (--folds 5)"), .init("get more rows, or take a plainer model"),
                ]))
    }
}
