/// Which of an AutoML job's models to use for what, with the reason in this job's numbers.
public struct AutoMLAdvice: Hashable, Sendable {
    /// What somebody may want.
    public enum Want: String, Hashable, Sendable, CaseIterable {
        case accurate = "most accurate", fast = "fastest", readable = "most readable"
    }

    public struct Pick: Hashable, Sendable {
        public var want: Want
        /// The name of a candidate's run, or of the job for the average.
        public var model: String
        /// In one line.
        public var reason: String
    }

    /// One for each want, as far as there is a model for it.
    public let picks: [Pick]

    /// - Parameters:
    ///   - number: writes a number with few digits.
    ///   - time: writes seconds.
    public init(
        _ record: AutoMLRecord, _ candidates: [AutoMLCandidate], number: (Double) -> String, time: (Double) -> String
    ) {
        let ended = candidates.filter { $0.outcome == .completed && $0.value != nil }
        let objective = record.objective
        var best: AutoMLCandidate?
        for one in ended where objective.isBetter(one.value ?? .nan, than: best?.value ?? .nan) { best = one }
        var picks: [Pick] = []
        if let ensemble = record.ensemble {
            let metric = objective.metric.metric, count = ended.count { $0.weight > 0 }
            var reason = count == 1 ? "one model counts: no average of several was better" : "\(count) models averaged"
            if let best, let value = best.value, count > 1 {
                reason += ": \(metric) \(number(ensemble.value)), the best of them alone \(number(value)) (\(best.name))"
            }
            picks.append(Pick(want: .accurate, model: record.name, reason: reason))
        }
        // What differs by no more than the standard error over folds counts as good.
        let error = (best?.spread ?? 0) / Double(max(1, record.request.job.folds ?? 1)).squareRoot()
        let good = ended.filter { one in
            guard let value = one.value, let top = best?.value else { return false }
            return abs(value - top) <= max(error, abs(top) * 0.01)
        }
        if let fast = good.min(by: { ($0.predictMilliseconds ?? .infinity) < ($1.predictMilliseconds ?? .infinity) }) {
            let time = fast.predictMilliseconds.map { "\(time($0 / 1000)) a row" } ?? ""
            picks.append(
                Pick(
                    want: .fast, model: fast.name, reason: "\(time), of those within the standard error of the best single model")
            )
        }
        if let plain = ended.filter({ $0.algorithm == "linear-learner" && $0.level == 1 }).min(by: { first, second in
            objective.isBetter(first.value ?? .nan, than: second.value ?? .nan)
        }), let best {
            picks.append(Pick(want: .readable, model: plain.name, reason: Self.readable(plain, best, error, number)))
        }
        self.picks = picks
    }

    /// `most accurate: automl-insurance (…)`.
    public var lines: [String] { picks.map { "\($0.want.rawValue): \($0.model) (\($0.reason))" } }

    private static func readable(
        _ plain: AutoMLCandidate, _ best: AutoMLCandidate, _ error: Double, _ number: (Double) -> String
    ) -> String {
        let value = plain.value ?? .nan, top = best.value ?? .nan, gap = abs(value - top)
        if plain.name == best.name { return "one weight a feature, and no other kind of model is better alone" }
        if gap <= error {
            return
                "one weight a feature, and within the standard error of \(best.name): what adds up is all there is to be found here"
        }
        return
            "one weight a feature; \(best.name) does better (\(number(top)) against \(number(value))): curves, or columns that act together"
    }
}
