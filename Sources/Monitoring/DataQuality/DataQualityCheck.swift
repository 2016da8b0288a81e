import CheckedNumbers
import Tables

/// What a check of data against its baseline found.
public struct DataQualityReport: Sendable, Hashable {
    /// Rows looked at.
    public var rowCount: Int
    public var violations: [ConstraintViolation]
    /// Every column that both have, in the baseline's order.
    public var features: [FeatureDrift]
    /// Columns that go together otherwise than they did, the surest first.
    public var pairs: [PairDrift] = []
    /// How well rows are told from those of the reference period by all columns together; nil where that was not looked at.
    public var together: DomainClassifier.Outcome?
    /// What could not be compared, in words.
    public var notes: [String]

    public var drifted: [FeatureDrift] { features.filter(\.isDrifted) }
}

/// Compares data with a baseline.
public struct DataQualityCheck: Sendable {
    private let statistics: DatasetStatistics
    private let constraints: DatasetConstraints
    /// What chance must be less than for something to be said; nil = constraints stand as they are.
    private let limit: Double?

    /// Things that are tested of a feature, at most.
    private static let testsEach = 5.0
    /// How much of the false alarms that may be are left to pairs of columns.
    private static let shareOfPairs = 0.25
    /// How much of that is left to all columns together, and to slow changes, where these are looked at.
    private static let shareOfTogether = 0.05, shareOfTrends = 0.05

    public init(statistics: DatasetStatistics, constraints: DatasetConstraints) {
        (self.statistics, self.constraints) = (statistics, constraints)
        limit = constraints.configuration.falseAlarms.map {
            $0 * (1 - Self.shareOfPairs) / Self.testsEach / Double(max(1, constraints.features.count))
        }
    }

    /// Checks data.
    ///
    /// - Parameters:
    ///   - now: measured by the baseline's types; see `DatasetStatistics.init(_:as:)`.
    ///   - rows: the data itself, to be told from the reference's rows; nil = columns and pairs alone are compared.
    ///   - reference: rows of the reference period.
    ///   - earlier: by column, the windows before, the oldest first.
    /// - Throws: `badData` for data without rows, and where it has none of the baseline's columns.
    public func report(
        on now: DatasetStatistics, rows: Table? = nil, reference: Table? = nil, earlier: [[String: WindowMoments]] = []
    ) throws(MonitoringError) -> DataQualityReport {
        guard now.rowCount > 0 else {
            throw MonitoringError(.badData, "there are no rows to check: give data, or wait until some has come")
        }
        let known = Dictionary(now.features.map { ($0.name, $0) }) { first, _ in first }
        let expected = Set(constraints.features.map(\.name))
        guard now.features.contains(where: { expected.contains($0.name) }) else {
            let names = constraints.features.prefix(5).map(\.name).joined(separator: ", ")
            throw MonitoringError(
                .badData,
                "the data has none of the baseline's columns (\(names)\(constraints.features.count > 5 ? ", …" : "")): "
                    + "is it of the same kind, and does it have a header?")
        }
        var report = DataQualityReport(rowCount: now.rowCount, violations: [], features: [], notes: [])
        for constraint in constraints.features {
            guard let feature = known[constraint.name] else {
                report.violations.append(
                    ConstraintViolation(constraint.name, .missingColumn, "the baseline has this column, and the data has not"))
                continue
            }
            check(constraint, feature, &report)
        }
        for feature in now.features where !expected.contains(feature.name) {
            report.violations.append(
                ConstraintViolation(feature.name, .extraColumn, "the data has this column, and the baseline has not"))
        }
        let hasMore = (rows != nil && reference != nil) || !earlier.isEmpty
        comparePairs(now, hasMore ? Self.shareOfPairs - Self.shareOfTogether - Self.shareOfTrends : Self.shareOfPairs, &report)
        compareTrends(now, earlier, &report)
        if let rows, let reference { compareTogether(rows, reference, &report) }
        return report
    }

    /// Tells of columns that move slowly, and have not been seen to by themselves.
    private func compareTrends(_ now: DatasetStatistics, _ earlier: [[String: WindowMoments]], _ report: inout DataQualityReport)
    {
        guard let rate = constraints.configuration.falseAlarms, !earlier.isEmpty else { return }
        let moved = Set(report.violations.map(\.feature)), expected = Set(constraints.features.map(\.name))
        let trends = WindowTrend.find(earlier + [now.moments], baseline: statistics, falseAlarms: rate * Self.shareOfTrends)
        for trend in trends where expected.contains(trend.feature) && !moved.contains(trend.feature) {
            report.violations.append(
                ConstraintViolation(
                    trend.feature, .baselineDrift,
                    "it \(trend.last > trend.first ? "rises" : "falls") slowly: over \(trend.windowCount) windows its mean went from "
                        + "\(Self.short(trend.first)) to \(Self.short(trend.last)) (chance alone brings that in "
                        + "\(Self.millionths(trend.chance)) windows)"))
        }
    }

