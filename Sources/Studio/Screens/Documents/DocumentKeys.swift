extension KeyContext {
    static let detail = KeyContext("In a detail page")
    /// While something is looked for on a page.
    static let found = KeyContext("While finding on a page")
}

extension StudioAction {
    static let detailDown = StudioAction("detail.down")
    static let detailUp = StudioAction("detail.up")
    static let detailPageDown = StudioAction("detail.page-down")
    static let detailPageUp = StudioAction("detail.page-up")
    static let nextSection = StudioAction("detail.next-part")
    static let previousSection = StudioAction("detail.previous-part")
    static let find = StudioAction("detail.find")
    static let nextHit = StudioAction("detail.next-hit")
    static let previousHit = StudioAction("detail.previous-hit")
    static let endFind = StudioAction("detail.end-find")
    static let detailHalfDown = StudioAction("detail.half-down")
    static let detailHalfUp = StudioAction("detail.half-up")
    static let followName = StudioAction("detail.follow")
    static let exportTable = StudioAction("detail.export")
    static let chartRight = StudioAction("detail.chart-right")
    static let chartLeft = StudioAction("detail.chart-left")
    static let detailStart = StudioAction("detail.start")
    static let detailEnd = StudioAction("detail.end")

    /// What only moves in a page: the page stays as it is.
    static let scrolling: Set<StudioAction> = [
        .detailDown, .detailUp, .detailPageDown, .detailPageUp, .detailHalfDown, .detailHalfUp, .nextSection, .previousSection,
        .detailStart, .detailEnd, .chartLeft, .chartRight,
    ]
}

extension KeyTable {
    /// On a page to read.
    static let documents = KeyGroup([
        KeyBinding(
            .detailDown, "j down", [.detail], hint: "scroll", priority: 10,
            "Go to the next name that leads somewhere or row of a table; where there is none, scroll down."),
        KeyBinding(.detailUp, "k up", [.detail], "Go to the name or row before, or scroll up."),
        KeyBinding(
            .followName, "enter", [.detail], hint: "go there", priority: 8,
            "Go to the run or data whose name is under the cursor (underlined names lead somewhere); esc comes back.",
            unless: needsLink),
        KeyBinding(
            .chartLeft, ",", [.detail], hint: "read chart", priority: 30,
            "Move the cursor in the chart to the left, and say what its curves have there.", unless: needsChart),
        KeyBinding(.chartRight, ".", [.detail], "Move the cursor in the chart to the right.", unless: needsChart),
        KeyBinding(
            .exportTable, "e", [.detail], hint: "export", priority: 34,
            "Write the table under the cursor as CSV, or the chart as an SVG image, into the current folder.", unless: needsTable),
        KeyBinding(.detailPageDown, "pgdn ctrl-f space", [.detail], "Scroll down one page."),
        KeyBinding(.detailPageUp, "pgup ctrl-b", [.detail], "Scroll up one page."),
        KeyBinding(.detailHalfDown, "ctrl-d", [.detail], "Scroll down half a page."),
        KeyBinding(.detailHalfUp, "ctrl-u", [.detail], "Scroll up half a page."),
        KeyBinding(
            .nextSection, "] tab", [.detail], hint: "next part", priority: 13, "Go to the next part of the page.",
            unless: needsSections),
        KeyBinding(.previousSection, "[ shift-tab", [.detail], "Go to the part before.", unless: needsSections),
        KeyBinding(.detailStart, "g home", [.detail], "Scroll to the beginning."),
        KeyBinding(.detailEnd, "G end", [.detail], "Scroll to the end."),
    ]) { state, action in
        switch action {
        case .followName: state.followStop()
        case .exportTable: state.exportTable()
        case .chartLeft, .chartRight: state.moveInPageChart(by: action == .chartRight ? 1 : -1)
        default: state.performDocument(action)
        }
    }

    /// Finding on a page.
    static let finding = KeyGroup([
        KeyBinding(.find, "/", [.screen], hint: "find…", priority: 40, "Find a text on this page."),
        KeyBinding(.nextHit, "n", [.found], hint: "next hit", priority: 5, "Go to the next line that has it."),
        KeyBinding(.previousHit, "N", [.found], hint: "hit before", priority: 6, "Go to the line before that has it."),
        KeyBinding(.endFind, "esc", [.found], hint: "end", priority: 7, "End finding; the page stays where it is."),
    ]) { $0.performPageSearch($1) }

    @Sendable static func needsLink(_ state: AppState) -> String? {
        guard let placed = state.openPage, !placed.layout.stops.isEmpty else { return "nothing on this page leads anywhere" }
        return placed.stop != nil && state.linkToFollow == nil ? "what is under the cursor leads nowhere" : nil
    }

    @Sendable static func needsTable(_ state: AppState) -> String? {
        guard let placed = state.openPage, !placed.layout.tables.isEmpty || placed.stop?.chart != nil else {
            return "there is no table or chart under the cursor"
        }
        return nil
    }

    @Sendable static func needsChart(_ state: AppState) -> String? {
        guard let placed = state.openPage else { return "no page is open" }
        let inView = placed.top..<placed.top + placed.rows.height
        let hasChart = placed.layout.stops.contains { $0.chart != nil && inView.contains($0.line) }
        return placed.stop?.chart != nil || hasChart ? nil : "no chart with curves begins in what is in view"
    }

    @Sendable static func needsSections(_ state: AppState) -> String? {
        guard let screen = state.top as? any Screen else { return "this page has no parts" }
        return screen.sectionsRefusal
    }
}
