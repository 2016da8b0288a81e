import Events

extension KeyContext {
    static let explain = KeyContext("On the page of what columns do")
}

extension StudioAction {
    static let explainRun = StudioAction("run.explain")
    static let explainNextTab = StudioAction("explain.next-tab")
    static let explainPreviousTab = StudioAction("explain.previous-tab")
    static let explainNextColumn = StudioAction("explain.next-column")
    static let explainPreviousColumn = StudioAction("explain.previous-column")
    static let explainOpen = StudioAction("explain.open")
    static let explainNextRow = StudioAction("explain.next-row")
    static let explainPreviousRow = StudioAction("explain.previous-row")
    static let explainOutput = StudioAction("explain.class")
    static let explainFlip = StudioAction("explain.flip")
    static let explainReset = StudioAction("explain.reset")
}

extension KeyTable {
    /// What the columns do to a run's predictions.
    static let explain = KeyGroup([
        KeyBinding(
            .explainRun, "Y", [.experiments, .runPage], hint: "why", priority: 44,
            "Say why the run's model predicts what it does: what each column adds, over all rows or for one."
        ) { $0.refusalToExplain },
        KeyBinding(
            .explainNextTab, "right tab l", [.explain], hint: "next tab", priority: 11,
            "Show the next of all columns, the one under the cursor, one row, and what columns added while it trained."),
        KeyBinding(.explainPreviousTab, "left shift-tab h", [.explain], "Show the tab before."),
        KeyBinding(.explainNextColumn, "down j", [.explain], hint: "column", priority: 12, "Go to the next column."),
        KeyBinding(.explainPreviousColumn, "up k", [.explain], "Go to the column before."),
        KeyBinding(
            .explainOpen, "enter", [.explain], hint: "look / change", priority: 12,
            "Look at the column under the cursor; on a row, change its value there and see what the model says then."),
        KeyBinding(.explainNextRow, ">", [.explain], hint: "row on", priority: 18, "Go to the next of the explained rows."),
        KeyBinding(.explainPreviousRow, "<", [.explain], hint: "row back", priority: 19, "Go to the explained row before."),
        KeyBinding(
            .explainOutput, "o", [.explain], hint: "class", priority: 24, "Show what the columns do to the next class."
        ) { state in
            ((state.top as? ExplainPage)?.found?.outputs.count ?? 0) > 1 ? nil : "the model has one output"
        },
        KeyBinding(
            .explainFlip, "c", [.explain], hint: "what would flip it", priority: 20,
            "Find the smallest change of the row after which the model predicts another class; again for the next smallest."
        ) { state in
            guard let page = state.top as? ExplainPage, page.tab == .row else {
                return "this is of one row: go to the tab of rows"
            }
            return page.rowPlace == nil ? "the model is being asked" : nil
        },
        KeyBinding(
            .explainReset, "r", [.explain], hint: "as it was", priority: 21, "Give the row its own values again."
        ) { state in (state.top as? ExplainPage)?.edits.isEmpty == false ? nil : "nothing of the row was changed" },
    ]) { $0.performExplain($1) }
}

extension AppState {
    /// The run to be explained.
    private var runToExplain: RunID? { runOnPage ?? experiments.selected }

    fileprivate var refusalToExplain: String? {
        guard let id = runToExplain, let run = runs[id] else { return "there is no run" }
        if run.record.request.isScript { return "\(run.record.name) is a script's run, whose model only the script can read" }
        return run.record.request.target == nil ? "\(run.record.name) predicts no column" : nil
    }

    mutating func performExplain(_ action: StudioAction) -> [Effect] {
        switch action {
        case .explainRun:
            guard let id = runToExplain else { return [] }
            // A run that trains has no model yet, and what its columns do is known as it comes.
            return open(ExplainPage(id, runs[id]?.status.isFinal == false ? .training : .columns))
        case .explainOpen: return openColumn()
        case .explainFlip:
            guard let page = top as? ExplainPage, let row = page.rowPlace else { return [] }
            if !page.counterfactuals.isEmpty, let next = changeTop(ExplainPage.self, { page, _ in page.tryNext() }) ?? nil {
                return tryEdits(next)
            }
            return ask(AskCounterfactuals(page.run, row: row))
        default: break
        }
        changeTop(ExplainPage.self) { page, _ in
            switch action {
            case .explainNextTab: page.turn(by: 1)
            case .explainPreviousTab: page.turn(by: -1)
            case .explainNextColumn: page.move(by: 1)
            case .explainPreviousColumn: page.move(by: -1)
            case .explainNextRow: page.changeRow(by: 1)
            case .explainPreviousRow: page.changeRow(by: -1)
            case .explainOutput: page.changeOutput(by: 1)
            default: page.reset()
            }
        }
        pageChanged()
        let isTurned = action == .explainNextTab || action == .explainPreviousTab
        return askDependence() + (isTurned ? askForExplanation() : [])
    }

    /// What the tab on top does not know yet.
    private mutating func askForExplanation() -> [Effect] {
        guard let page = top as? ExplainPage, let query = page.query(self) else { return [] }
        return ask(query)
    }

    /// How the output goes with the column that is shown, where that is not known yet.
    private mutating func askDependence() -> [Effect] {
        guard let page = top as? ExplainPage, page.tab == .column, let found = page.found, let column = page.column,
            page.dependences[found.columns[column].name] == nil
        else { return [] }
        return ask(AskDependence(page.run, found.columns[column].name))
    }

    private mutating func openColumn() -> [Effect] {
        guard let page = top as? ExplainPage, let found = page.found, let column = page.column else { return [] }
        guard page.tab == .row else {
            changeTop(ExplainPage.self) { page, _ in page.show(.column) }
            pageChanged()
            return askDependence()
        }
        let name = found.columns[column].name, own = found.columns[column].texts[page.row]
        open(
            LinePrompt(
                "\(name) of row \((page.rowPlace ?? 0) + 1)",
                help: "What it would be; empty for missing. It is \(own.isEmpty ? "missing" : own).",
                text: page.edits[name] ?? own
            ) { text, state in
                var edits = page.edits
                edits[name] = text == own ? nil : text
                return state.tryEdits(edits)
            })
        return []
    }

    /// Changes values of the row on top and asks what the model says then.
    mutating func tryEdits(_ edits: [String: String]) -> [Effect] {
        let asked = changeScreen(ExplainPage.self) { page, _ -> AskWhatIf? in
            page.replaceEdits(edits)
            if edits.isEmpty { page.reset() }
            return edits.isEmpty ? nil : page.rowPlace.map { AskWhatIf(page.run, row: $0, edits: edits) }
        }
        pageChanged()
        return (asked ?? nil).map { ask($0) } ?? []
    }
}
