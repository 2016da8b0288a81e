import Glibc
import JSON

/// How sure the rows that judge are that an early stop was right: the last model beside the best one, row by row.
///
/// The best was chosen on the same rows, so that the difference is a little too large.
public struct StoppingDecision: Sendable, Hashable {
    /// What each row was measured by: `log_loss`, `rmse`'s squares or `accuracy`.
    public var measure: String
    public var bestStep: Int
    public var lastStep: Int
    /// How much worse the last model is than the best, in the mean over rows.
    public var difference: Double
    /// Of that mean.
    public var standardError: Double
    public var rowCount: Int

    public init(
        measure: String, bestStep: Int, lastStep: Int, difference: Double, standardError: Double, rowCount: Int
    ) {
        self.measure = measure
        (self.bestStep, self.lastStep, self.rowCount) = (bestStep, lastStep, rowCount)
        (self.difference, self.standardError) = (difference, standardError)
    }

    /// Two standard errors and more: the rows tell the two models apart.
    public var isCertain: Bool { difference > 2 * standardError }

    /// One line: `stopped early: …`.
    /// - Parameter number: how a value is written.
    public func words(number: (Double) -> String) -> String {
        let noise =
            "step \(lastStep) is worse than step \(bestStep) by \(number(difference)) ± \(number(standardError)) of \(measure) over \(rowCount) rows"
        return "stopped early: \(noise): "
            + (isCertain ? "that is more than noise" : "these rows hardly tell the two apart; more of them, or folds, would")
    }
}

extension StoppingDecision {
    var json: JSONValue {
        .object([
            "measure": .string(measure), "bestStep": .integer(bestStep), "lastStep": .integer(lastStep),
            "difference": .number(difference), "standardError": .number(standardError), "rows": .integer(rowCount),
        ])
    }

    init?(json: JSONValue) {
        guard let measure = json["measure"]?.string, let best = json["bestStep"]?.integer, let last = json["lastStep"]?.integer,
            let difference = json["difference"]?.double, let error = json["standardError"]?.double,
            let rows = json["rows"]?.integer
        else { return nil }
        self.init(
            measure: measure, bestStep: best, lastStep: last, difference: difference, standardError: error, rowCount: rows)
    }
}
