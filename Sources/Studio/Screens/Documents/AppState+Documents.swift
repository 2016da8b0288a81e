import Cells
import Events

extension AppState {
    /// What the layout of a document depends on.
    var readingKey: Reading.Key { Reading.Key(size: size, revision: revision) }

    /// Lays out what is about to be drawn, so that drawing it again costs nothing while nothing happens.
    public mutating func layOut() {
        guard !screens.isEmpty else { return }
        var screen = screens.removeLast()
        screen.layOut(self)
        screens.append(screen)
    }

    mutating func performDocument(_ action: StudioAction) -> [Effect] {
        guard popups.isEmpty, !screens.isEmpty else { return [] }
        var screen = screens.removeLast()
        screen.scroll(action, self)
        screens.append(screen)
        return []
    }

    /// The page that is read, whatever lies over it; nil on the home screen.
    var openPage: PlacedDocument? { screens.last?.placed(self) }

    /// Where Enter would lead: the name under the cursor, else the only one in view.
    var linkToFollow: ObjectLink? {
        guard let placed = openPage else { return nil }
        if let stop = placed.stop { return stop.link }
        let links = placed.layout.stops.filter {
            (placed.top..<placed.top + placed.rows.height).contains($0.line) && $0.link != nil
        }
        return links.count == 1 ? links[0].link : nil
    }

    /// Goes where the name under the cursor leads; with none, puts the cursor on the first.
    mutating func followStop() -> [Effect] {
        if let link = linkToFollow { return follow(link) }
        return performDocument(.detailDown)
    }

    mutating func moveInPageChart(by cells: Int) -> [Effect] {
        guard var screen = screens.popLast() else { return [] }
        screen.moveInChart(by: cells, self)
        screens.append(screen)
        return []
    }

    /// The chart of the open page that has the cursor.
    var pageChart: DocumentChart? {
        guard let placed = screens.last?.placed(self), let index = placed.stop?.chart else { return nil }
        return placed.layout.charts[index].chart
    }

    /// Writes the chart or the table that has the cursor, else the first table in view or of the page.
    mutating func exportTable() -> [Effect] {
        guard let placed = openPage, let screen = screens.last else { return [] }
        if let chart = pageChart {
            let title = chart.title?.parts.first?.text ?? "chart"
            return [.exportSVG(name: "\(screen.crumb(self))-\(title)".lowercased().fileNamePart + ".svg")]
        }
        let inView = placed.layout.stops.first { $0.row != nil && $0.line >= placed.top }
        let index = placed.stop?.row?.table ?? inView?.row?.table ?? 0
        guard placed.layout.tables.indices.contains(index) else { return [] }
        let table = placed.layout.tables[index]
        let name = "\(screen.crumb(self))-\(table.name)".lowercased().fileNamePart
        if let figure = table.figure { return [.exportFigure(name: name + ".svg", title: table.name, figure)] }
        return [.exportText(name: name + ".csv", table.csv)]
    }

    /// Has screens ask anew about what they show.
    mutating func askForScreens(after events: [StudioEvent] = [], loaded: Set<RunID> = []) -> [Effect] {
        if screens.isEmpty { return [] }
        let outdated = screens.filter { $0.isOutdated(by: events, loaded: loaded) }
        return outdated.compactMap { $0.query(self) }.flatMap { ask($0) }
    }
}
