extension KeyContext {
    static let datasets = KeyContext("Datasets", isHome: true)
}

extension StudioAction {
    static let showData = StudioAction("data.show")
    static let nextData = StudioAction("data.next")
    static let previousData = StudioAction("data.previous")
    static let reloadData = StudioAction("data.reload")
    static let closeData = StudioAction("data.close")
    static let nextBin = StudioAction("data.next-bin")
    static let previousBin = StudioAction("data.previous-bin")
    static let exportData = StudioAction("data.export")
    static let exportColumnSVG = StudioAction("data.export-chart-svg")
    static let exportColumnCSV = StudioAction("data.export-chart-csv")
    static let exportTableCSV = StudioAction("data.export-table-csv")
}

extension KeyTable {
    /// The Datasets pane.
    static let datasets = KeyGroup([
        KeyBinding(
            .showData, "enter", [.datasets], hint: "columns", priority: 12,
            "Show the dataset's columns and warnings on the whole screen."
        ) {
            $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil
        },
        KeyBinding(.nextData, "l right", [.datasets], "Select the next dataset."),
        KeyBinding(.previousData, "h left", [.datasets], "Select the previous dataset."),
        KeyBinding(.reloadData, "r", [.datasets], hint: "read again", priority: 70, "Read the selected file again.") {
            $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil
        },
        KeyBinding(
            .closeData, "d del", [.datasets], hint: "close", priority: 71, "Take the dataset off the list; the file stays."
        ) {
            $0.datasets.selected == nil ? "no dataset is open" : nil
        },
        KeyBinding(
            .nextBin, ".", [.datasets], hint: "bins", priority: 20,
            "Move the cursor to the next bar of the selected column's chart, and say what it stands for.", unless: needsColumn),
        KeyBinding(
            .previousBin, ",", [.datasets], "Move the cursor to the bar before in the selected column's chart.",
            unless: needsColumn),
        KeyBinding(
            .exportData, "e", [.datasets], hint: "export…", priority: 34,
            "Write the selected column's chart or the table of columns to a file.", unless: needsColumn),
        KeyBinding(
            .exportColumnSVG, "", [.datasets], priority: 34,
            "Write the selected column's chart as an SVG image into the current folder.", unless: needsColumn),
        KeyBinding(
            .exportColumnCSV, "", [.datasets], priority: 34,
            "Write the counts of the selected column's chart as CSV into the current folder.", unless: needsColumn),
        KeyBinding(
            .exportTableCSV, "", [.datasets], priority: 34,
            "Write the table of columns with their statistics as CSV into the current folder.", unless: needsColumn),
    ]) { $0.performData($1) }

    @Sendable static func needsColumn(_ state: AppState) -> String? {
        if state.datasets.selected == nil { return "no dataset is open (o opens one)" }
        if !state.isZoomed { return "enter shows the dataset's columns and charts" }
        return state.datasets.selectedColumn == nil ? "no column is selected" : nil
    }
}
