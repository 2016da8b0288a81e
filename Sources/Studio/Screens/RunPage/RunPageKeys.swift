extension KeyContext {
    static let runPage = KeyContext("In a run's page")
    static let runTabs = KeyContext("On the tabs of a run's page")
}

extension StudioAction {
    static let detailNextTab = StudioAction("detail.next-tab")
    static let detailPreviousTab = StudioAction("detail.previous-tab")
}

extension KeyTable {
    /// On the page of a run.
    static let runPage = KeyGroup([
        KeyBinding(
            .detailNextTab, "right tab l", [.runTabs], hint: "next tab", priority: 15,
            "Show the next tab of the run's page."),
        KeyBinding(
            .detailPreviousTab, "left shift-tab h", [.runTabs], "Show the previous tab of the run's page."),
    ]) { state, action in
        let step = action == .detailNextTab ? 1 : -1
        state.changeTop(RunPage.self) { page, state in page.turn(to: state.next(after: page.tab, in: RunTab.allCases, by: step)) }
        return []
    }
}
