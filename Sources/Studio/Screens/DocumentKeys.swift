extension KeyContext {
    static let detail = KeyContext("In a detail page")
}

extension StudioAction {
    static let detailDown = StudioAction("detail.down")
    static let detailUp = StudioAction("detail.up")
    static let detailPageDown = StudioAction("detail.page-down")
    static let detailPageUp = StudioAction("detail.page-up")
    static let nextSection = StudioAction("detail.next-part")
    static let previousSection = StudioAction("detail.previous-part")
    static let detailStart = StudioAction("detail.start")
    static let detailEnd = StudioAction("detail.end")
    static let detailNextTab = StudioAction("detail.next-tab")
    static let detailPreviousTab = StudioAction("detail.previous-tab")
}

extension KeyTable {
    /// On a page to read.
    static let documents = KeyGroup([
        KeyBinding(.detailDown, "j down", [.detail], hint: "scroll", priority: 10, "Scroll down."),
        KeyBinding(.detailUp, "k up", [.detail], "Scroll up."),
        KeyBinding(.detailPageDown, "pgdn space", [.detail], "Scroll down one page."),
        KeyBinding(.detailPageUp, "pgup", [.detail], "Scroll up one page."),
        KeyBinding(
            .nextSection, "]", [.detail], hint: "next part", priority: 13, "Go to the next part of the page.",
            unless: needsSections),
        KeyBinding(.previousSection, "[", [.detail], "Go to the part before.", unless: needsSections),
        KeyBinding(.detailStart, "g home", [.detail], "Scroll to the beginning."),
        KeyBinding(.detailEnd, "G end", [.detail], "Scroll to the end."),
        KeyBinding(
            .detailNextTab, "right tab l", [.detail], hint: "next tab", priority: 15,
            "Show the next tab of the run's page; 1 to 8 choose one.", unless: needsTabs),
        KeyBinding(
            .detailPreviousTab, "left shift-tab h", [.detail], "Show the previous tab of the run's page.", unless: needsTabs),
    ]) { $0.performDocument($1) }

    @Sendable static func needsSections(_ state: AppState) -> String? {
        guard case .page(let page) = state.popups.last else { return "this page has no parts" }
        return switch page.kind {
        case .comparison: state.comparison == nil ? "the runs are being compared" : nil
        case .importance: state.importance == nil ? "the runs are being looked at" : nil
        case .run, .log: "this page has no parts"
        }
    }

    @Sendable static func needsTabs(_ state: AppState) -> String? {
        if case .page(let page) = state.popups.last, page.isOfRun { nil } else { "this page has no tabs" }
    }
}
