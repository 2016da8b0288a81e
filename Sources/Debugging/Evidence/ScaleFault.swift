import Events

/// Features or a target that are not normalised and lie on scales that no step size suits.
struct ScaleFault {
    /// Largest ratio of standard deviations, and distance from 0 in standard deviations, that one step size suits.
    static let ratioThreshold = 100.0, offsetThreshold = 30.0
    /// Size of a target beyond which steps made for 1 get nowhere, or nowhere near.
    static let targetThreshold = 1000.0
    /// The same of features where a run does not get on, and normalisation was switched off by hand: a tenth of the steps go where they should.
    static let suspiciousRatio = 10.0, suspiciousOffset = 5.0

    var summary: String
    var evidence: [Alert.Evidence]
    var cause: String
    var remedies: [Alert.Remedy]

    /// The worst fault; nil where there is none.
    init?(_ data: TrainingDataSummary?) { self.init(data, Self.ratioThreshold, Self.offsetThreshold) }

    /// The worst fault of a run that does not get on.
    init?(_ data: TrainingDataSummary?, ofSlow run: RunRecord) {
        if let fault = ScaleFault(data) {
            self = fault
            return
        }
        guard run.isSetByHand("normalize_data"), run.hyperparameters["normalize_data"] == "false" else { return nil }
        self.init(data, Self.suspiciousRatio, Self.suspiciousOffset)
        cause = "normalize_data is false: \(cause)"
    }

    private init?(_ data: TrainingDataSummary?, _ ratioThreshold: Double, _ offsetThreshold: Double) {
        guard let data else { return nil }
        let size = max(abs(data.targetMean ?? 0), data.targetDeviation ?? 0)
        let normalise = Alert.Remedy("normalise the features", set: ["normalize_data": "true"])
        if !data.isNormalised, data.scaleRatio > ratioThreshold {
            summary = "\(data.widestFeature) varies \(rounded(data.scaleRatio)) times as much as \(data.narrowestFeature)"
            evidence = [
                .init("ratio of standard deviations", data.scaleRatio), .init("threshold", ratioThreshold),
            ]
            cause = "a step that suits one feature is far too large or too small for another"
            remedies = [normalise]
        } else if !data.isNormalised, data.offsetRatio > offsetThreshold {
            summary = "\(data.mostOffsetFeature) lies \(rounded(data.offsetRatio)) standard deviations away from 0"
            evidence = [
                .init("mean in standard deviations", data.offsetRatio), .init("threshold", offsetThreshold),
            ]
            cause = "its mean is taken for an intercept: what it varies by hardly counts in a step"
            remedies = [normalise]
        } else if size > Self.targetThreshold {
            summary = "\(data.target ?? "the target") is of the size of \(rounded(size)) and is not normalised"
            evidence = [.init("size of the target", size), .init("threshold", Self.targetThreshold)]
            cause = "steps that suit targets of the size of 1 are far too small, and its errors make far too large gradients"
            remedies = [.init("normalise the target", set: ["normalize_label": "true"])]
        } else {
            return nil
        }
    }
}
