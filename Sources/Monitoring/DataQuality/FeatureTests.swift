import CheckedNumbers

/// What of one feature is told apart from chance.
struct FeatureTests {
    let before: FeatureStatistics, now: FeatureStatistics

    /// Numbers of so few values are compared value by value.
    private static let fewValues = 12
    /// A share or a difference below this is not told, however sure it is.
    static let leastDifference = 0.02

    func signs(comparesDistributions: Bool) -> [FeatureDrift.Sign] {
        var signs = [sign(.missing, missing)]
        if comparesDistributions {
            if let left = before.numbers, let right = now.numbers { signs += numbers(left, right) }
            if let left = before.texts, let right = now.texts, left.distinct > 0 { signs += texts(left, right) }
        }
        return signs.sorted { $0.chance < $1.chance }
    }

    private func sign(_ kind: FeatureDrift.Sign.Kind, _ chance: Double) -> FeatureDrift.Sign {
        FeatureDrift.Sign(kind: kind, chance: chance)
    }

    private var missing: Double {
        guard abs(now.completeness - before.completeness) >= Self.leastDifference else { return 1 }
        let lacking = (before.missing - before.misfits, now.missing - now.misfits)
        // Less of it is a change, too.
        return min(
            1,
            2
                * min(
                    Chance.ofMore(lacking.1, of: now.rowCount, than: lacking.0, of: before.rowCount),
                    Chance.ofMore(
                        now.rowCount - lacking.1, of: now.rowCount, than: before.rowCount - lacking.0, of: before.rowCount)))
    }

    private func numbers(_ left: NumberStatistics, _ right: NumberStatistics) -> [FeatureDrift.Sign] {
        let distance = Distance.ofNumbers(left.sketch, right.sketch)
        let ranks = RankTests(left.sketch, right.sketch)
        var signs: [FeatureDrift.Sign] = []
        if distance >= Self.leastDifference {
            let few = fewValued(left.sketch, right.sketch)
            let chance =
                few.map { Self.sameShares($0, $1) }
                ?? Chance.ofDistance(distance, Double(left.sketch.count), Double(right.sketch.count))
            signs = [sign(.distribution, chance), sign(.place, ranks.ofPlace), sign(.spread, ranks.ofSpread)]
        }
        // One of the baseline's own values is its least, and one its greatest.
        let outside = right.sketch.weighted.reduce(0.0) {
            $0 + ($1.value < left.minimum || $1.value > left.maximum ? $1.weight : 0)
        }
        signs.append(
            sign(.beyond, Chance.ofMore(Int(nearestWithin: outside), of: right.sketch.count, than: 2, of: left.sketch.count)))
        return signs
    }

    private func fewValued(_ left: QuantileSketch, _ right: QuantileSketch) -> (TextStatistics, TextStatistics)? {
        var counts: [[String: Int]] = []
        for sketch in [left, right] {
            var found: [String: Int] = [:]
            for (value, weight) in sketch.weighted {
                found[String(value), default: 0] += Int(nearestWithin: weight)
                if found.count > Self.fewValues { return nil }
            }
            counts.append(found)
        }
        return (TextStatistics(counts[0]), TextStatistics(counts[1]))
    }

    private func texts(_ left: TextStatistics, _ right: TextStatistics) -> [FeatureDrift.Sign] {
        var signs: [FeatureDrift.Sign] = []
        if Distance.ofTexts(left, right) >= Self.leastDifference {
            signs.append(sign(.distribution, Self.sameShares(left, right)))
        }
        if left.others == 0 {
            // What is there once is how much is yet to be seen (Good and Turing).
            let unseen = right.unseen(beside: left)
            signs.append(sign(.unseen, Chance.ofMore(unseen, of: now.present, than: left.singletons, of: before.present)))
        }
        return signs
    }

    /// How likely two samples of texts have counts as different as these. Texts of which fewer than 5 can be expected in either are counted together.
    private static func sameShares(_ left: TextStatistics, _ right: TextStatistics) -> Double {
        let (left, right) = TextStatistics.alike(left, right)
        var cells: [String: (Double, Double)] = [:]
        for entry in left.counts { cells[entry.value, default: (0, 0)].0 += Double(entry.count) }
        for entry in right.counts { cells[entry.value, default: (0, 0)].1 += Double(entry.count) }
        let sums = (
            cells.values.reduce(Double(left.others)) { $0 + $1.0 }, cells.values.reduce(Double(right.others)) { $0 + $1.1 }
        )
        guard sums.0 > 0, sums.1 > 0 else { return 1 }
        let all = sums.0 + sums.1
        var rest = (Double(left.others), Double(right.others)), sum = 0.0, freedom = -1.0
        func add(_ cell: (Double, Double)) {
            for (seen, total) in [(cell.0, sums.0), (cell.1, sums.1)] {
                let expected = (cell.0 + cell.1) * total / all
                sum += (seen - expected) * (seen - expected) / expected
            }
            freedom += 1
        }
        for (_, cell) in cells.sorted(by: { $0.key < $1.key }) {
            if (cell.0 + cell.1) * min(sums.0, sums.1) / all >= 5 { add(cell) } else { rest = (rest.0 + cell.0, rest.1 + cell.1) }
        }
        if rest.0 + rest.1 > 0, (rest.0 + rest.1) * min(sums.0, sums.1) / all >= 5 { add(rest) }
        return freedom >= 1 ? Chance.ofChiSquare(sum, freedom: freedom) : 1
    }
}

extension TextStatistics {
    /// Rows whose text another does not have.
    func unseen(beside other: TextStatistics) -> Int {
        let known = Set(other.counts.map(\.value))
        return counts.reduce(0) { $0 + (known.contains($1.value) ? 0 : $1.count) }
    }
}
