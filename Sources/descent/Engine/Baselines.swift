import Events
import Training

/// The simple models that a run must beat.
enum Baselines {
    /// What is to be trained beside a run that asks for it: a constant, and the exact linear model.
    static func requests(beside record: RunRecord) -> [JobRequest] {
        guard record.request.wantsBaselines else { return [] }
        var plain = record.request
        plain.wantsBaselines = false
        // A model that is exact has no use for another one's hyperparameters.
        let objective = record.request.hyperparameters["objective_metric"]
        plain.hyperparameters = objective.map { ["objective_metric": $0] } ?? [:]
        var constant = plain, linear = plain
        (constant.algorithm, constant.name) = ("constant", record.name + "-constant")
        (linear.algorithm, linear.name) = ("linear-learner", record.name + "-linear")
        linear.hyperparameters["optimizer"] = "lbfgs"
        let isExact = record.algorithm == linear.algorithm && record.request.hyperparameters["optimizer"] == "lbfgs"
        return ([constant] + (isExact ? [] : [linear])).map(measurable)
    }

    /// Without an objective that the algorithm does not measure.
    private static func measurable(_ request: JobRequest) -> JobRequest {
        var request = request
        if (try? Algorithms.objective(of: request)) == nil { request.hyperparameters["objective_metric"] = nil }
        return request
    }
}
