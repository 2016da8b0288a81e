extension StudioAction {
    static let sortLeft = StudioAction("run.sort-left")
    static let sortRight = StudioAction("run.sort-right")
    static let sortReverse = StudioAction("run.sort-reverse")
    static let chooseColumns = StudioAction("run.columns")
    static let columnsRight = StudioAction("run.columns-right")
    static let columnsLeft = StudioAction("run.columns-left")
    static let sortBy = StudioAction("run.sort-by")
    static let groupBy = StudioAction("run.group-by")
    static let foldAll = StudioAction("run.fold-all")
    static let views = StudioAction("run.views")
    static let saveView = StudioAction("run.save-view")
    static let showArchived = StudioAction("run.show-archived")
}

extension KeyTable {
    /// How the runs are listed: columns, order, groups, views.
    static let runTable = KeyGroup([
        KeyBinding(.sortLeft, "<", [.experiments], priority: 65, "Sort by the column to the left.", unless: needsRows),
        KeyBinding(
            .sortRight, ">", [.experiments], priority: 65, "Sort by the column to the right.", unless: needsRows),
        KeyBinding(
            .sortReverse, "r", [.experiments], hint: "reverse", priority: 66, "Reverse the sort order.", unless: needsRows),
        KeyBinding(
            .chooseColumns, "f", [.experiments], hint: "columns…", priority: 63, "Choose the table's columns and their order.",
            unless: needsRows),
        KeyBinding(.columnsRight, "l right", [.experiments], priority: 76, "Scroll the chosen columns to the right.") {
            $0.experiments.columns == nil ? "all columns that fit are shown (f chooses others)" : nil
        },
        KeyBinding(.columnsLeft, "h left", [.experiments], priority: 76, "Scroll the chosen columns to the left.") {
            $0.experiments.firstColumn == 0 ? "the first column is in view" : nil
        },
        KeyBinding(
            .sortBy, "S", [.experiments], hint: "sort by…", priority: 64, "Sort by any hyperparameter, metric or other name.",
            unless: needsRows),
        KeyBinding(
            .groupBy, "B", [.experiments], hint: "group by…", priority: 65,
            "Group the runs by algorithm, experiment, tag, any hyperparameter or other name.", unless: needsRows),
        KeyBinding(.foldAll, "Z", [.experiments], priority: 67, "Fold all groups, or unfold them; enter does one.") {
            $0.experiments.groups.isEmpty ? "the runs are not grouped (B groups them)" : nil
        },
        KeyBinding(
            .views, "V", [.experiments], hint: "views…", priority: 66,
            "Show a saved view of the table, or save this one: columns, sort order, groups, filter.", unless: needsRows),
        KeyBinding(
            .saveView, "", [.experiments], priority: 69, "Save the table's columns, sort order, groups and filter as a view."),
        KeyBinding(.showArchived, "X", [.experiments], priority: 74, "Show archived runs too, or hide them."),
    ]) { $0.performRunTable($1) }
}
