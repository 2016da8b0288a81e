import Cells
import Searching

extension AppState {
    mutating func performRows(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showRows:
            guard let file = datasets.selected.map(RowsFile.init) else { return [] }
            return openRows(RowsView(.file(file)))
        case .askSQL: return askForSQL()
        case .cellClose: popups.removeLast()
        case .rowsFilter: askForFilter()
        case .rowsLikeHere, .rowsUnlikeHere:
            guard let page = top as? RowsPage, let condition = page.conditionHere else { return [] }
            let more = action == .rowsLikeHere ? condition : "not " + condition
            let old = page.view.filter
            return filterRows(old.isEmpty ? more : old.contains(" or ") ? "(\(old)) and \(more)" : "\(old) and \(more)")
        case .rowsAll: return changeView { ($0.filter, $0.sort) = ("", nil) }
        case .rowsSortUp, .rowsSortDown:
            guard let column = (top as? RowsPage)?.column else { return [] }
            let sort = RowsView.Sort(column: column, isDescending: action == .rowsSortDown)
            return changeView { $0.sort = $0.sort == sort ? nil : sort }
        case .rowsGoTo: askForRow()
        case .rowsCell, .rowsCopy, .rowsCopyRow: return readCell(action)
        case .rowsSave: askWhereToKeep()
        default: changeTop(RowsPage.self) { page, state in page.perform(action, state) }
        }
        needsRedraw = true
        return askForRows()
    }

    /// Opens the rows of a view, and asks for the first of them.
    /// - Parameter row: the one to stand on, counted in the view's order from 0; it is gone to as soon as it is found.
    mutating func openRows(_ view: RowsView, at row: Int = 0) -> [Effect] { open(RowsPage(view, at: row)) + askForRows() }

    /// Asks for the rows that are in view and were not read yet.
    mutating func askForRows() -> [Effect] {
        guard let page = screens.last as? RowsPage, let query = page.rowsQuery(self) else { return [] }
        return ask(query)
    }

    private mutating func changeView(_ change: (inout RowsView) -> Void) -> [Effect] {
        let next = changeTop(RowsPage.self) { page, _ -> RowsView in
            var view = page.view
            change(&view)
            page.show(view)
            return view
        }
        pageChanged()
        return next.map { ask(FindRows($0)) + askForRows() } ?? []
    }

    mutating func filterRows(_ text: String) -> [Effect] { changeView { $0.filter = text } }

    // MARK: - What is typed

    private mutating func askForFilter(_ text: String? = nil, problem: LinePrompt.Problem? = nil) {
        guard let page = screens.last as? RowsPage else { return }
        let names = page.columns.map { SearchWord.name($0.name) }
        var prompt = LinePrompt(
            "Rows to show", help: "such as age > 40 and smoker = yes; ~ for a part, has:name; tab completes",
            text: text ?? page.view.filter,
            complete: { prompt, _ in Self.complete(&prompt, names) }
        ) { text, state in state.filterRows(text) }
        if let problem { prompt.refuse(problem) }
        open(prompt)
    }

    /// Completes the name at the cursor.
    private static func complete(_ prompt: inout LinePrompt, _ names: [String]) {
        let before = Array(prompt.field.text).prefix(prompt.field.cursor)
        let word = String(before.reversed().prefix { !" ()=<>~!,".contains($0) }.reversed()).lowercased()
        let found = names.filter { $0.lowercased().hasPrefix(word) }
        guard var common = found.first else { return }
        for name in found {
            while !name.lowercased().hasPrefix(common.lowercased()) { common.removeLast() }
        }
        if common.count > word.count || found.count == 1 {
            for _ in word { _ = prompt.field.handle(Key(.backspace)) }
            prompt.field.insert(common)
        }
        prompt.completions = found.count > 1 ? found : []
    }

    private mutating func askForRow() {
        open(
            LinePrompt(
                "Go to row", help: "a row's number, from 1",
                check: { text, _ in Int(text).map { $0 > 0 } == true ? nil : .init("give a whole number from 1 on") }
            ) { text, state in
                guard let row = Int(text) else { return [] }
                state.changeTop(RowsPage.self) { page, state in page.go(toRow: row - 1, state) }
                state.pageChanged()
                return state.askForRows()
            })
    }

    /// Says what is wrong with a filter or a query, where it is typed.
    mutating func refuseRows(_ view: RowsView, _ message: String, _ place: Int?) -> [Effect] {
        guard let page = screens.last as? RowsPage, page.view == view, popups.isEmpty else { return [] }
        needsRedraw = true
        if case .query(let sql, _) = view.source, view.filter.isEmpty {
            screens.removeLast()
            return askForSQL(sql, problem: .init(message, at: place))
        }
        changeTop(RowsPage.self) { page, _ in page.showPrevious() }
        askForFilter(view.filter, problem: .init(message, at: place))
        guard let shown = (screens.last as? RowsPage)?.view else { return [] }
        return ask(FindRows(shown)) + askForRows()
    }

    /// - Parameter problem: what is wrong with what was asked before.
    private mutating func askForSQL(_ text: String? = nil, problem: LinePrompt.Problem? = nil) -> [Effect] {
        let files = datasets.datasets.map { RowsFile($0) }
        let chosen = datasets.selected.map { RowsFile($0) } ?? files.first
        let names = RowsFile.tableNames(files)
        let columns = datasets.selected?.profile?.columns.map { SearchWord.name($0.name) } ?? []
        let start = chosen.flatMap { file in files.firstIndex(of: file).map { "select * from \(names[$0])" } }
        var prompt = LinePrompt(
            "Ask in SQL", help: "tables: \(names.prefix(12).joined(separator: ", "))", text: text ?? start ?? "select ",
            complete: { prompt, _ in Self.complete(&prompt, names + columns) }
        ) { sql, state in state.openRows(RowsView(.query(sql, files))) }
        if let problem { prompt.refuse(problem) }
        open(prompt)
        return []
    }

    private mutating func askWhereToKeep() {
        guard let page = screens.last as? RowsPage else { return }
        let view = page.view
        open(
            LinePrompt(
                "Keep these rows", help: "a file to write: .csv, .tsv, .jsonl, .json or .parquet",
                text: "",
                check: { text, _ in text.isEmpty ? .init("give a file's name, such as chosen.csv") : nil }
            ) { path, state in
                state.say("writing \(path) …", .text)
                return state.ask(KeepRows(view: view, path: path))
            })
    }

    private mutating func readCell(_ action: StudioAction) -> [Effect] {
        guard let page = top as? RowsPage, let column = page.column else { return [] }
        let columns = action == .rowsCopyRow ? Array(page.columns.indices) : [column]
        return ask(
            ReadCell(view: page.view, row: page.cursor.index, columns: columns, use: action == .rowsCell ? .show : .copy))
    }
}

extension RowsFile {
    init(_ dataset: DatasetsState.Dataset) { self.init(path: dataset.path, reading: dataset.options) }

    /// The file's name as a table's: without its ending, and with underscores for what is neither letter nor digit.
    package static func tableName(_ name: String) -> String {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        let plain = String(stem.map { $0.isLetter || $0.isNumber ? $0 : "_" })
        return plain.first?.isNumber ?? true ? "_" + plain : plain
    }

    /// What queries call some files, each in its own way.
    package static func tableNames(_ files: [RowsFile]) -> [String] {
        var taken: Set<String> = []
        return files.map { file in
            let plain = tableName(file.name)
            var name = plain, number = 2
            while !taken.insert(name.lowercased()).inserted {
                name = "\(plain)_\(number)"
                number += 1
            }
            return name
        }
    }
}
