import Cells
import Events

/// The notebooks below the studio's folder.
package struct NotebooksPage: Screen {
    /// nil until they are known.
    package private(set) var notebooks: [NotebookSummary]?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.notebooks, .detail] }

    package func title(_ state: AppState) -> String { "Notebooks" }

    package func query(_ state: AppState) -> (any StudioQuery)? { FindNotebooks() }

    mutating func take(_ found: [NotebookSummary]) { notebooks = found }

    /// A run that ended may have been of a notebook.
    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { if case .job(.finished) = $0.kind { true } else { false } }
    }

    /// The one under the cursor, else the first.
    var chosen: NotebookSummary? {
        if let place = reading.stop?.row?.index, let notebooks, notebooks.indices.contains(place) { return notebooks[place] }
        return notebooks?.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let notebooks else { return Document([TextLine("looking for notebooks …", .muted)]) }
        guard !notebooks.isEmpty else {
            let lines = [
                "There is no notebook in this folder or below it.", "",
                "Notebooks (.ipynb) are listed here, read with enter and run with r.",
                "% on a run, a search or a kept model writes one of it.",
            ]
            return Document(lines.flatMap { TextWrap.lines($0, width: max(8, width - 2)) }.map { TextLine($0, .muted) })
        }
        return Document([.table(table(notebooks, state, width: width - 2))])
    }

    private func table(_ notebooks: [NotebookSummary], _ state: AppState, width: Int) -> DocumentTable {
        let longest = notebooks.map { TextWidth.of($0.path) }.max() ?? 8
        let columns = [
            TableColumn(title: "notebook", width: min(44, max(8, longest)), priority: 0),
            TableColumn(title: "run", width: 11, priority: 1),
            TableColumn(title: "code", width: 5, isRight: true, priority: 4),
            TableColumn(title: "changed", width: 8, isRight: true, priority: 2),
            TableColumn(title: "language", width: 9, priority: 5),
            TableColumn(title: "title", width: 40, priority: 3, isFlexible: true, least: 8, most: 80),
        ]
        let cells = notebooks.map { one -> [TableCell] in
            [
                TableCell(text: one.path, role: .accent, attributes: .bold), standing(one),
                TableCell(text: one.fault == nil ? "\(one.codeCount)" : "–"),
                TableCell(text: EndpointWords.ago(one.changedAt, state.now), role: .muted),
                TableCell(text: one.language, role: .muted),
                TableCell(text: one.fault ?? one.title, role: one.fault == nil ? .text : .bad),
            ]
        }
        return DocumentTable("notebooks", columns, cells, width: width)
    }

    /// How much of it has been run, and whether that went well.
    private func standing(_ one: NotebookSummary) -> TableCell {
        if one.fault != nil { return TableCell(text: "✖ damaged", role: .bad) }
        if one.errorCount > 0 { return TableCell(text: "✖ \(one.errorCount) error\(one.errorCount == 1 ? "" : "s")", role: .bad) }
        if one.runCount == 0 { return TableCell(text: "○ not run", role: .muted) }
        return one.runCount < one.codeCount
            ? TableCell(text: "◐ \(one.runCount) of \(one.codeCount)", role: .warning) : TableCell(text: "✔ run", role: .good)
    }
}
