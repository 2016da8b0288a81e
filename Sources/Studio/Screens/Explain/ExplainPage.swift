import Cells
import Events

/// What the columns do to a run's predictions: all of them, one, or all for one row, whose values can be changed.
package struct ExplainPage: ScreenOfRun {
    /// What is shown.
    package enum Tab: String, CaseIterable, Sendable {
        case columns, column, row
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
    package var reading = Reading()

    package var contexts: [KeyContext] { [.explain, .detail] }

    init(_ run: RunID) { self.run = run }

    package func title(_ state: AppState) -> String { "Why: \(state.runs[run]?.record.name ?? run.text)" }

    package func crumb(_ state: AppState) -> String { "why" }

    package func document(_ state: AppState, width: Int) -> Document {
        if let refusal { return Document([TextLine(refusal, .warning)]) }
        guard let found else { return Document([TextLine("asking the model what each column does …", .muted)]) }
        return ExplainText(page: self, found: found, state: state, width: width).document
    }

    package func query(_ state: AppState) -> (any StudioQuery)? { found == nil && refusal == nil ? ExplainRun(run) : nil }

    package var sectionsRefusal: String? { found == nil ? "the model is being asked" : nil }

    mutating func take(_ answer: RunExplanation) { (found, refusal) = (answer, nil) }
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
