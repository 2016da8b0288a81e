import Events
import Glibc
import Numerics

/// Which settings matter, over the runs that can be compared.
package enum ImportanceComparing {
    private static let fewest = 4

    /// Looks at the settings that differ between runs with one objective on one target. Settings that say the same as another
    /// (always differ together with it) are left out after the first.
    /// - Throws: `badRequest` when there are too few runs or nothing differs.
    package static func importance(of runs: [RunSummary], metric: MetricName? = nil) throws(TrainingError) -> ParameterImportance
    {
        guard let first = runs.first else { throw refusal("there are no runs") }
        let metric = metric ?? first.record.objective.metric
        let alike = runs.filter { run in
            run.record.objective == first.record.objective && run.record.request.target == first.record.request.target
                && run.status != .failed && (run.lastMetrics[metric]?.isFinite ?? false)
        }
        guard alike.count >= fewest else {
            throw refusal("\(alike.count) runs have a \(metric) to compare: it takes \(fewest) to see what matters")
        }
        let direction = first.direction(of: metric)
        guard direction != .unknown else {
            throw refusal(
                "of \(metric), \(direction.words): say it with descent watch LOG --objective max:\(metric) or min:\(metric)")
        }
        let values = alike.compactMap { $0.lastMetrics[metric] }
        let columns = differing(alike)
        guard !columns.isEmpty else { throw refusal("the runs differ in no setting but their seed") }
        let forest = RegressionForest(inputs: columns.map(\.places), targets: values)
        let importances = forest.importances()
        let parameters = zip(columns, importances).map { column, importance in
            ParameterImportance.Parameter(
                name: column.name, places: column.places, words: column.words, isLogarithmic: column.isLogarithmic,
                correlation: column.words.isEmpty ? rankCorrelation(column.places, values) : nil, importance: importance)
        }
        return ParameterImportance(
            metric: metric, minimises: direction == .minimised, runs: alike.map(\.record.id), values: values,
            parameters: parameters.enumerated().sorted { ($1.element.importance, $0.offset) < ($0.element.importance, $1.offset) }
                .map(\.element), explained: forest.explained)
    }

    private static func refusal(_ text: String) -> TrainingError { TrainingError(.badRequest, text, operation: "importance") }

    private struct Column {
        var name: String
        var places: [Double]
        var words: [String]

        var isLogarithmic: Bool {
            guard words.isEmpty, let least = places.min(), let most = places.max() else { return false }
            return least > 0 && most > 100 * least
        }
    }

    /// The settings with more than one value; the algorithm among them.
    private static func differing(_ runs: [RunSummary]) -> [Column] {
        var texts: [(name: String, values: [String])] = [("algorithm", runs.map(\.record.algorithm))]
        let all = runs.map { run in
            run.record.hyperparameters.merging(run.record.request.hyperparameters) { resolved, _ in resolved }
        }
        let byHand = Set(runs.flatMap { $0.record.request.hyperparameters.keys })
        // Of settings that say the same, what was set by hand names them, and not what followed from it.
        let names = Set(all.flatMap(\.keys)).sorted { (byHand.contains($0) ? 0 : 1, $0) < (byHand.contains($1) ? 0 : 1, $1) }
        for name in names where name != "seed" {
            // What only some algorithms have is told by the algorithm.
            let values = all.compactMap { $0[name] }
            if values.count == runs.count { texts.append((name, values)) }
        }
        var seen: Set<[Int]> = []
        return texts.compactMap { name, values in
            let words = Set(values).sorted()
            guard words.count > 1 else { return nil }
            var order: [String: Int] = [:]
            for value in values where order[value] == nil { order[value] = order.count }
            guard seen.insert(values.map { order[$0] ?? 0 }).inserted else { return nil }
            let numbers = values.compactMap { Double($0) }
            if numbers.count == values.count, numbers.allSatisfy(\.isFinite) {
                return Column(name: name, places: numbers, words: [])
            }
            return Column(name: name, places: values.map { value in Double(words.firstIndex(of: value) ?? 0) }, words: words)
        }
    }

    /// Spearman's: the correlation of the ranks, ties sharing theirs.
    static func rankCorrelation(_ first: [Double], _ second: [Double]) -> Double {
        Statistics.correlation(Statistics.ranks(first), Statistics.ranks(second))
    }
}
