import Cells
import Events
import RunSearching

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
    /// Of the columns, those that the user chose: they come first.
    private let chosenCount: Int
    /// Columns that nobody chose, of settings in which the runs differ.
    let telling: Set<RunColumn>
    /// How the values of other columns of metrics are written.
    private let metricNumbers: [RunColumn: NumberColumn]

    /// Runs that widths are measured on: widths that depended on all of thousands would cost more than the frame.
    private static let sampleCount = 200

    /// - Parameter interior: the inside of the Experiments pane.
    package init(_ state: AppState, in interior: Rect) {
        let width = max(0, interior.width - 1)
        let runs = Self.sample(state)
        let baseline = state.experiments.baseline.flatMap { state.runs[$0] }
        self.baseline = baseline
        let metrics = Set(runs.map(\.record.objective.metric.metric))
        let isSampled = runs.count < state.experiments.rows.count
        let hasAlerts = isSampled && !state.alerts.items.isEmpty || runs.contains { $0.alertCount > 0 }
        let differences = state.experiments.differences
        let chosen = state.experiments.columns.map { [.badge, .name] + $0.filter { $0 != .badge && $0 != .name } }
        let telling = Dictionary(uniqueKeysWithValues: differences.all.map { (RunColumn.field($0.field), $0) })
        columns =
            chosen.map { own in own + differences.all.map { .field($0.field) }.filter { !own.contains($0) } }
            ?? RunColumn.automatic(differences).filter {
                switch $0 {
                case .delta: baseline != nil
                case .metric: metrics.count > 1
                case .alerts: hasAlerts
                case .sparkline: runs.contains { $0.sketch.values.count > 1 }
                default: true
                }
            }
        objective = state.selectedRun?.record.objective ?? runs.first?.record.objective
        let alike = runs.filter { [objective] in $0.record.objective == objective }
        numbers = NumberColumn(alike.compactMap(\.lastObjective) + alike.compactMap(\.bestObjective), least: 6)
        let sizes = Sizes(
            width: width, name: runs.map { TextWidth.of($0.record.name) }.max() ?? 8, number: numbers.width,
            metric: metrics.map(\.count).max() ?? 6, sorted: state.experiments.sort.field)
        saysStatus = chosen.map { $0.contains(.status) } ?? (width >= 58)
        let priority = RunColumn.priority(differences)
        var metricNumbers: [RunColumn: NumberColumn] = [:]
        var specs: [TableColumn] = []
        for (index, column) in columns.enumerated() {
            let isChosen = chosen.map { index < $0.count } ?? false
            var spec = Self.spec(column, sizes, objective, isChosen: isChosen)
            spec.priority = priority.firstIndex(of: column) ?? priority.count
            spec.isExtra = spec.priority >= priority.firstIndex(of: .progress) ?? 0
            let sortMark = column.sortField == sizes.sorted ? 1 : 0
            if isChosen {
                if case .field(let field) = column, column != .objective, column != .best {
                    Self.measure(field, runs, state, &spec, &metricNumbers[column])
                }
                spec.width = max(spec.width, TextWidth.of(spec.title) + sortMark)
            } else if let field = telling[column] {
                // What nobody asked for does not take more room for its name than for its values.
                spec.title = spec.title.shortened(to: max(12, field.width))
                spec.width = max(min(20, field.width), TextWidth.of(spec.title) + sortMark)
                spec.isRight = field.isRight
            }
            specs.append(spec)
        }
        self.metricNumbers = metricNumbers
        if let chosen {
            let own = Array(specs.prefix(chosen.count))
            layout = TableLayout(own, width: width, pinned: 2, skipping: state.experiments.firstColumn)
                .growing(own, by: Array(specs.dropFirst(chosen.count)), width: width)
        } else {
            layout = TableLayout(specs, width: width)
        }
        chosenCount = chosen?.count ?? 0
        self.telling = Set(columns.dropFirst(chosenCount)).intersection(telling.keys)
        self.specs = specs
    }

    /// Columns that are on the screen, in order.
    var shownColumns: [RunColumn] { layout.places.map { columns[$0.index] } }

    /// Whether chosen columns are out of view on the left and on the right.
    package var hidden: (left: Bool, right: Bool) {
        let isChosen = chosenCount > 0
        guard let last = layout.places.last, layout.places.count > 2 || !isChosen || chosenCount == 2 else {
            return (false, chosenCount > 2)
        }
        return (isChosen && layout.places.count > 2 && layout.places[2].index > 2, isChosen && last.index < chosenCount - 1)
    }

    /// The column at a place `x` columns right of the interior's left edge.
    func column(at x: Int) -> RunColumn? {
        layout.places.first { x > $0.x && x <= $0.x + $0.width }.map { columns[$0.index] }
    }

    /// A number as its column writes it.
    package func text(_ value: Double, in column: RunColumn) -> String? { metricNumbers[column]?.text(value) }

    /// All runs that are shown, or as many of them, evenly spread.
    private static func sample(_ state: AppState) -> [RunSummary] {
        let rows = state.experiments.rows
        guard rows.count > sampleCount else { return rows.compactMap { state.runs[$0] } }
        return (0..<sampleCount).compactMap { state.runs[rows[$0 * rows.count / sampleCount]] }
    }

    /// How wide the values of a field that the user chose are; metrics line up at their decimals.
    private static func measure(
        _ field: RunField, _ runs: [RunSummary], _ state: AppState, _ spec: inout TableColumn, _ numbers: inout NumberColumn?
    ) {
        if let values = metricValues(field, runs) {
            let column = NumberColumn(values, least: 6)
            numbers = column
            spec.isRight = true
            spec.width = column.width
            return
        }
        spec.isRight = field.isRightAligned(runs)
        guard field != .status, field != .name, field != .progress else { return }
        let widths = runs.compactMap { field.cellText($0, now: state.now, utcOffsetSeconds: state.utcOffsetSeconds) }
        spec.width = min(32, max(3, widths.map { TextWidth.of($0) }.max() ?? 3))
    }

    /// The values if the field is a metric's; nil for settings and the rest.
    private static func metricValues(_ field: RunField, _ runs: [RunSummary]) -> [Double]? {
        switch field {
        case .statistic(let statistic, let name) where statistic != .step && !MetricName(name).isSystem: break
        case .named(let name):
            guard runs.contains(where: { $0.lastMetrics[MetricName(name)] != nil }) else { return nil }
        default: return nil
        }
        return runs.compactMap { if case .number(let number) = field.value(of: $0, now: 0) { number } else { nil } }
    }

    private struct Sizes {
        var width, name, number, metric: Int
        var sorted: RunField
    }

    private static func spec(_ column: RunColumn, _ sizes: Sizes, _ objective: Objective?, isChosen: Bool) -> TableColumn {
        let width = sizes.width
        var spec = TableColumn(title: column.title, width: 8, isRight: isRight(column), priority: 0)
        switch column {
        case .badge: spec.width = 1
        case .sparkline: spec.width = 10
        case .status:
            spec.width = width >= 58 || isChosen ? 13 : 1
            if spec.width == 1 { spec.title = "" }
        case .name:
            spec.width = max(8, sizes.name)
            spec.isFlexible = true
            spec.least = min(width < 58 ? 10 : 16, spec.width)
            spec.most = width < 58 ? 24 : 40
        case .objective:
            if let objective {
                let arrow = objective.direction.arrow
                let word = objective.metric.metric
                let isTight = width < 34
                spec.title = word.prefix(isTight ? 8 : 12) + (isTight && word.count > 4 ? "" : " ") + arrow
            }
            spec.width = max(sizes.number, TextWidth.of(spec.title) + (sizes.sorted == .objective ? 1 : 0))
        case .metric: spec.width = min(14, sizes.metric)
        case .best: spec.width = sizes.number
        case .delta: spec.width = max(7, sizes.number + 1)
        case .progress:
            spec.width = width >= 90 ? 18 : 14
            spec.isFlexible = !isChosen
            spec.least = 9
        case .alerts: spec.width = 2
        case .field(.experiment): spec.width = 12
        case .field(.seed): spec.width = 6
        default: break
        }
        return spec
    }

    private static func isRight(_ column: RunColumn) -> Bool {
        switch column {
        case .delta, .learningRate: true
        case .badge, .sparkline, .progress: false
        case .field(let field): field.kind != .text && field.kind != .either
        }
    }
}
