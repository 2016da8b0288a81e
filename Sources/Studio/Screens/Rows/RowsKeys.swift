extension KeyContext {
    static let rows = KeyContext("Among rows of data")
    static let cell = KeyContext("Looking at a value")
}

extension StudioAction {
    static let showRows = StudioAction("rows.show")
    static let askSQL = StudioAction("rows.ask-sql")
    static let rowsDown = StudioAction("rows.down")
    static let rowsUp = StudioAction("rows.up")
    static let rowsPageDown = StudioAction("rows.page-down")
    static let rowsPageUp = StudioAction("rows.page-up")
    static let rowsHalfDown = StudioAction("rows.half-down")
    static let rowsHalfUp = StudioAction("rows.half-up")
    static let rowsStart = StudioAction("rows.start")
    static let rowsEnd = StudioAction("rows.end")
    static let rowsLeft = StudioAction("rows.left")
    static let rowsRight = StudioAction("rows.right")
    static let rowsFirstColumn = StudioAction("rows.first-column")
    static let rowsLastColumn = StudioAction("rows.last-column")
    static let rowsFilter = StudioAction("rows.filter")
    static let rowsLikeHere = StudioAction("rows.like-here")
    static let rowsUnlikeHere = StudioAction("rows.unlike-here")
    static let rowsAll = StudioAction("rows.all")
    static let rowsSortUp = StudioAction("rows.sort-up")
    static let rowsSortDown = StudioAction("rows.sort-down")
    static let rowsGoTo = StudioAction("rows.go-to")
    static let rowsCell = StudioAction("rows.cell")
    static let rowsCopy = StudioAction("rows.copy")
    static let rowsCopyRow = StudioAction("rows.copy-row")
    static let rowsPin = StudioAction("rows.pin")
    static let rowsHide = StudioAction("rows.hide")
    static let rowsShowAll = StudioAction("rows.show-columns")
    static let rowsWide = StudioAction("rows.wide")
    static let rowsSave = StudioAction("rows.save")
    static let cellClose = StudioAction("cell.close")
}

extension KeyTable {
    /// Rows of data.
    static let rows = KeyGroup([
        KeyBinding(
            .showRows, "v", [.datasets], hint: "rows", priority: 13, "Look at the data set's rows, whatever its size."
        ) { $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil },
        KeyBinding(
            .askSQL, "Q", [.datasets, .rows], hint: "SQL…", priority: 32,
            "Ask the open data sets in SQL; the answer is shown as rows and can be kept as a data set."
        ) { $0.datasets.datasets.isEmpty ? "no dataset is open (o opens one)" : nil },
        KeyBinding(.rowsDown, "j down", [.rows], "Go to the next row."),
        KeyBinding(.rowsUp, "k up", [.rows], "Go to the row before."),
        KeyBinding(.rowsRight, "l right", [.rows], "Go to the next column."),
        KeyBinding(.rowsLeft, "h left", [.rows], "Go to the column before."),
        KeyBinding(.rowsPageDown, "pgdn ctrl-f space", [.rows], "Go down one page."),
        KeyBinding(.rowsPageUp, "pgup ctrl-b", [.rows], "Go up one page."),
        KeyBinding(.rowsHalfDown, "ctrl-d", [.rows], "Go down half a page."),
        KeyBinding(.rowsHalfUp, "ctrl-u", [.rows], "Go up half a page."),
        KeyBinding(.rowsStart, "g home", [.rows], "Go to the first row."),
        KeyBinding(.rowsEnd, "G end", [.rows], "Go to the last row found so far."),
        KeyBinding(.rowsFirstColumn, "0", [.rows], "Go to the first column."),
        KeyBinding(.rowsLastColumn, "$", [.rows], "Go to the last column."),
        KeyBinding(
            .rowsFilter, "/", [.rows], hint: "filter…", priority: 10,
            "Show only rows that meet a condition, such as age > 40 and smoker = yes.", unless: needsColumns),
        KeyBinding(
            .rowsLikeHere, ",", [.rows], hint: "like this", priority: 12,
            "Show only rows with the value under the cursor.", unless: needsCell),
        KeyBinding(.rowsUnlikeHere, "~", [.rows], "Leave out rows with the value under the cursor.", unless: needsCell),
        KeyBinding(.rowsAll, "x", [.rows], hint: "all rows", priority: 14, "Show all rows again, in the file's order.") {
            ($0.top as? RowsPage)?.view.isPlain ?? true ? "all rows are shown, in the file's order" : nil
        },
        KeyBinding(
            .rowsSortUp, "[", [.rows], hint: "sort [ ]", priority: 16,
            "Sort by the column under the cursor, the smallest first; again takes it back.", unless: needsColumns),
        KeyBinding(
            .rowsSortDown, "]", [.rows], "Sort by the column under the cursor, the largest first; again takes it back.",
            unless: needsColumns),
        KeyBinding(.rowsGoTo, "r", [.rows], hint: "go to row…", priority: 20, "Go to a row by its number.", unless: needsColumns),
        KeyBinding(.rowsCell, "enter", [.rows], hint: "value", priority: 18, "Show the value as a whole.", unless: needsCell),
        KeyBinding(.rowsCopy, "y", [.rows], hint: "copy", priority: 24, "Copy the value to the clipboard.", unless: needsCell),
        KeyBinding(
            .rowsCopyRow, "Y", [.rows], "Copy the row to the clipboard, its values separated by tabs.", unless: needsCell),
        KeyBinding(
            .rowsPin, "!", [.rows], hint: "pin", priority: 26, "Keep the column at the left while others are scrolled, or not.",
            unless: needsColumns),
        KeyBinding(.rowsHide, "-", [.rows], "Hide the column.", unless: needsColumns),
        KeyBinding(.rowsShowAll, "+", [.rows], "Show all columns, in the file's order.", unless: needsColumns),
        KeyBinding(.rowsWide, "_", [.rows], "Show the column wide, or as wide as its values.", unless: needsColumns),
        KeyBinding(
            .rowsSave, "w", [.rows], hint: "keep…", priority: 30, "Write these rows to a file and open it as a data set.",
            unless: needsColumns),
        KeyBinding(.cellClose, "enter esc q backspace", [.cell], hint: "back", priority: 10, "Close it."),
    ]) { $0.performRows($1) }

    @Sendable private static func needsColumns(_ state: AppState) -> String? {
        (state.top as? RowsPage)?.columns.isEmpty ?? true ? "no rows are there yet" : nil
    }

    @Sendable private static func needsCell(_ state: AppState) -> String? {
        guard let page = state.top as? RowsPage, let column = page.column,
            page.text(row: page.cursor.index, column: column) != nil
        else { return "there is no value under the cursor" }
        return nil
    }
}
