import Clocks
import Events
import Learners
import Numerics

/// Tells, at some of the steps whose tensors are summed up, how much each column adds to predictions: the mean size of its Shapley values in
/// the margin, over scores and some rows that are the same every time.
///
/// It has a budget of its own, as large as that of the tensors. Where the values are sums over steps, which have to be made up for some
/// time, fewer rows are looked at where that many cost too much a step.
struct AttributionRecorder {
    /// Rows looked at: at most so many, fewer of wide data, and none where too few would be left.
    static let rowCount = 100, fewestRows = 10
    /// Numbers that a look at the rows makes at most.
    private static let mostNumbers = 2_000_000
    /// Columns that are told at a step, those that add most, beside those that were told before; and in all.
    private static let mostAtOnce = 24, mostInAll = 48

    private let columns: [(name: String, places: [Int])]
    private let attributionOfRows: (_ count: Int) -> (any FeatureAttribution)?
    private var attribution: any FeatureAttribution
    private var rowCount: Int
    private var budget = AttributionBudget()
    private var plan: CapturePlan
    private var told: Set<Int> = []

    /// nil where the trainer cannot say, or learns from something else than columns.
    init?(_ trainer: any Trainer, _ preparation: Preparation, plan: CapturePlan) {
        guard preparation.rows.steps.isEmpty, preparation.bases == nil, preparation.task.needsTarget else { return nil }
        let rows = (preparation.validation ?? preparation.training).features
        let classes = preparation.encoding?.classes?.count ?? 1, width = rows.columnCount * (classes > 2 ? classes : 1)
        let fitting = Self.mostNumbers / max(1, width), count = min(Self.rowCount, fitting, rows.rowCount)
        guard count >= min(Self.fewestRows, rows.rowCount), count > 0 else { return nil }
        attributionOfRows = { count in
            trainer.attribution(of: rows.selecting(rows: (0..<count).map { $0 * rows.rowCount / count }))
        }
        guard let attribution = attributionOfRows(count) else { return nil }
        (self.attribution, self.plan, rowCount) = (attribution, plan, count)
        var order: [String] = [], places: [String: [Int]] = [:]
        for (place, name) in preparation.pipeline.featureColumns.enumerated() {
            if places[name] == nil { order.append(name) }
            places[name, default: []].append(place)
        }
        columns = order.map { ($0, places[$0] ?? []) }
    }

    func wants(step: Int) -> Bool {
        guard plan.interval.steps != .off, plan.wants(step: step) else { return false }
        return rows(at: step) != nil
    }

    mutating func pass(seconds: Double) { plan.pass(seconds: seconds) }

    /// What the columns add after a step; nothing where the library cannot say.
    mutating func summaries(step: Int) -> [TensorSummary] {
        if let fewer = rows(at: step) { look(at: fewer) }
        let start = SteadyClock.nanoseconds(), pending = attribution.pendingSteps
        defer { note(cost: Double(SteadyClock.nanoseconds() - start) * 1e-9, step: step, pending: pending) }
        let values: [Float]
        do throws(LearnerError) { values = try attribution.values() } catch { return [] }
        let sizes = sizes(values), order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        for column in order.prefix(Self.mostAtOnce) where told.count < Self.mostInAll { told.insert(column) }
        return told.sorted().map { column in
            TensorSummary(
                "attribution/" + columns[column].name, .attributions, shape: [], TensorStatistics([Float(sizes[column])]))
        }
    }

    private func rows(at step: Int) -> Int? {
        budget.rows(rowCount, pending: attribution.pendingSteps, step: step, attribution.isSumOfSteps, plan)
    }

    private mutating func look(at count: Int) {
        guard count < rowCount, let fewer = attributionOfRows(count) else { return }
        (attribution, rowCount) = (fewer, count)
    }

    private mutating func note(cost: Double, step: Int, pending: Int) {
        plan.note(cost: cost, step: step)
        if let fewer = budget.fewer(than: rowCount, after: cost, of: pending, attribution.isSumOfSteps, plan) { look(at: fewer) }
    }

    /// - Shape: values [rows, scores, features]; returns [columns].
    private func sizes(_ values: [Float]) -> [Double] {
        let width = columns.reduce(0) { $0 + $1.places.count }, blocks = width > 0 ? values.count / width : 0
        var sums = [Double](repeating: 0, count: columns.count)
        for block in 0..<blocks {
            for (column, entry) in columns.enumerated() {
                sums[column] += entry.places.reduce(0.0) { $0 + Double(values[block * width + $1]) }.magnitude
            }
        }
        return sums.map { $0 / Double(max(1, blocks)) }
    }
}