    /// Tells rows from the reference's by all columns together, where no column and no pair has been seen to be otherwise.
    private func compareTogether(_ rows: Table, _ reference: Table, _ report: inout DataQualityReport) {
        guard let rate = constraints.configuration.falseAlarms, let classifier = DomainClassifier(reference: reference) else {
            return
        }
        let limit = rate * Self.shareOfTogether
        guard let outcome = classifier.compare(rows, limit: limit) else { return }
        report.together = outcome
        guard report.violations.isEmpty, outcome.chance < limit, outcome.area >= DomainClassifier.leastArea,
            let first = outcome.columns.first
        else { return }
        report.violations.append(
            ConstraintViolation(
                first, .baselineDrift,
                "rows are told from the baseline's by columns together, above all \(outcome.columns.joined(separator: ", ")): an AUC of "
                    + "\(Self.short(outcome.area)) ± \(Self.short(outcome.error)), and 0.5 where nothing changed (chance alone brings that in "
                    + "\(Self.millionths(outcome.chance)) windows)"))
    }

    private static func millionths(_ chance: Double) -> String {
        chance < 1e-6 ? "less than 1 of a million" : "\(short(chance * 1e6)) of a million"
    }

    /// Tells of columns that go together otherwise, where neither has changed by itself.
    /// - Parameter share: of the false alarms that may be.
    private func comparePairs(_ now: DatasetStatistics, _ share: Double, _ report: inout DataQualityReport) {
        let settings = constraints.configuration
        guard settings.comparesDistributions, let rate = settings.falseAlarms, let before = statistics.correlations,
            let current = now.correlations
        else { return }
        let expected = Set(constraints.features.map(\.name))
        report.pairs = current.drift(from: before, falseAlarms: rate * share).filter {
            expected.contains($0.first) && expected.contains($0.second)
        }
        let moved = Set(report.violations.map(\.feature))
        guard let pair = report.pairs.first(where: { !moved.contains($0.first) && !moved.contains($0.second) }) else { return }
        let others = report.pairs.count - 1
        report.violations.append(
            ConstraintViolation(
                pair.first, .baselineDrift,
                "\(pair.first) and \(pair.second) go together otherwise: their rank correlation is \(Self.short(pair.now)), and was "
                    + Self.short(pair.before) + (others > 0 ? "; so do \(others) other pairs" : "")))
    }

    private func check(_ constraint: FeatureConstraint, _ now: FeatureStatistics, _ report: inout DataQualityReport) {
        let settings = constraint.configuration ?? constraints.configuration
        let before = statistics.feature(constraint.name)
        var drift = FeatureDrift(
            name: now.name, type: constraint.type, present: now.present, presentBefore: before?.present ?? 0,
            completeness: now.completeness, completenessBefore: before?.completeness ?? constraint.completeness)
        if let before {
            compare(before, now, settings, &drift)
        } else {
            report.notes.append("the baseline has constraints and no statistics for \(constraint.name): it is not compared")
        }
        report.features.append(drift)
        guard settings.evaluatesConstraints else { return }
        report.violations += [
            typeViolation(constraint, now, settings), completenessViolation(constraint, now, drift),
            domainViolation(constraint, now, settings, drift), driftViolation(now, settings, drift),
        ].compactMap { $0 }
    }

    // MARK: - Measuring

    private func compare(
        _ before: FeatureStatistics, _ now: FeatureStatistics, _ settings: MonitoringConfiguration, _ drift: inout FeatureDrift
    ) {
        drift.tested = FeatureTests(before: before, now: now).signs(comparesDistributions: settings.comparesDistributions)
        if let limit { drift.signs = drift.tested.filter { $0.chance < limit } }
        if let left = before.numbers, let right = now.numbers {
            let distance = Distance.ofNumbers(left.sketch, right.sketch), shares = Shares(left.sketch, right.sketch)
            drift.distance = distance
            drift.compared =
                settings.numberMethod == .robust
                ? Distance.robust(distance, left.sketch.count, right.sketch.count) : distance
            drift.stabilityIndex = Distance.stabilityIndex(shares.first, shares.second)
            drift.jensenShannon = Distance.jensenShannon(shares.first, shares.second)
            drift.wasserstein = Distance.wasserstein(left.sketch, right.sketch) / max(left.deviation, 0.001)
            (drift.meanBefore, drift.mean) = (left.mean, right.mean)
        } else if let left = before.texts, let right = now.texts, !left.counts.isEmpty {
            let distance = Distance.ofTexts(left, right), shares = Shares(left, right)
            drift.distance = distance
            switch (settings.textMethod, settings.numberMethod) {
            case (.chiSquared, _): drift.compared = Distance.chiSquaredChance(left, right).map { 1 - $0 }
            case (_, .robust): drift.compared = Distance.robust(distance, before.present, now.present)
            case (_, .simple): drift.compared = distance
            }
            drift.stabilityIndex = Distance.stabilityIndex(shares.first, shares.second)
            drift.jensenShannon = Distance.jensenShannon(shares.first, shares.second)
            drift.unseen = now.present == 0 ? 0 : Double(right.unseen(beside: left)) / Double(now.present)
        }
    }

