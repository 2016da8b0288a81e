extension StudioAction {
    static let detailNextTab = StudioAction("detail.next-tab")
    static let detailPreviousTab = StudioAction("detail.previous-tab")
}

extension KeyTable {
    /// On the page of a run.
    static let runPage = KeyGroup([
        KeyBinding(
            .detailNextTab, "right tab l", [.detail], hint: "next tab", priority: 15,
            "Show the next tab of the run's page; 1 to 8 choose one.", unless: needsTabs),
        KeyBinding(
            .detailPreviousTab, "left shift-tab h", [.detail], "Show the previous tab of the run's page.", unless: needsTabs),
    ]) { state, action in
        let step = action == .detailNextTab ? 1 : -1
        state.changeTop(RunPage.self) { page, state in page.turn(to: state.next(after: page.tab, in: RunTab.allCases, by: step)) }
        return []
    }

    @Sendable private static func needsTabs(_ state: AppState) -> String? {
        state.top is RunPage ? nil : "this page has no tabs"
    }
}
