import Cells
import Events

/// The columns of the runs table: which fit, how wide they are, where they stand. Shared by drawing and by clicks.
package struct RunTable: Sendable {
    package let columns: [RunColumn]
    package let specs: [TableColumn]
    package let layout: TableLayout
    /// How the objective's values are written.
    package let numbers: NumberColumn
    package let baseline: RunSummary?
    /// The objective that the header names: the selected run's. Values of another are drawn muted.
    package let objective: Objective?
    /// Whether the status column has room for the word.
    package let saysStatus: Bool

    /// - Parameter interior: the inside of the Experiments pane.
    package init(_ state: AppState, in interior: Rect) {
        let width = max(0, interior.width - 1)
        let runs = state.experiments.rows.compactMap { state.runs[$0] }
        let baseline = state.experiments.baseline.flatMap { state.runs[$0] }
        self.baseline = baseline
        let metrics = Set(runs.map(\.record.objective.metric.metric))
        let hasAlerts = runs.contains { $0.alertCount > 0 }
        columns = RunColumn.all.filter {
            switch $0 {
            case .delta: baseline != nil
            case .metric: metrics.count > 1
            case .alerts: hasAlerts
            default: true
            }
        }
        objective = state.selectedRun?.record.objective ?? runs.first?.record.objective
        let alike = runs.filter { [objective] in $0.record.objective == objective }
        numbers = NumberColumn(alike.compactMap(\.lastObjective) + alike.compactMap(\.bestObjective), least: 6)
        saysStatus = width >= 58
        let sizes = Sizes(
            width: width, name: runs.map { TextWidth.of($0.record.name) }.max() ?? 8, number: numbers.width,
            metric: metrics.map(\.count).max() ?? 6, sorted: state.experiments.sortColumn)
        specs = columns.map { [objective] in Self.spec($0, sizes, objective) }
        layout = TableLayout(specs, width: width)
    }

    /// The column at a place `x` columns right of the interior's left edge.
    func column(at x: Int) -> RunColumn? {
        layout.places.first { x > $0.x && x <= $0.x + $0.width }.map { columns[$0.index] }
    }

    private struct Sizes {
        var width, name, number, metric: Int
        var sorted: RunColumn
    }

    private static func spec(_ column: RunColumn, _ sizes: Sizes, _ objective: Objective?) -> TableColumn {
        let width = sizes.width
        var spec = TableColumn(
            title: column.title, width: 8, isRight: column.isRightAligned,
            priority: RunColumn.priority.firstIndex(of: column) ?? 99)
        spec.isExtra = spec.priority >= RunColumn.priority.firstIndex(of: .progress) ?? 0
        switch column {
        case .badge: spec.width = 1
        case .status:
            spec.width = width >= 58 ? 13 : 1
            if spec.width == 1 { spec.title = "" }
        case .name:
            spec.width = max(8, sizes.name)
            spec.isFlexible = true
            spec.least = min(width < 58 ? 10 : 16, spec.width)
            spec.most = width < 58 ? 24 : 40
        case .objective:
            if let objective {
                let arrow = objective.minimises ? "↓" : "↑"
                let word = objective.metric.metric
                let isTight = width < 34
                spec.title = word.prefix(isTight ? 8 : 12) + (isTight && word.count > 4 ? "" : " ") + arrow
            }
            spec.width = max(sizes.number, TextWidth.of(spec.title) + (sizes.sorted == column ? 1 : 0))
        case .metric: spec.width = min(14, sizes.metric)
        case .best: spec.width = sizes.number
        case .delta: spec.width = max(6, sizes.number)
        case .progress:
            spec.width = width >= 90 ? 18 : 14
            spec.isFlexible = true
            spec.least = 9
        case .step, .epoch, .rowsPerSecond, .learningRate, .duration, .created: spec.width = 8
        case .alerts: spec.width = 2
        case .algorithm: spec.width = 15
        case .dataset: spec.width = 16
        case .experiment: spec.width = 12
        case .seed: spec.width = 6
        }
        return spec
    }
}
