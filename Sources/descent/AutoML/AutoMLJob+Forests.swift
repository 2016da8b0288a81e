import AutoML
import Clocks
import Events
import Experiments
import Training

/// Forests under a limit of time: a few trees are grown first, and as many as there is time for then.
extension AutoMLJob {
    /// Trees of the two trials. What is the same for both, such as reading and encoding rows, is not counted.
    private static let trialTrees = (few: 1, more: 5)

    /// The plan as it can be trained in the time that is left; nil where it cannot, or the job is to end before that is known.
    func fitting(_ plan: CandidatePlan) throws -> CandidatePlan? {
        // Who plans says how many.
        guard let limit = record.request.timeLimit, setup.plan.isEmpty, plan.family.isForest,
            let planned = plan.hyperparameters["num_parallel_tree"].flatMap({ Int($0) })
        else { return plan }
        guard let cost = try secondsATree(of: plan) else { return nil }
        guard let trees = ForestSize.trees(planned: planned, secondsATree: cost, left: limit - seconds) else {
            let (needed, left) = (Double(min(ForestSize.fewest, planned)) * cost, max(0, limit - seconds))
            record.why.append(
                "\(plan.name) is left out: \(ForestSize.fewest) trees would take \(Self.duration(needed)), and \(Self.duration(left)) are left"
            )
            try keep()
            return nil
        }
        var fitted = plan
        fitted.hyperparameters["num_parallel_tree"] = "\(trees)"
        if trees < planned { fitted.why += "; \(trees) trees of \(planned), as many as there is time for" }
        return fitted
    }

    private static func duration(_ seconds: Double) -> String { "\(AutoMLText.number(seconds)) s" }

    /// What a tree takes over all of a candidate's models; nil where the job is to end before that is known.
    private func secondsATree(of plan: CandidatePlan) throws -> Double? {
        var request = record.request.job, seconds: [Double] = []
        let folds = request.folds ?? 1
        (request.algorithm, request.folds, request.name) = (plan.algorithm, 2, nil)
        for trees in [Self.trialTrees.few, Self.trialTrees.more] {
            guard try !isAsked(), !isTimeOver else { return nil }
            request.hyperparameters = plan.hyperparameters.merging(["num_parallel_tree": "\(trees)"]) { $1 }
            let began = SteadyClock.seconds()
            do { _ = try FoldsTraining.train(request, named: plan.name, on: setup.outlook.table, control: trialControl) } catch {
                if try isAsked() || isTimeOver { return nil }
                throw CommandError(error)
            }
            seconds.append(SteadyClock.seconds() - began)
        }
        let trees = Double(Self.trialTrees.more - Self.trialTrees.few)
        // A trial is one model of all rows and two of half of them; with K folds there is one of all, and K that lack a K-th each.
        let ofAllRows = max(seconds[1] - seconds[0], seconds[1] / 20) / trees / 2
        return ofAllRows * Double(max(1, folds))
    }
}
