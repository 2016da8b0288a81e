import Cells
import Events

/// Curves that nobody recorded but that follow from those that were: validation less training, and the mean over seeds. Kept
/// from frame to frame, since they grow by what is new only.
package struct DerivedCurves: Sendable {
    private struct Group: Hashable, Sendable {
        var runs: [RunID]
        var metric: MetricName
    }

    private var gaps: [SeriesLibrary.Key: DifferenceSeries] = [:]
    private var means: [Group: MeanSeries] = [:]

    /// Values that are looked at in one go: some three milliseconds.
    private static let portion = 100_000
    private var budget = 0
    /// Whether one go was not enough.
    var isBehind: Bool { budget <= 0 }

    init() { start() }

    /// Starts another go.
    mutating func start() { budget = Self.portion }

    /// A run's validation less its training curve.
    package func gap(_ run: RunID, _ metric: MetricName) -> Series? { gaps[SeriesLibrary.Key(run, metric)]?.series }

    package func mean(_ runs: [RunID], _ metric: MetricName) -> MeanSeries? { means[Group(runs: runs, metric: metric)] }

    mutating func updateGap(_ run: RunID, _ metric: MetricName, _ library: SeriesLibrary) {
        let training = MetricName(split: "train", metric: String(metric.metric))
        guard metric != training, let curve = library[run, metric], let other = library[run, training] else { return }
        gaps[SeriesLibrary.Key(run, metric), default: DifferenceSeries()].update(curve, minus: other, budget: &budget)
    }

    /// Curves that are still being read are waited for: without them the mean would be another one.
    mutating func updateMean(_ runs: [RunSummary], _ metric: MetricName, _ library: SeriesLibrary) {
        guard !runs.contains(where: { library.isAwaited(SeriesLibrary.Key($0.record.id, metric)) }) else { return }
        let curves = runs.map { run in (library[run.record.id, metric] ?? Series(), run.status.isFinal) }
        let group = Group(runs: runs.map(\.record.id), metric: metric)
        means[group, default: MeanSeries()].update(curves, budget: &budget)
    }

    /// Forgets what follows from a run whose curves changed otherwise than by growing.
    mutating func forget(_ run: RunID) {
        gaps = gaps.filter { $0.key.run != run }
        means = means.filter { !$0.key.runs.contains(run) }
    }

    /// Forgets what follows from one curve, of which there is another history now. A gap follows from two of one word.
    mutating func forget(_ run: RunID, _ metric: MetricName) {
        gaps = gaps.filter { $0.key.run != run || $0.key.metric.metric != metric.metric }
        means = means.filter { $0.key.metric != metric || !$0.key.runs.contains(run) }
    }
}
