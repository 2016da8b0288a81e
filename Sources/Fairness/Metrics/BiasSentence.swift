import Tables

extension FacetReport {
    /// What a metric says of the facet, in words.
    ///
    /// - Parameter number: how numbers, and percent how shares are written.
    public func sentence(
        _ metric: BiasMetric, number: (Double) -> String, percent: (Double) -> String
    ) -> String {
        guard case .value(let value)? = metrics[metric] else {
            if case .undefined(let reason)? = metrics[metric] { return "not defined: \(reason)" }
            return ""
        }
        let name = facet.phrase
        func more(_ what: String, _ first: Double, _ second: Double) -> String {
            "\(percent(second)) of \(name) \(what), \(percent(first)) of the others"
        }
        func rate(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }
        switch metric {
        case .CI:
            return "\(name) are \(percent(rate(own.rows, own.rows + others.rows))) of the rows"
        case .DPL: return more("have a positive label", rate(others.positives, others.rows), rate(own.positives, own.rows))
        case .KL, .JS, .LP, .TVD, .KS:
            return value == 0 ? "labels are spread alike" : "labels are spread otherwise than among the others"
        case .CDDL, .CDDPL:
            let what = metric == .CDDL ? "labels" : "predictions"
            return value > 0
                ? "within strata, \(name) have a larger part of the negative \(what) than of the positive ones"
                : value < 0
                    ? "within strata, \(name) have a larger part of the positive \(what) than of the negative ones"
                    : "within strata, \(name) have the same part of both"
        case .DPPL:
            return more(
                "are predicted positive", rate(others.predictedPositives, others.rows), rate(own.predictedPositives, own.rows))
        case .DI:
            return value.isFinite
                ? "\(name) are predicted positive \(number(value)) times as often as the others"
                    + (value < 0.8 ? ": less than four fifths" : "")
                : "none of the others is predicted positive"
        case .DCA:
            return "positive labels a positive prediction: \(number(ratio(own.positives, own.predictedPositives))) of \(name), "
                + "\(number(ratio(others.positives, others.predictedPositives))) of the others"
        case .DCR:
            return "negative labels a negative prediction: \(number(ratio(own.negatives, own.predictedNegatives))) of \(name), "
                + "\(number(ratio(others.negatives, others.predictedNegatives))) of the others"
        case .RD:
            return "of those whose label is positive, \(percent(rate(own.truePositives, own.positives))) of \(name) are found, "
                + "\(percent(rate(others.truePositives, others.positives))) of the others"
        case .SD:
            return "of those whose label is negative, \(percent(rate(own.trueNegatives, own.negatives))) of \(name) are told so, "
                + "\(percent(rate(others.trueNegatives, others.negatives))) of the others"
        case .DAR:
            return "positive predictions are right for \(percent(rate(own.truePositives, own.predictedPositives))) of \(name), "
                + "\(percent(rate(others.truePositives, others.predictedPositives))) of the others"
        case .DRR:
            return "negative predictions are right for \(percent(rate(own.trueNegatives, own.predictedNegatives))) of \(name), "
                + "\(percent(rate(others.trueNegatives, others.predictedNegatives))) of the others"
        case .AD:
            return "predictions are right for \(percent(rate(own.truePositives + own.trueNegatives, own.rows))) of \(name), "
                + "\(percent(rate(others.truePositives + others.trueNegatives, others.rows))) of the others"
        case .TE:
            return "wrong refusals a wrong grant: \(number(ratio(own.falseNegatives, own.falsePositives))) of \(name), "
                + "\(number(ratio(others.falseNegatives, others.falsePositives))) of the others"
        case .FT:
            return
                "\(percent(rate(refusedBeside, own.rows))) of \(name) are refused what most of their nearest others are granted, "
                + "\(percent(rate(grantedBeside, own.rows))) are granted what those are refused"
        case .GE:
            return value == 0
                ? "right and wrong grants are spread evenly over all rows" : "errors are spread unevenly over all rows"
        }
    }

    private func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : part == 0 ? 0 : .infinity }
}
