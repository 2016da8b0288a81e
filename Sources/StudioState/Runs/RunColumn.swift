import Cells
import Events

/// A column of the runs table.
package enum RunColumn: Hashable, Sendable {
    case badge, status, name, objective, metric, best, delta, progress, step, epoch, duration, rowsPerSecond
    case algorithm, dataset, experiment, learningRate, seed, alerts, created

    /// All columns in the order they stand.
    package static let all: [RunColumn] = [
        .badge, .status, .name, .objective, .metric, .delta, .progress, .alerts, .best, .duration, .rowsPerSecond, .epoch, .step,
        .algorithm, .dataset, .learningRate, .experiment, .seed, .created,
    ]

    /// Columns to sort by, in the order `<` and `>` walk through them.
    package static let sortable: [RunColumn] = [
        .created, .status, .name, .objective, .alerts, .best, .duration, .rowsPerSecond, .epoch, .step, .algorithm, .dataset,
        .learningRate, .experiment, .seed, .metric,
    ]

    /// Order in which columns are given room, most important first.
    package static let priority: [RunColumn] = [
        .badge, .name, .status, .objective, .delta, .alerts, .progress, .metric, .duration, .best, .algorithm, .dataset,
        .rowsPerSecond,
        .epoch, .learningRate, .step, .experiment, .seed, .created,
    ]

    package var title: String {
        switch self {
        case .badge: ""
        case .status: "status"
        case .name: "run"
        case .objective: "last"
        case .metric: "metric"
        case .best: "best"
        case .delta: "Δ base"
        case .progress: "progress"
        case .step: "step"
        case .epoch: "epoch"
        case .duration: "time"
        case .rowsPerSecond: "rows/s"
        case .algorithm: "algorithm"
        case .dataset: "dataset"
        case .experiment: "experiment"
        case .learningRate: "lr"
        case .seed: "seed"
        case .alerts: "▲"
        case .created: "started"
        }
    }

    package var isRightAligned: Bool {
        switch self {
        case .objective, .best, .delta, .step, .epoch, .duration, .rowsPerSecond, .learningRate, .seed, .alerts, .created: true
        default: false
        }
    }

    /// What a run sorts by in this column; nil sorts last whatever the direction.
    func sortKey(_ run: RunSummary, now: Double) -> SortKey? {
        switch self {
        case .badge, .progress, .delta: nil
        case .status: .number(Double(run.status.tableOrder))
        case .name: .text(run.record.name)
        case .objective: finite(run.lastObjective.map { run.record.objective.minimises ? $0 : -$0 })
        case .metric: .text(String(run.record.objective.metric.metric))
        case .best: finite(run.bestObjective.map { run.record.objective.minimises ? $0 : -$0 })
        case .step: .number(Double(run.step))
        case .epoch: .number(run.epoch)
        case .duration: finite(run.duration(now: now))
        case .rowsPerSecond: .number(run.rowsPerSecond)
        case .algorithm: .text(run.record.algorithm)
        case .dataset: .text(run.datasetName)
        case .experiment: .text(run.record.experiment)
        case .learningRate: finite(run.record.hyperparameters["learning_rate"].flatMap(Double.init))
        case .seed: .number(Double(run.record.seed))
        case .alerts: .number(-Double(run.alertCount))
        case .created: .number(-run.record.createdAt)
        }
    }

    /// Whether the order can change when metric samples come in.
    var dependsOnMetrics: Bool {
        switch self {
        case .objective, .best, .step, .epoch: true
        default: false
        }
    }

    private func finite(_ value: Double?) -> SortKey? {
        guard let value, !value.isNaN else { return nil }
        return .number(value)
    }
}

/// How the runs table is sorted.
package struct RunSort: Hashable, Sendable {
    package var column = RunColumn.created
    package var isReversed = false

    /// As the settings file says it: `started`, or `-started` the other way round.
    package var settingsWord: String { (isReversed ? "-" : "") + Self.word(column) }

    package init(column: RunColumn = .created, isReversed: Bool = false) {
        self.column = column
        self.isReversed = isReversed
    }

    package init?(settingsWord word: String) {
        let name = word.hasPrefix("-") ? String(word.dropFirst()) : word
        guard let column = RunColumn.sortable.first(where: { Self.word($0) == name }) else { return nil }
        self.init(column: column, isReversed: word.hasPrefix("-"))
    }

    static var words: [String] { RunColumn.sortable.map(word) }

    private static func word(_ column: RunColumn) -> String { column == .alerts ? "alerts" : column.title }
}

/// What rows are ordered by.
enum SortKey: Comparable {
    case number(Double)
    case text(String)
}

extension JobStatus {
    /// Running first, done last.
    var tableOrder: Int {
        switch self {
        case .inProgress: 0
        case .stopping: 1
        case .paused: 2
        case .pending: 3
        case .failed: 4
        case .stopped: 5
        case .completed: 6
        }
    }
}

extension RunSummary {
    /// Name of the data file without folders.
    package var datasetName: String {
        String(record.request.datasetPath.split(separator: "/").last ?? record.request.datasetPath[...])
    }

    /// Seconds it trained, up to now when it still does.
    package func duration(now: Double) -> Double? { startedAt.map { max(0, (finishedAt ?? now) - $0) } }

    /// Share of the planned steps done, in [0, 1]; nil when not known.
    package var progress: Double? {
        if status == .completed { return 1 }
        return plannedSteps > 0 ? min(1, Double(step) / Double(plannedSteps)) : nil
    }
}
