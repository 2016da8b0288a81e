extension BiasCells {
    /// What a metric comes to.
    public func value(_ metric: BiasMetric, reading: BiasReading = .guide) -> BiasValue {
        let a = group(isFacet: false), d = group(isFacet: true)
        if metric == .GE { return generalizedEntropy(a, d) }
        // Disparity within strata is 0 where one group is all there is; smclarify says so.
        if metric.needsGroups, reading == .smclarify { return disparity(metric) }
        guard d.rows > 0 else { return .undefined("the facet has no rows") }
        guard a.rows > 0 else { return .undefined("all rows are of the facet") }
        if metric.isPosttraining, !hasPredictions { return .undefined("there are no predictions") }
        switch metric {
        case .CI: return .value((a.rows - d.rows) / (a.rows + d.rows))
        case .DPL: return .value(a.positives / a.rows - d.positives / d.rows)
        case .KL, .JS, .LP, .TVD, .KS:
            return LabelDistance(metric).value(
                [a.negatives / a.rows, a.positives / a.rows], [d.negatives / d.rows, d.positives / d.rows], reading)
        case .CDDL, .CDDPL: return disparity(metric)
        case .FT: return flipTest(d, reading)
        default: return .value(Self.difference(metric, a, d))
        }
    }

    /// Metrics that compare a ratio of counts between the groups.
    private static func difference(_ metric: BiasMetric, _ a: GroupCounts, _ d: GroupCounts) -> Double {
        switch metric {
        case .DPPL: a.predictedPositives / a.rows - d.predictedPositives / d.rows
        case .DI: ratio(d.predictedPositives / d.rows, a.predictedPositives / a.rows)
        case .DCA: less(ratio(a.positives, a.predictedPositives), ratio(d.positives, d.predictedPositives))
        case .DCR: less(ratio(d.negatives, d.predictedNegatives), ratio(a.negatives, a.predictedNegatives))
        case .RD: ratio(a.truePositives, a.positives) - ratio(d.truePositives, d.positives)
        case .SD: ratio(d.trueNegatives, d.negatives) - ratio(a.trueNegatives, a.negatives)
        case .DAR: ratio(a.truePositives, a.predictedPositives) - ratio(d.truePositives, d.predictedPositives)
        case .DRR: ratio(d.trueNegatives, d.predictedNegatives) - ratio(a.trueNegatives, a.predictedNegatives)
        case .AD: (a.truePositives + a.trueNegatives) / a.rows - (d.truePositives + d.trueNegatives) / d.rows
        case .TE: less(ratio(d.falseNegatives, d.falsePositives), ratio(a.falseNegatives, a.falsePositives))
        default: .nan
        }
    }

    /// Nothing of nothing is 0, and something of nothing without bound.
    private static func ratio(_ part: Double, _ whole: Double) -> Double {
        whole == 0 ? (part == 0 ? 0 : part > 0 ? .infinity : -.infinity) : part / whole
    }

    /// Two that are both without bound differ by 0.
    private static func less(_ first: Double, _ second: Double) -> Double {
        first.isInfinite && first == second ? 0 : first - second
    }

    /// In each stratum, the facet's part of those denied less its part of those granted; strata count by their rows.
    private func disparity(_ metric: BiasMetric) -> BiasValue {
        let isPositive: (Cell) -> Bool = { metric == .CDDL ? $0.label : $0.predicted }
        guard metric == .CDDL || hasPredictions else { return .undefined("there are no predictions") }
        guard hasGroups else { return .undefined("no column of strata is given") }
        guard count(where: isPositive) > 0 else { return .undefined("nothing is positive") }
        guard count(where: { !isPositive($0) }) > 0 else { return .undefined("nothing is negative") }
        // By stratum: rows of the facet and all rows, denied and granted.
        var strata: [Int: (facetDenied: Double, denied: Double, facetGranted: Double, granted: Double)] = [:]
        for (cell, count) in counts {
            var stratum = strata[cell.group] ?? (0, 0, 0, 0)
            if isPositive(cell) {
                stratum.granted += count
                if cell.isFacet { stratum.facetGranted += count }
            } else {
                stratum.denied += count
                if cell.isFacet { stratum.facetDenied += count }
            }
            strata[cell.group] = stratum
        }
        let sum = strata.sorted { $0.key < $1.key }.reduce(0.0) { sum, entry in
            let stratum = entry.value
            return sum + (stratum.denied + stratum.granted)
                * (Self.ratio(stratum.facetDenied, stratum.denied) - Self.ratio(stratum.facetGranted, stratum.granted))
        }
        return .value(sum / rowCount)
    }

    private func flipTest(_ d: GroupCounts, _ reading: BiasReading) -> BiasValue {
        guard hasFlips else { return .undefined("there are no numeric columns to find neighbours by") }
        let harmed = count { $0.isFacet && $0.flip == 1 } - count { $0.isFacet && $0.flip == -1 }
        return .value((reading == .guide ? harmed : -harmed) / d.rows)
    }

    /// How unequally benefits (prediction less label, plus 1) are spread over all rows.
    private func generalizedEntropy(_ a: GroupCounts, _ d: GroupCounts) -> BiasValue {
        guard hasPredictions else { return .undefined("there are no predictions") }
        let rows = a.rows + d.rows, double = a.falsePositives + d.falsePositives
        let single = rows - double - a.falseNegatives - d.falseNegatives
        let mean = (2 * double + single) / max(rows, 1)
        guard rows > 0, mean > 0 else { return .undefined("no row has any benefit: each is a false negative") }
        return .value(((4 * double + single) / (mean * mean) - rows) / (2 * rows))
    }
}
