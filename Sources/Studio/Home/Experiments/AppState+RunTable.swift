import Events
import RunSearching

extension AppState {
    /// Columns, sort order, groups and views of the runs table.
    mutating func performRunTable(_ action: StudioAction) -> [Effect] {
        switch action {
        case .chooseColumns:
            let shown = experiments.columns ?? RunTable(self, in: layout.interior(.experiments)).shownColumns
            open(ColumnChooser(shown: shown, fields: fieldNames))
        case .sortBy: open(Menu(.sortBy(fieldNames)))
        case .groupBy: open(Menu(.groupBy(fieldNames.filter { $0 != .name && $0 != .id })))
        case .views: open(Menu(.views))
        case .saveView:
            open(
                LinePrompt(
                    "Save the view as", help: "A name for the columns, sort order, groups and filter as they are now.",
                    check: { name, _ in RunView.problem(withName: name).map { .init($0) } }, accept: { $1.saveView($0) }))
        case .foldAll:
            let names = Set(experiments.groups.map(\.name))
            experiments.folded = experiments.folded.isSuperset(of: names) ? [] : names
        case .columnsLeft, .columnsRight:
            let count = experiments.columns?.count ?? 0
            let next = experiments.firstColumn + (action == .columnsRight ? 1 : -1)
            experiments.firstColumn = min(max(0, next), max(0, count - 1))
        case .showArchived:
            experiments.showsArchived.toggle()
            experiments.isStale = true
            say(experiments.showsArchived ? "archived runs are shown" : "archived runs are hidden", .text)
        case .sortLeft, .sortRight: return sort(walking: action == .sortRight ? 1 : -1)
        case .sortReverse: return sort(by: experiments.sort.field)
        default: unhandled(action)
        }
        return []
    }

    private var fieldNames: [RunField] {
        RunNames.fields(of: runs.entries.values.lazy.map(\.summary).filter { !$0.isDeleted })
    }

    /// Settings that tell the runs apart, as many as one walks through.
    private var differingFields: [RunField] { experiments.differences.settings.prefix(8).map(\.field) }

    /// Sorts by the next field of those shown.
    private mutating func sort(walking direction: Int) -> [Effect] {
        var fields = RunColumn.sortable + differingFields.filter { !RunColumn.sortable.contains($0) }
        if let columns = experiments.columns {
            fields = [.created, .name] + columns.compactMap(\.sortField).filter { $0 != .created && $0 != .name }
        }
        return sort(by: next(after: experiments.sort.field, in: fields, by: direction), keepsDirection: true)
    }

    /// Sorts by another field; by the same one, the other way round.
    mutating func sort(by field: RunField, keepsDirection: Bool = false) -> [Effect] {
        let isReversed =
            keepsDirection ? experiments.sort.isReversed : field == experiments.sort.field && !experiments.sort.isReversed
        experiments.sort = RunSort(field, isReversed: isReversed)
        let metric = (selectedRun?.record.objective.metric.metric).map(String.init)
        let title = field == .objective ? metric ?? field.word : field.word
        say("sorted by \(title)\(isReversed ? ", reversed" : "")", .text)
        return keepTable()
    }

    mutating func group(by field: RunField?) -> [Effect] {
        experiments.group = field
        experiments.folded = []
        say(field.map { "grouped by \($0.word); enter folds" } ?? "no groups", .text)
        return keepTable()
    }

    /// Takes the columns chosen in the list; nil goes back to the automatic ones.
    mutating func setColumns(_ columns: [RunColumn]?) -> [Effect] {
        experiments.columns = columns
        experiments.firstColumn = 0
        return keepTable()
    }

    mutating func saveView(_ name: String) -> [Effect] {
        settings.runViews[name] = experiments.view
        say("saved the view \(name)", .good)
        return [.saveSettings(settings)]
    }

    mutating func deleteView(_ name: String) -> [Effect] {
        guard settings.runViews.removeValue(forKey: name) != nil else { return [] }
        say("the view \(name) is gone", .text)
        return [.saveSettings(settings)]
    }

    mutating func showView(_ name: String) -> [Effect] {
        guard let view = settings.runViews[name] else { return [] }
        experiments.view = view
        focus = .experiments
        experiments.isStale = true
        refreshLists(layout)
        if let problem = experiments.filterProblem {
            say("the filter of \(name) cannot be read: \(problem.message)", .warning)
        } else {
            say("view \(name)", .text)
        }
        return keepTable()
    }

    /// Derives the table anew and remembers how it looks.
    private mutating func keepTable() -> [Effect] {
        experiments.isStale = true
        settings.runSort = experiments.sort
        settings.runGroup = experiments.group
        settings.runColumns = experiments.columns
        return [.saveSettings(settings)]
    }
}