    // MARK: - Violations

    private func typeViolation(
        _ constraint: FeatureConstraint, _ now: FeatureStatistics, _ settings: MonitoringConfiguration
    ) -> ConstraintViolation? {
        guard constraint.type != .unknown, now.typeMatch < settings.typeThreshold else { return nil }
        let example = now.misfit.map { ", such as '\($0)'" } ?? ""
        return ConstraintViolation(
            now.name, .dataType,
            "expected \(Self.percent(settings.typeThreshold)) of the values to be \(constraint.type.rawValue), and "
                + "\(Self.percent(now.typeMatch)) are: \(now.misfits) \(now.misfits == 1 ? "is" : "are") not\(example)")
    }

    private func completenessViolation(
        _ constraint: FeatureConstraint, _ now: FeatureStatistics, _ drift: FeatureDrift
    ) -> ConstraintViolation? {
        guard now.completeness < constraint.completeness, isBeyondChance(.missing, drift) else { return nil }
        return ConstraintViolation(
            now.name, .completeness,
            "expected \(Self.percent(constraint.completeness)) of the rows to have a value, and \(Self.percent(now.completeness)) have"
        )
    }

    private func domainViolation(
        _ constraint: FeatureConstraint, _ now: FeatureStatistics, _ settings: MonitoringConfiguration, _ drift: FeatureDrift
    ) -> ConstraintViolation? {
        guard let domain = constraint.domain.map(Set.init), let texts = now.texts, now.present > 0 else { return nil }
        let strangers = texts.counts.filter { !domain.contains($0.value) }
        let outside = strangers.reduce(texts.others) { $0 + $1.count }
        let share = 1 - Double(outside) / Double(now.present)
        guard outside > 0, share < settings.domainThreshold, isBeyondChance(.unseen, drift) else { return nil }
        let shown = strangers.prefix(3).map { "'\($0.value)'" }.joined(separator: ", ")
        return ConstraintViolation(
            now.name, .categoricalValues,
            "expected \(Self.percent(settings.domainThreshold)) of the values to be among the \(domain.count) of the baseline, and "
                + "\(Self.percent(share)) are: \(outside) \(outside == 1 ? "is" : "are") not, such as \(shown)")
    }

    private func driftViolation(
        _ now: FeatureStatistics, _ settings: MonitoringConfiguration, _ drift: FeatureDrift
    ) -> ConstraintViolation? {
        guard settings.comparesDistributions else { return nil }
        let threshold = now.type.isNumeric ? settings.numberThreshold : settings.textThreshold
        if let compared = drift.compared, exceeds(compared, threshold, now.type, settings) {
            let name = !now.type.isNumeric && settings.textMethod == .chiSquared ? "1 − chance" : "distance"
            return ConstraintViolation(
                now.name, .baselineDrift,
                "baseline drift \(name) \(Self.short(compared)) exceeds the threshold \(Self.short(threshold))")
        }
        guard let sign = drift.signs.first(where: { ![.missing, .unseen].contains($0.kind) }) else { return nil }
        return ConstraintViolation(
            now.name, .baselineDrift,
            "\(sign.kind.words) than in the baseline (distance \(Self.short(drift.distance ?? 0)); chance alone brings it in "
                + "\(sign.chance < 1e-6 ? "less than 1 of a million" : "\(Self.short(sign.chance * 1e6)) of a million") windows)")
    }

    private func exceeds(_ compared: Double, _ threshold: Double, _ type: InferredType, _ settings: MonitoringConfiguration)
        -> Bool
    {
        // With chi-square a threshold of 0.1 means that chance is less likely than that.
        let bound = !type.isNumeric && settings.textMethod == .chiSquared ? 1 - threshold : threshold
        return compared > bound
    }

    private func isBeyondChance(_ kind: FeatureDrift.Sign.Kind, _ drift: FeatureDrift) -> Bool {
        guard let limit, let sign = drift.tested.first(where: { $0.kind == kind }) else { return true }
        return sign.chance < limit
    }

    // MARK: - Words

    static func percent(_ share: Double) -> String { "\(short(share * 100)) %" }

    static func short(_ number: Double) -> String {
        let scaled = (number * 1000).rounded() / 1000
        return scaled == scaled.rounded() && abs(scaled) < 1e15 ? String(Int(nearestWithin: scaled)) : String(scaled)
    }
}

extension FeatureDrift.Sign.Kind {
    /// What the column's values are, before "than in the baseline".
    public var words: String {
        switch self {
        case .distribution: "values are distributed otherwise"
        case .place: "values are higher or lower"
        case .spread: "values lie further apart or closer"
        case .missing: "more or fewer values are missing"
        case .unseen: "more values are unknown"
        case .beyond: "more values lie beyond the others"
        }
    }
}
