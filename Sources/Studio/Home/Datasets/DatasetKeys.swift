extension KeyContext {
    static let datasets = KeyContext("Datasets", isHome: true)
}

extension StudioAction {
    static let showData = StudioAction("data.show")
    static let nextData = StudioAction("data.next")
    static let previousData = StudioAction("data.previous")
    static let reloadData = StudioAction("data.reload")
    static let closeData = StudioAction("data.close")
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
    ]) { $0.performData($1) }
}
