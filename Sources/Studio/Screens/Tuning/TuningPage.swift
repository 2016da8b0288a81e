import Cells
import Events

/// A tuning job: its trials, how it comes on, and what is believed of its objective.
package struct TuningPage: Screen {
    /// Its id.
    package let tuning: String
    package private(set) var tab = TuningTab.trials
    /// How it stands; nil until that is known.
    package private(set) var standing: TuningStanding?
    /// Whether it is gone from the workspace.
    private(set) var isGone = false
    /// What is believed of its objective; nil until that is known.
    package private(set) var surrogate: TuningSurrogate?
    package private(set) var sort = TuningSort.number
    package private(set) var isReversed = true
    /// The trial under the cursor when its table was left.
    private var kept: RunID?
    /// The axis under the cursor, and the other one of a plane.
    package private(set) var axis = 0, second = 1
    /// Where the cursor stands in a plane, in [0, 1].
    private(set) var crosshair = (x: 0.5, y: 0.5)
    /// What is looked for on each axis, in places in [0, 1]; the objective's is the one behind the last.
    package private(set) var brushes: [Int: ClosedRange<Double>] = [:]
    package var reading = Reading()

    init(_ tuning: String) { self.tuning = tuning }

    package var contexts: [KeyContext] { [.tuning, .runPage, .detail] }

    package func title(_ state: AppState) -> String {
        standing.map { "Tuning \($0.record.name): \(tab.rawValue)" } ?? "Tuning"
    }

    package func crumb(_ state: AppState) -> String {
        let name = standing?.record.name ?? "tuning"
        return tab == .trials ? name : "\(name): \(tab.rawValue)"
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let standing else {
            return Document([TextLine(isGone ? "The tuning job is gone from the workspace." : "reading …", .muted)])
        }
        return TuningPageText(page: self, standing: standing, state: state, width: width).document
    }

    /// The run of the trial under the cursor.
    package var chosen: RunID? {
        if tab == .trials, let stop = reading.stop, stop.row != nil, case .run(let run, _)? = stop.link { return run }
        return kept ?? standing?.best?.run ?? standing?.trials.last?.run
    }

    var chosenTrial: TuningTrial? { chosen.flatMap { run in standing?.trials.first { $0.run == run } } }

    // MARK: - What it is told

    mutating func take(_ found: TuningStanding?) {
        isGone = found == nil
        guard let found else { return }
        if let known = standing, known.axes.map(\.name) != found.axes.map(\.name) { (brushes, surrogate) = ([:], nil) }
        standing = found
        axis = min(axis, max(0, found.axes.count))
        second = min(second, max(0, found.axes.count - 1))
    }

    mutating func take(_ found: TuningSurrogate) { surrogate = found }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadTuning(tuning) }

    /// What to ask beside how it stands; nil while no tab shows it.
    var surrogateQuery: ReadSurrogate? {
        guard tab.needsSurrogate, let standing, !standing.axes.isEmpty else { return nil }
        let first = min(axis, standing.axes.count - 1)
        let other = second == first ? standing.axes.indices.first { $0 != first } : second
        return ReadSurrogate(tuning, first, other, trial: kept == nil && tab != .why ? nil : chosenTrial?.number)
    }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        if let standing, !loaded.isEmpty, standing.trials.contains(where: { loaded.contains($0.run) }) { return true }
        return events.contains { event in
            guard case .tuning(let fact) = event.kind else { return false }
            return fact.tuning == tuning
        }
    }

    // MARK: - Its curves

    /// Curves that are read at most: the newest trials', and the best one's.
    private static let mostCurves = 60

    /// The trials whose curves are drawn.
    var curveTrials: [TuningTrial] {
        guard let standing else { return [] }
        let newest = standing.trials.suffix(Self.mostCurves)
        let best = standing.best.flatMap { best in newest.contains { $0.run == best.run } ? nil : best }
        return [best].compactMap { $0 } + newest
    }

    package func curves(_ state: AppState) -> [SeriesLibrary.Key] {
        guard tab == .curves, let metric = standing?.record.objective.metric else { return [] }
        return curveTrials.filter { state.runs[$0.run] != nil }.map { SeriesLibrary.Key($0.run, metric) }
    }

    // MARK: - Tabs

    package func ownRows(height: Int) -> Int { height >= 10 ? 2 : 1 }

    package func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect) {
        let line = rect.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        for label in TuningTab.labels(chosen: tab, width: line.width) {
            let isChosen = label.tab == tab
            let style = Style(isChosen ? .title : .muted, on: .popup, isChosen ? [.bold, .underline] : [])
            buffer.write(label.name, x: line.x + label.x, y: line.y, style, clip: line)
        }
    }

    package func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState) {
        let labels = TuningTab.labels(chosen: tab, width: width)
        guard let next = labels.first(where: { $0.x <= x && x < $0.x + $0.width })?.tab else { return }
        state.changeTop(Self.self) { page, _ in page.turn(to: next) }
        state.pageChanged()
    }

    mutating func turn(to next: TuningTab) {
        guard next != tab else { return }
        if tab == .trials { kept = chosen }
        (tab, reading.top, reading.stop) = (next, 0, nil)
    }

    // MARK: - Cursors

    /// Sorts by the column to the right or left.
    mutating func sort(by step: Int) {
        let all = [.number, .status, .objective, .duration] + (standing?.axes.indices.map { TuningSort.axis($0) } ?? [])
        let place = all.firstIndex(of: sort) ?? 0
        sort = all[((place + step) % all.count + all.count) % all.count]
        isReversed = sort == .number
    }

    mutating func reverse() { isReversed.toggle() }

    /// Goes to another axis; on the page of parallel axes the objective is one, too.
    mutating func moveAxis(by step: Int) {
        guard let standing, !standing.axes.isEmpty else { return }
        let count = standing.axes.count + (tab == .parallel ? 1 : 0)
        axis = ((axis + step) % count + count) % count
        if tab == .slices, axis == second { moveSecond(by: 1) }
    }

    mutating func moveSecond(by step: Int) {
        guard let count = standing?.axes.count, count > 1 else { return }
        repeat { second = ((second + step) % count + count) % count } while second == min(axis, count - 1)
    }

    /// Moves an end of what is looked for on the axis; all of it takes the brush away.
    mutating func brush(lower: Double, upper: Double) {
        let old = brushes[axis] ?? 0...1
        let low = min(max(0, old.lowerBound + lower), 0.95), high = max(min(1, old.upperBound + upper), low + 0.05)
        let range = min(low, high - 0.05)...high
        brushes[axis] = range.lowerBound <= 0.001 && range.upperBound >= 0.999 ? nil : range
    }

    mutating func clearBrush(all: Bool) { if all { brushes = [:] } else { brushes[axis] = nil } }

    mutating func moveCrosshair(x: Double, y: Double) {
        crosshair = (min(max(0, crosshair.x + x), 1), min(max(0, crosshair.y + y), 1))
    }

    /// Goes to the trial before or after the chosen one.
    mutating func moveTrial(by step: Int) {
        guard let trials = standing?.trials, !trials.isEmpty else { return }
        let place = trials.firstIndex { $0.run == chosen } ?? trials.count - 1
        kept = trials[min(max(0, place + step), trials.count - 1)].run
        reading.stop = nil
    }

    mutating func choose(_ run: RunID) { (kept, reading.stop) = (run, nil) }

    // MARK: - Brushing

    /// Where a trial stands on an axis; on the one behind the last by its objective, the worst at 0 and the best at 1.
    func place(of trial: TuningTrial, on axis: Int, _ values: ClosedRange<Double>?) -> Double? {
        guard let standing else { return nil }
        if axis < standing.axes.count { return standing.places[trial.number]?[axis] }
        guard let value = trial.value, let values, values.upperBound > values.lowerBound else {
            return trial.value.map { _ in 1 }
        }
        let scale = ValueScale(values), share = scale.share(of: value)
        return standing.record.objective.direction == .maximised ? share : 1 - share
    }

    /// Whether a trial lies in all brushes.
    func isBright(_ trial: TuningTrial) -> Bool {
        brushes.allSatisfy { axis, range in
            place(of: trial, on: axis, standing?.objectiveRange).map { range.contains(min(max($0, 0), 1)) } ?? false
        }
    }
}

extension TuningStanding {
    /// The objective's values of trials that ended.
    var objectiveRange: ClosedRange<Double>? {
        let values = trials.filter { $0.outcome != nil }.compactMap(\.value).sorted()
        guard let first = values.first, let last = values.last else { return nil }
        return first...last
    }
}

extension TuningEvent {
    /// The tuning job that it is about.
    package var tuning: String {
        switch self {
        case .started(let start): start.tuning
        case .trialSuggested(let suggestion): suggestion.tuning
        case .trialFinished(let end): end.tuning
        case .confirming(let confirming): confirming.tuning
        case .changed(let notice): notice.tuning
        case .finished(let result): result.tuning
        }
    }
}
