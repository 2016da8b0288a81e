import Cells
import Events

/// All about one run, in tabs.
package struct RunPage: Screen {
    package let run: RunID
    package private(set) var tab = RunTab.overview
    /// What the workspace said of the run; nil until it did.
    package private(set) var details: RunDetails?
    package var reading = Reading()

    init(_ run: RunID) { self.run = run }

    package var contexts: [KeyContext] { [.runPage, .detail] }

    package func title(_ state: AppState) -> String {
        "\(state.runs.badges.letter(of: run)) \(state.runs[run]?.record.name ?? run.text): \(tab.rawValue)"
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
            let x = line.x + label.x
            buffer.write(String(label.tab.digit), x: x, y: line.y, Style(.key, on: .popup, .bold), clip: line)
            let isChosen = label.tab == tab
            let style = Style(isChosen ? .title : .muted, on: .popup, isChosen ? [.bold, .underline] : [])
            buffer.write(label.name, x: x + 2, y: line.y, style, clip: line)
        }
    }

    package func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState) {
        let labels = RunTab.labels(chosen: tab, width: width)
        if let next = labels.first(where: { $0.x <= x && x < $0.x + $0.width })?.tab { turn(to: next, &state) }
    }

    package func press(_ character: Character, _ state: inout AppState) -> [Effect]? {
        guard let next = RunTab(digit: character) else { return nil }
        turn(to: next, &state)
        return []
    }

    private func turn(to next: RunTab, _ state: inout AppState) {
        state.changeTop(Self.self) { page, _ in page.turn(to: next) }
        state.pageChanged()
    }

    // MARK: - What it asks

    package func curves(_ state: AppState) -> [SeriesLibrary.Key] {
        guard tab == .system, let summary = state.runs[run] else { return [] }
        return summary.systemMetrics.map { SeriesLibrary.Key(run, $0) }
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
    /// The run whose page is open.
    var runOnPage: RunID? { screens.lazy.compactMap { ($0 as? RunPage)?.run }.last }

    mutating func showRun(_ id: RunID) -> [Effect] { open(RunPage(id)) }
}
