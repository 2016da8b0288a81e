import Glibc

/// Compares how good a model is with how good it was.
public struct ModelQualityCheck: Sendable {
    private let constraints: ModelQualityConstraints
    private let before: ModelQuality?

    /// - Parameter before: how it was, for what chance brings; nil = constraints are applied as they stand.
    public init(_ constraints: ModelQualityConstraints, before: ModelQuality?) {
        (self.constraints, self.before) = (constraints, before)
    }

    /// What does not meet the constraints.
    ///
    /// - Throws: `badData` for metrics of another problem.
    public func violations(of now: ModelQuality) throws(MonitoringError) -> [ConstraintViolation] {
        guard now.problem == constraints.problem else {
            throw MonitoringError(
                .badData,
                "the constraints are for \(constraints.problem.rawValue) and the model is of \(now.problem.rawValue): "
                    + "make the baseline again")
        }
        return constraints.bounds.compactMap { bound in
            guard let value = now.value(bound.metric) else { return nil }
            let beyond = bound.comparison == .less ? bound.threshold - value.value : value.value - bound.threshold
            guard beyond > 0, !isChance(beyond, value) else { return nil }
            let spread = (value.error ?? value.deviation).map { " ± \(DataQualityCheck.short($0))" } ?? ""
            return ConstraintViolation(
                bound.metric, check: bound.comparison.rawValue,
                "\(bound.metric) is \(DataQualityCheck.short(value.value))\(spread), "
                    + "\(bound.comparison == .less ? "less" : "greater") than the threshold \(DataQualityCheck.short(bound.threshold))"
            )
        }
    }

    private func isChance(_ beyond: Double, _ value: QualityValue) -> Bool {
        guard let rate = constraints.falseAlarms, let error = value.error else { return false }
        let earlier = before?.value(value.name)?.error ?? 0, sum = (error * error + earlier * earlier).squareRoot()
        guard sum > 0 else { return false }
        return erfc(beyond / sum / 2.0.squareRoot()) / 2 > rate / Double(max(1, constraints.bounds.count))
    }
}
