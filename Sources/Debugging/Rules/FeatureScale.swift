import Events

/// Features are more than 100 times apart in scale and are not normalised.
public struct FeatureScale: Rule {
    public static let name = "FeatureScale"
    public static let summary = "features are more than 100 times apart in scale and are not normalised"
    static let threshold = 100.0

    public init() {}

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .trainingData(let data) = input, !data.isNormalised, data.scaleRatio > Self.threshold else { return nil }
        let alert = Alert(
            rule: Self.name, severity: .issue, step: 0,
            summary: "\(data.widestFeature) varies \(rounded(data.scaleRatio)) times as much as \(data.narrowestFeature)",
            evidence: [.init("ratio of standard deviations", data.scaleRatio), .init("threshold", Self.threshold)],
            cause: "a step that suits one feature is far too large or too small for another",
            remedies: [.init("normalise the features", set: ["normalize_data": "true"])])
        return RuleFinding(alert)
    }
}
