/// A measure of bias between the rows of a facet (d, for disadvantaged) and all others (a), by the names of SageMaker Clarify.
///
/// - Source: Amazon SageMaker developer guide, "Pretraining and post-training bias metrics".
public enum BiasMetric: String, Sendable, Hashable, CaseIterable {
    // Of the data.
    case CI, DPL, KL, JS, LP, TVD, KS, CDDL
    // Of predictions.
    case DPPL, DI, DCA, DCR, SD, RD, DAR, DRR, AD, TE, CDDPL, FT, GE

    public static let pretraining: [BiasMetric] = [.CI, .DPL, .KL, .JS, .LP, .TVD, .KS, .CDDL]
    public static let posttraining: [BiasMetric] = allCases.filter { !pretraining.contains($0) }

    public var isPosttraining: Bool { !Self.pretraining.contains(self) }

    public var title: String {
        switch self {
        case .CI: "Class Imbalance"
        case .DPL: "Difference in Positive Proportions in Labels"
        case .KL: "Kullback-Leibler Divergence"
        case .JS: "Jensen-Shannon Divergence"
        case .LP: "L-p Norm"
        case .TVD: "Total Variation Distance"
        case .KS: "Kolmogorov-Smirnov Distance"
        case .CDDL: "Conditional Demographic Disparity in Labels"
        case .DPPL: "Difference in Positive Proportions in Predicted Labels"
        case .DI: "Disparate Impact"
        case .DCA: "Difference in Conditional Acceptance"
        case .DCR: "Difference in Conditional Rejection"
        case .SD: "Specificity Difference"
        case .RD: "Recall Difference"
        case .DAR: "Difference in Acceptance Rates"
        case .DRR: "Difference in Rejection Rates"
        case .AD: "Accuracy Difference"
        case .TE: "Treatment Equality"
        case .CDDPL: "Conditional Demographic Disparity in Predicted Labels"
        case .FT: "Flip Test"
        case .GE: "Generalized Entropy"
        }
    }

    /// What it is where there is no bias.
    public var neutral: Double { self == .DI ? 1 : 0 }

    /// What it lies between; nil = anything.
    public var range: ClosedRange<Double>? {
        switch self {
        case .CI, .DPL, .CDDL, .DPPL, .SD, .RD, .DAR, .DRR, .AD, .CDDPL, .FT: -1...1
        case .JS: 0...0.6931471805599453
        case .LP: 0...1.4142135623730951
        case .TVD, .KS: 0...1
        case .KL, .DI, .GE: 0...Double.infinity
        case .DCA, .DCR, .TE: nil
        }
    }

    /// Whether strata are needed.
    public var needsGroups: Bool { self == .CDDL || self == .CDDPL }
}

/// Whose reading holds where the guide and the code of `smclarify` differ.
public enum BiasReading: String, Sendable, Hashable, CaseIterable {
    /// The guide's: distances over all labels that there are; a flip that harms the facet is positive.
    case guide
    /// That of `smclarify` 0.5: distances over labels that both groups have; a flip that harms the facet is negative.
    case smclarify
}

/// A metric's value, or why it has none.
public enum BiasValue: Sendable, Hashable {
    case value(Double)
    case undefined(String)

    public var number: Double? { if case .value(let number) = self { number } else { nil } }
}
