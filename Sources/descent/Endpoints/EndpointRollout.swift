import Clocks
import Events
import Experiments
import Serving

/// A deployment of an endpoint under way: both versions, and the machine that says when what is done.
struct EndpointRollout {
    let update: EndpointUpdate
    let old: [(variant: LiveVariant, weight: Double)]
    let new: [(variant: LiveVariant, weight: Double)]
    var machine: Deployment
    /// Until when its alarms were looked at.
    /// - Units: seconds since 1970.
    var lookedAt: Double

    /// Those of both versions: what one that has no share any more did a moment ago was done to clients of the endpoint, too.
    var variants: [LiveVariant] { (old + new).map(\.variant) }

    /// All requests by a share of the new version.
    func traffic(_ share: Double) -> Traffic {
        func parts(_ fleet: [(variant: LiveVariant, weight: Double)], _ share: Double) -> [(variant: LiveVariant, weight: Double)]
        {
            let total = fleet.reduce(0) { $0 + $1.weight }
            return fleet.map { ($0.variant, total > 0 ? $0.weight / total * share : 0) }
        }
        // A version without a share is not asked by name either.
        if share >= 1 { return Traffic(new) }
        if share <= 0 { return Traffic(old) }
        return Traffic(parts(new, share) + parts(old, 1 - share))
    }

    /// - Throws: usage, where the update makes no sense.
    static func plan(_ update: EndpointUpdate) throws(CommandError) -> DeploymentPlan {
        guard let strategy = DeploymentPlan.Strategy(rawValue: update.strategy) else {
            let known = DeploymentPlan.Strategy.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("there is no strategy '\(update.strategy)': give one of \(known)")
        }
        let plan = DeploymentPlan(
            strategy, step: update.step, wait: update.wait, terminationWait: update.terminationWait)
        if let fault = plan.fault { throw .usage(fault) }
        guard update.alarms.count <= 10 else { throw .usage("at most 10 alarms can watch a deployment") }
        return plan
    }
}

extension AlarmRecord {
    /// - Throws: usage, where it says what no alarm can be.
    /// What it looks at: `p99 ModelLatency`, `accuracy of churn-model-quality`.
    var what: String { monitor.map { "\(feature ?? metric) of \($0)" } ?? "\(statistic) \(metric)" }

    func rule() throws(CommandError) -> AlarmRule {
        func words(_ all: [String]) -> String { all.joined(separator: ", ") }
        guard let metric = AlarmRule.Metric(rawValue: metric) else {
            throw .usage("--metric '\(metric)': give one of \(words(AlarmRule.Metric.allCases.map(\.rawValue)))")
        }
        guard let statistic = AlarmRule.Statistic(statistic) else {
            throw .usage("--statistic '\(statistic)': give Average, Sum or a percentile such as p99")
        }
        guard let comparison = AlarmRule.Comparison(rawValue: comparison) else {
            throw .usage("--comparison '\(comparison)': give one of \(words(AlarmRule.Comparison.allCases.map(\.rawValue)))")
        }
        guard let missing = AlarmRule.Missing(rawValue: missing) else {
            throw .usage("--missing '\(missing)': give one of \(words(AlarmRule.Missing.allCases.map(\.rawValue)))")
        }
        let rule = AlarmRule(
            metric: metric, statistic: statistic, comparison: comparison, threshold: threshold, period: period,
            evaluationPeriods: evaluationPeriods, datapoints: datapoints, missing: missing)
        if let fault = rule.fault { throw .usage("alarm \(name): \(fault)") }
        return rule
    }
}
