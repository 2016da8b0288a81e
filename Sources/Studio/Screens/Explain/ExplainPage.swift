import Cells
import Events

/// What the columns do to a run's predictions: all of them, one, or all for one row, whose values can be changed.
package struct ExplainPage: ScreenOfRun {
    /// What is shown.
    package enum Tab: String, CaseIterable, Sendable {
        case columns, column, row, training
    }

    package let run: RunID
    package private(set) var tab = Tab.columns
    /// nil until it was found.
    package private(set) var found: RunExplanation?
    /// Why there is none.
    package private(set) var refusal: String?
    /// The output shown, for models with several.
    package private(set) var output = 0
    /// The place of the cursor among columns in the order shown, and of the row among those explained.
    package private(set) var cursor = 0, row = 0
    /// By column: how the output goes with it.
    package private(set) var dependences: [String: ColumnDependence] = [:]
    /// Values of the row that were changed, and what the model says then.
    package private(set) var edits: [String: String] = [:]
    package private(set) var whatIf: WhatIf?
    /// Changes after which the model says something else, and which of them is tried.
    package private(set) var counterfactuals: [[String: String]] = []
    private var tried = 0
    /// What columns added while the run was trained; nil until it was read.
    package private(set) var attributions: AttributionCurves?
    /// The run's step when it was explained.
    private var explainedStep: Int?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.explain, .detail] }

    init(_ run: RunID, _ tab: Tab = .columns) { (self.run, self.tab) = (run, tab) }

    package func title(_ state: AppState) -> String { "Why: \(state.runs[run]?.record.name ?? run.text)" }

    package func crumb(_ state: AppState) -> String { "why" }

    package func document(_ state: AppState, width: Int) -> Document {
        if tab != .training, refusal == nil, let found {
            return ExplainText(page: self, found: found, state: state, width: width).document
        }
        var text = Document()
        text.head = [ExplainText.tabs(self), TextLine()]
        if tab == .training {
            text.add("", TrainingPicture(page: self, state: state, width: width).blocks)
        } else {
            let said = refusal.map { TextWrap.lines($0, width: max(8, width - 2)).map { TextLine($0, .warning) } }
            text.add("", said ?? [TextLine("asking the model what each column does …", .muted)])
        }
        return text
    }

    package func query(_ state: AppState) -> (any StudioQuery)? {
        if tab == .training { return ReadAttributions(run) }
        guard let summary = state.runs[run] else { return found == nil && refusal == nil ? ExplainRun(run) : nil }
        // A run that ended has a model, or another one than before.
        let isAsked =
            found == nil ? refusal == nil || summary.status.isFinal : summary.status.isFinal && explainedStep != summary.step
        return isAsked ? ExplainRun(run) : nil
    }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run)
            || events.contains { event in
                guard event.run == run else { return false }
                switch event.kind {
                case .job(.finished): return true
                case .tensors: return tab == .training
                default: return false
                }
            }
    }

    package var sectionsRefusal: String? { found == nil ? "the model is being asked" : nil }

    mutating func take(_ answer: RunExplanation, step: Int?) {
        (found, refusal, explainedStep) = (answer, nil, step)
        // What was found of another model does not hold any more.
        dependences = [:]
        row = min(row, max(0, answer.rows.count - 1))
        reset()
    }
    mutating func take(_ answer: AttributionCurves) { attributions = answer }
    mutating func refuse(_ message: String) { refusal = message }
    mutating func take(_ answer: ColumnDependence) { dependences[answer.column] = answer }
    mutating func take(_ answer: WhatIf) { if answer.edits == edits { whatIf = answer } }
    mutating func take(counterfactuals found: [[String: String]]) { (counterfactuals, tried) = (found, 0) }

    /// Forgets changes that cannot be.
    mutating func takeBack(_ wrong: [String: String]) { if edits == wrong { edits = whatIf?.edits ?? [:] } }

    // MARK: - Where one is

    /// The columns in the order of the tab: by what they do to all rows, or to the one.
    var order: [Int] {
        guard let found else { return [] }
        guard tab == .row, found.rows.indices.contains(row) else { return found.order(output) }
        let sizes = found.columns.indices.map { found.value(row, output, $0).magnitude }
        return found.columns.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    }

    /// The column under the cursor.
    package var column: Int? {
        let order = order
        return order.isEmpty ? nil : order[min(cursor, order.count - 1)]
    }

    /// The row's place in its file.
    package var rowPlace: Int? { found.flatMap { $0.rows.indices.contains(row) ? $0.rows[row] : nil } }

    mutating func turn(by step: Int) {
        let kept = column, all = Tab.allCases, place = all.firstIndex(of: tab) ?? 0
        tab = all[(place + step + all.count) % all.count]
        // The cursor stays on its column.
        cursor = kept.flatMap { order.firstIndex(of: $0) } ?? 0
    }

    mutating func show(_ tab: Tab) {
        while self.tab != tab { turn(by: 1) }
    }

    mutating func move(by step: Int) { cursor = min(max(0, cursor + step), max(0, order.count - 1)) }

    mutating func changeRow(by step: Int) {
        guard let found, !found.rows.isEmpty else { return }
        row = min(max(0, row + step), found.rows.count - 1)
        reset()
    }

    mutating func changeOutput(by step: Int) {
        guard let count = found?.outputs.count, count > 0 else { return }
        output = (output + step + count) % count
    }

    mutating func edit(_ column: String, _ text: String?) { edits[column] = text }

    mutating func replaceEdits(_ edits: [String: String]) { self.edits = edits }

    mutating func reset() { (edits, whatIf, counterfactuals, tried) = ([:], nil, [], 0) }

    /// The next of the counterfactuals.
    mutating func tryNext() -> [String: String]? {
        guard !counterfactuals.isEmpty else { return nil }
        tried = (tried + 1) % counterfactuals.count
        return counterfactuals[tried]
    }

    /// Which of the counterfactuals is shown, in words.
    var triedWords: String? {
        counterfactuals.isEmpty || edits != counterfactuals[tried]
            ? nil : "smallest change \(tried + 1) of \(counterfactuals.count) after which the model says something else"
    }
}
