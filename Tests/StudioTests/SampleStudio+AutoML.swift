import Cells
import Events

@testable import Studio

/// An AutoML job over the sample's studio: five candidates ended, one failed, one trains.
extension SampleStudio {
    static let automl = "a4k8w1zz"

    static var automlStanding: AutoMLStanding {
        var job = JobRequest(
            datasetPath: "data/churn.csv", target: "churned", algorithm: "linear-learner", experiment: "automl-churn", seed: 7)
        job.folds = 8
        var request = AutoMLRequest(job: job, mode: .ensembling)
        request.timeLimit = 300
        var record = AutoMLRecord(
            id: automl, name: "automl-churn", request: request,
            objective: Objective(metric: MetricName("validation:log_loss"), minimises: true),
            why: [
                "churned has 2 classes, no, yes (binary classification), positive is yes; judged by log_loss",
                "the file is smaller than 100 MB: models of several kinds are tried and averaged (--mode hpo searches one kind)",
                "judged by 8 folds: each row by models that did not learn from it",
            ], createdAt: start)
        record.ensemble = AutoMLEnsemble(value: 0.2871, spread: 0.0182, predictMilliseconds: 0.0311, size: 812_345)
        let plans: [(name: String, family: String, value: Double?, weight: Double, after: Double)] = [
            ("linear", "linear", 0.3312, 0.04, 0.3312), ("boosted", "boosted trees", 0.3021, 0.2, 0.2999),
            ("network", "network", 0.3105, 0.28, 0.2921), ("boosted-shallow", "boosted trees", 0.2946, 0.48, 0.2871),
            ("forest", "random forest", 0.3409, 0, 0.2871), ("linear-strict", "linear", nil, 0, 0.2871),
            ("boosted-deep", "boosted trees", nil, 0, 0),
        ]
        let candidates = plans.enumerated().map { number, plan in
            var candidate = AutoMLCandidate(
                number: number, run: RunID("cand\(number)"), name: "automl-churn-\(plan.name)", family: plan.family,
                algorithm: plan.family == "linear" ? "linear-learner" : plan.family == "network" ? "neural-network" : "xgboost",
                hyperparameters: [:], why: "what it is good at")
            (candidate.value, candidate.weight) = (plan.value, plan.weight)
            guard number < 6 else { return candidate }
            candidate.outcome = plan.value == nil ? .failed : .completed
            candidate.ensembleValue = plan.after
            (candidate.spread, candidate.fitSeconds) = (plan.value.map { _ in 0.0201 }, 0.4 * Double(number + 1))
            candidate.predictMilliseconds = plan.value.map { _ in 0.001 * Double(number + 1) }
            if plan.value == nil { candidate.reason = "the loss is not finite" }
            return candidate
        }
        return AutoMLStanding(record: record, candidates: candidates)
    }
}
