import Databases
import Events
import Experiments
import Training

/// Comparing runs, for the command line and the studio.
enum ComparisonWork {
    /// What the workspace knows of the runs. A steered run is not alike to others but for its seed any more, and one that was
    /// done again counts once.
    /// - Parameter others: runs among which those alike but for the seed are looked for; nil looks at all there are.
    static func recorded(
        _ runs: [RunSummary], siblings others: [RunSummary]? = nil, _ store: RunStore
    ) throws(StoreError) -> RunComparison {
        let wanted = SeedSiblings(of: runs.map(\.record))
        var siblings: [RunSummary] = []
        let candidates = if let others { others } else { try store.runs() }
        for other in candidates where wanted.includes(other.record) {
            if try store.events(of: other.record.id, kinds: [.hyperparametersChanged]).isEmpty { siblings.append(other) }
        }
        var kept: [RunID: [MetricName: Double]] = [:]
        for run in runs { kept[run.record.id] = try store.keptMetrics(of: run) }
        return RunComparing.compare(runs, all: siblings, kept: kept)
    }

    /// The comparison with what the models make of held-out rows, or with why that cannot be known.
    static func complete(_ comparison: RunComparison, _ runs: [RunSummary], _ workspace: Workspace) -> RunComparison {
        let candidates = runs.map {
            HeldOutComparing.Candidate(record: $0.record, folder: workspace.artifactFolder(of: $0.record.id.text))
        }
        do throws(TrainingError) {
            return RunComparing.adding(try HeldOutComparing.compare(candidates), to: comparison)
        } catch {
            var result = comparison
            result.obstacle = error.message
            return result
        }
    }
}
