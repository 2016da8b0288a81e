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

    /// Of its average.
    static var insights: ModelInsights {
        var insights = ModelInsights(
            model: "automl-churn", target: "churned", rowCount: 900, foldCount: 8,
            measures: [.init("log_loss", 0.2871, spread: 0.0182), .init("accuracy", 0.8822, spread: 0.012)])
        insights.classes = ["no", "yes"]
        insights.confusion = [[612, 18], [88, 182]]
        insights.scores = [
            .init(name: "no", precision: 0.874, recall: 0.971, f1: 0.92, support: 630),
            .init(name: "yes", precision: 0.91, recall: 0.674, f1: 0.774, support: 270),
        ]
        var curves = ModelInsights.ClassCurves(name: "yes")
        let shares = (0...20).map { Double($0) / 20 }
        curves.roc = shares.map { .init($0, min(1, 3 * $0 - 2.5 * $0 * $0 + 0.5 * $0 * $0 * $0)) }
        curves.precisionRecall = shares.map { .init($0, 1 - 0.7 * $0 * $0) }
        curves.gain = shares.map { .init($0, min(1, 2.4 * $0 - 1.4 * $0 * $0)) }
        curves.lift = shares.dropFirst().map { .init($0, 2.4 - 1.4 * $0) }
        curves.calibration = stride(from: 0.05, to: 1, by: 0.1).map { .init($0, $0 * $0 * 0.3 + $0 * 0.7) }
        (curves.rocArea, curves.averagePrecision, curves.brier) = (0.914, 0.861, 0.0842)
        insights.curves = [curves]
        insights.hardest = [.init(record: 417, expected: "yes", predicted: "no", miss: 0.97)]
        return insights
    }

    /// What the job saw before it trained.
    static var exploration: DataExploration {
        let statistics = ColumnProfile.Statistics(
            mean: 20, standardDeviation: 9, minimum: 1, lowerQuartile: 12, median: 19, upperQuartile: 28, maximum: 48,
            histogram: [10, 20, 30, 15])
        let tenure = ColumnProfile(
            name: "tenure", kind: "integer", count: 700, missing: 100, distinct: 48, statistics: statistics, mostFrequent: [])
        let churned = ColumnProfile(
            name: "churned", kind: "boolean", count: 800, missing: 0, distinct: 2, statistics: nil,
            mostFrequent: [.init(value: "no", count: 560), .init(value: "yes", count: 240)])
        let profile = DatasetProfile(
            path: "data/churn.csv", byteCount: 9_000, fingerprint: "00", rowCount: 800, delimiter: ",", hasHeader: true,
            columns: [tenure, churned], warnings: [])
        var exploration = DataExploration(profile: profile, target: "churned", rowCount: 800)
        exploration.repeatedRows = 2
        exploration.classes = [.init(value: "no", count: 560), .init(value: "yes", count: 240)]
        exploration.told = [.init(column: "tenure", power: 0.42, correlation: -0.38)]
        return exploration
    }
}
