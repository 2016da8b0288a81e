extension KeyContext {
    static let compare = KeyContext("Comparing runs")
}

extension StudioAction {
    static let compareRuns = StudioAction("run.compare")
    static let compareRight = StudioAction("compare.right")
    static let compareLeft = StudioAction("compare.left")
    static let compareAll = StudioAction("compare.all")
}

extension KeyTable {
    /// Comparing the marked runs.
    static let comparison = KeyGroup([
        KeyBinding(
            .compareRuns, "c", [.experiments, .curves, .runPage], hint: "compare", priority: 19,
            "Compare the marked runs side by side, or the selected one with the baseline."
        ) {
            $0.runsToCompare.count > 1 ? nil : "mark two runs with space, or choose a baseline with b"
        }
    ]) { state, _ in state.compareRuns() }

    /// On the page of compared runs.
    static let comparing = KeyGroup([
        KeyBinding(.compareRight, "l right", [.compare], hint: "runs right", priority: 11, "Scroll to the runs on the right.") {
            shownColumns($0).map { $0.hidden < $0.mostHidden } ?? false ? nil : "no more runs on this side"
        },
        KeyBinding(.compareLeft, "h left", [.compare], hint: "runs left", priority: 12, "Scroll to the runs on the left.") {
            shownColumns($0).map { $0.hidden > 0 } ?? false ? nil : "no more runs on this side"
        },
        KeyBinding(.compareAll, "a", [.compare], hint: "all rows", priority: 20, "Show also what does not differ; and back."),
    ]) { state, action in
        state.changeTop(ComparePage.self) { page, state in
            switch action {
            case .compareRight: page.hiddenColumns += 1
            case .compareLeft: page.hiddenColumns -= 1
            default: page.showsAll.toggle()
            }
            page.scroll(action, state)
        }
        return []
    }

    /// The columns of the comparison on top; nil when there is none.
    private static func shownColumns(_ state: AppState) -> ComparisonColumns? { (state.top as? ComparePage)?.columns(state) }
}
