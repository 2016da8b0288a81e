extension KeyContext {
    static let column = KeyContext("On the page of a column")
}

extension StudioAction {
    static let showColumn = StudioAction("column.show")
    static let barDown = StudioAction("bars.down")
    static let barUp = StudioAction("bars.up")
    static let barPageDown = StudioAction("bars.page-down")
    static let barPageUp = StudioAction("bars.page-up")
    static let barStart = StudioAction("bars.start")
    static let barEnd = StudioAction("bars.end")
    static let barNext = StudioAction("bars.next")
    static let barPrevious = StudioAction("bars.previous")
    static let barColumnNext = StudioAction("bars.column-next")
    static let barColumnPrevious = StudioAction("bars.column-previous")
    static let barValues = StudioAction("bars.values")
    static let barRows = StudioAction("bars.rows")
    static let barBeside = StudioAction("bars.beside")
    static let barAlone = StudioAction("bars.alone")
}

extension KeyTable {
    /// A column of data: its values, and how it goes with others.
    static let column = KeyGroup([
        KeyBinding(
            .showColumn, "F", [.datasets, .rows], hint: "column", priority: 22,
            "Show the column under the cursor: its histogram, its values with their counts, and what it has to do with others."
        ) { $0.columnToShow == nil ? "no column is selected" : nil },
        KeyBinding(
            .barRows, "enter", [.column], hint: "rows", priority: 8,
            "Show the rows behind the bar under the cursor; in a table of shares, behind the row or the cell."
        ) { ($0.top as? ColumnPage)?.entry == nil ? "there are no rows to go to" : nil },
        KeyBinding(.barDown, "j down", [.column], "Go to the next bar."),
        KeyBinding(.barUp, "k up", [.column], "Go to the bar before."),
        KeyBinding(.barPageDown, "pgdn ctrl-f space", [.column], "Go down one page."),
        KeyBinding(.barPageUp, "pgup ctrl-b", [.column], "Go up one page."),
        KeyBinding(.barStart, "g home", [.column], "Go to the first bar."),
        KeyBinding(.barEnd, "G end", [.column], "Go to the last bar."),
        KeyBinding(
            .barNext, "l right", [.column], hint: "next", priority: 10,
            "Show the next column; in a table of shares, go to the next cell."),
        KeyBinding(
            .barPrevious, "h left", [.column], "Show the column before; in a table of shares, go to the cell before."),
        KeyBinding(.barColumnNext, ">", [.column], "Show the next column, also beside another one."),
        KeyBinding(.barColumnPrevious, "<", [.column], "Show the column before, also beside another one."),
        KeyBinding(
            .barValues, "b", [.column], hint: "bins/values", priority: 12,
            "Show the single values of numbers with their counts, or bins of them."
        ) { ($0.top as? ColumnPage)?.answer?.bins.isEmpty ?? true ? "the column has no bins" : nil },
        KeyBinding(
            .barBeside, "c", [.column], hint: "beside…", priority: 14,
            "Show the column beside another one: points, groups or a table of shares."),
        KeyBinding(.barAlone, "x", [.column], hint: "alone", priority: 16, "Show the column alone again.") {
            ($0.top as? ColumnPage)?.question.other == nil ? "it is shown alone" : nil
        },
    ]) { $0.performColumn($1) }
}

extension AppState {
    /// The column under the cursor, and the rows that it is of.
    var columnToShow: ReadColumn? {
        if let page = top as? RowsPage {
            return page.column.map { ReadColumn(page.view, column: page.columns[$0].name) }
        }
        guard let dataset = datasets.selected else { return nil }
        let name = isZoomed ? datasets.selectedColumn?.name : dataset.profile?.columns.first?.name
        return name.map { ReadColumn(RowsView(.file(RowsFile(dataset))), column: $0) }
    }

    mutating func performColumn(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showColumn: return columnToShow.map { open(ColumnPage($0)) } ?? []
        case .barRows:
            guard let page = top as? ColumnPage, let entry = page.entry else { return [] }
            var view = page.question.view
            view.filter = view.filter.isEmpty ? entry.condition : "(\(view.filter)) and \(entry.condition)"
            view.sort = nil
            return openRows(view)
        case .barNext, .barPrevious, .barColumnNext, .barColumnPrevious:
            guard let page = top as? ColumnPage else { return [] }
            let isNext = action == .barNext || action == .barColumnNext
            guard page.cellCount == 0 || action == .barColumnNext || action == .barColumnPrevious else {
                changeTop(ColumnPage.self) { page, state in page.perform(action, state) }
                pageChanged()
                return []
            }
            guard let name = page.column(by: isNext ? 1 : -1) else { return [] }
            return askColumn(
                ReadColumn(page.question.view, column: name, other: page.question.other == name ? nil : page.question.other))
        case .barAlone:
            guard let page = top as? ColumnPage else { return [] }
            return askColumn(ReadColumn(page.question.view, column: page.question.column))
        case .barBeside: askForOther()
        default:
            changeTop(ColumnPage.self) { page, state in page.perform(action, state) }
            pageChanged()
        }
        return []
    }

    private mutating func askColumn(_ question: ReadColumn) -> [Effect] {
        changeTop(ColumnPage.self) { page, _ in page.ask(question) }
        pageChanged()
        return ask(question)
    }

    private mutating func askForOther() {
        guard let page = top as? ColumnPage else { return }
        let names = page.answer?.columns.map(\.name) ?? [], own = page.question
        // What a model was to predict is what one wants to know of first.
        let target = lastRequest?.target.flatMap { names.contains($0) && $0 != own.column ? $0 : nil }
        open(
            LinePrompt(
                "\(own.column) beside", help: "the other column's name; tab completes", text: own.other ?? target ?? "",
                check: { text, _ in names.contains(text) && text != own.column ? nil : .init("no other column is called so") },
                complete: { prompt, _ in Self.completeName(&prompt, names.filter { $0 != own.column }) }
            ) { text, state in state.askColumn(ReadColumn(own.view, column: own.column, other: text)) })
    }

    /// Completes all that is typed to a name.
    static func completeName(_ prompt: inout LinePrompt, _ names: [String]) {
        let typed = prompt.field.text.lowercased()
        let found = names.filter { $0.lowercased().hasPrefix(typed) }
        if found.count == 1 { prompt.field.text = found[0] }
        prompt.completions = found.count > 1 ? found : []
    }
}
