import Cells
import Events

/// All about one run, in tabs.
package struct RunPage: ScreenOfRun {
    package let run: RunID
    package private(set) var tab = RunTab.overview
    /// What the workspace said of the run; nil until it did.
    package private(set) var details: RunDetails?
    package var reading = Reading()
    /// What the run did when the page was opened; nil for one that was not known then.
    private let statusBefore: JobStatus?

    init(_ run: RunID, _ tab: RunTab = .overview, status: JobStatus? = nil) {
        self.run = run
        self.tab = tab
        statusBefore = status
    }

    package func notices(_ state: AppState) -> [String] {
        guard let entry = state.runs.entries[run] else { return [] }
        let summary = entry.summary
        if entry.isRemoved {
            return ["this run was removed from the workspace for good: what stands here is what was last known"]
        }
        if summary.isDeleted { return ["this run is in the bin: descent runs restore \(summary.record.name) brings it back"] }
        guard let statusBefore, statusBefore.isActive, summary.status.isFinal else { return [] }
        let why = summary.reason == .interrupted ? "its process is gone" : summary.reason.text
        let reason = why.isEmpty ? "" : " (\(why))"
        let time = summary.finishedAt.map { " at " + NumberFormat.clock($0, utcOffsetSeconds: state.utcOffsetSeconds) } ?? ""
        return ["it ended while this page was open: \(summary.statusWord)\(time)\(reason)"]
    }

    package var contexts: [KeyContext] { [.runTabs, .runPage, .detail] }

    package func title(_ state: AppState) -> String {
        "\(state.runs.letter(of: run)) \(state.runs[run]?.record.name ?? run.text): \(tab.rawValue)"
    }

    package func crumb(_ state: AppState) -> String {
        let name = "\(state.runs.letter(of: run)) \(state.runs[run]?.record.name ?? run.text)"
        return tab == .overview ? name : "\(name): \(tab.rawValue)"
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let summary = state.runs[run] else { return Document([TextLine("The run is gone.", .muted)]) }
        return Document(RunPageText(run: summary, details: details, state: state, width: width).blocks(tab))
    }

    /// Shows another tab, from its beginning.
    mutating func turn(to next: RunTab) { if next != tab { (tab, reading.top) = (next, 0) } }

    /// Takes in what the workspace says of the run.
    mutating func take(_ found: RunDetails) { details = found.following(details) }

    /// What happened so far is not what the workspace holds any more: all of it is read again.
    mutating func startAnew() { details?.end = .beginning }

    // MARK: - Tabs

    package func ownRows(height: Int) -> Int { height >= 8 ? 2 : 1 }

    package func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect) {
        let line = rect.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        for label in RunTab.labels(chosen: tab, width: line.width) {
            let isChosen = label.tab == tab
            let style = Style(isChosen ? .title : .muted, on: .popup, isChosen ? [.bold, .underline] : [])
            buffer.write(label.name, x: line.x + label.x, y: line.y, style, clip: line)
        }
    }

    package func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState) {
        let labels = RunTab.labels(chosen: tab, width: width)
        if let next = labels.first(where: { $0.x <= x && x < $0.x + $0.width })?.tab { turn(to: next, &state) }
    }

    private func turn(to next: RunTab, _ state: inout AppState) {
        state.changeTop(Self.self) { page, _ in page.turn(to: next) }
        state.pageChanged()
    }

    // MARK: - What it asks

    package func curves(_ state: AppState) -> [SeriesLibrary.Key] {
        guard let summary = state.runs[run] else { return [] }
        switch tab {
        case .system: return summary.systemMetrics.map { SeriesLibrary.Key(run, $0) }
        case .overview:
            let room = StudioLayout.interior(place(on: state.size))
            return RunPageText.curveWords(of: summary, width: room.width, height: room.height - 2)
                .flatMap { CurvesScene.names($0, of: summary) }.filter { !$0.isCandidate }.map { SeriesLibrary.Key(run, $0) }
        default: return []
        }
    }

    /// What is known is not read again.
    var detailsQuery: ReadRunDetails { ReadRunDetails(run, after: details?.end ?? .beginning) }

    package func query(_ state: AppState) -> (any StudioQuery)? { detailsQuery }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run)
            || events.contains { event in
                switch event.kind {
                case .job(.progressReported): false
                // One that was started to mend something here is linked with this run.
                case .run(.registered(let record)): event.run == run || record.remedies?.run == run
                default: event.run == run
                }
            }
    }
}

extension AppState {
    /// The run that the open screen is about.
    var runOnPage: RunID? { (screens.last as? any ScreenOfRun)?.run ?? (screens.last as? TuningPage)?.chosen }

    /// Shows a run's page; on it already, turns it.
    mutating func showRun(_ id: RunID, _ tab: RunTab = .overview) -> [Effect] {
        guard (screens.last as? RunPage)?.run == id else { return open(RunPage(id, tab, status: runs[id]?.status)) }
        depart()
        changeScreen(RunPage.self) { page, _ in page.turn(to: tab) }
        pageChanged()
        return []
    }
}
