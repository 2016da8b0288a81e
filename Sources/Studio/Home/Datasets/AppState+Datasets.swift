import Cells
import Events

extension AppState {
    /// Takes in what became of a data file.
    mutating func take(_ fact: DatasetEvent) -> [Effect] {
        switch fact {
        case .profiled(let profile):
            if let asked = profile.askedPath { datasets.resolve(asked, to: profile.path) }
            datasets.put(profile.path, .profiled(profile))
            for path in [profile.path, profile.askedPath].compactMap({ $0 }) { refreshForm(path: path) }
        case .failed(let path, let message):
            datasets.put(path, .failed(message))
            say(message, .bad)
        }
        return []
    }

    /// An open form learns the columns of a file that was just read.
    private mutating func refreshForm(path: String) {
        let columns = columns(of: path)
        for index in popups.indices {
            guard var form = popups[index] as? NewRunForm, form[.dataset] == path else { continue }
            if !form.hasPreview { form.rebuild(columns: columns) }
            popups[index] = form
        }
    }

    func columns(of path: String) -> [String] { datasets.profile(path: path)?.columns.map(\.name) ?? [] }

    mutating func performData(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showData:
            isZoomed.toggle()
            return lookAtShownData()
        case .nextData, .previousData:
            datasets.cursor.index += action == .nextData ? 1 : -1
            datasets.columnCursor = ListCursor()
            datasets.columnFilter.clear()
        case .reloadData:
            guard let dataset = datasets.selected else { break }
            say("reading \(dataset.name) again", .text)
            // What the workspace has not kept, since the file could not be read so, is said again.
            let isKept = dataset.options == dataset.known?.reading ?? [:]
            return [.command(.profileDataset(path: dataset.path, reading: isKept ? nil : dataset.options))]
        case .closeData:
            guard let dataset = datasets.selected, let index = datasets.datasets.firstIndex(of: dataset) else { break }
            datasets.remove(dataset.path)
            push { state in
                state.datasets.insert(dataset, at: index)
                state.say("\(dataset.name) is back", .good)
                return dataset.id.map { [.command(.editEntity($0.entity, EntityEdit(isDeleted: false)))] } ?? []
            }
            say("closed \(dataset.name); u undoes", .text)
            return dataset.id.map { [.command(.editEntity($0.entity, EntityEdit(isDeleted: true)))] } ?? []
        case .nextBin, .previousBin: moveInChart(by: action == .nextBin ? 1 : -1)
        case .exportData: open(Menu(.exportData))
        case .exportColumnSVG, .exportColumnCSV, .exportTableCSV: return exportData(action)
        default: unhandled(action)
        }
        return []
    }

    /// Moves the cursor in the selected column's chart, round and round; it begins at the first bar.
    private mutating func moveInChart(by step: Int) {
        guard let column = datasets.selectedColumn, let rows = datasets.selected?.profile?.rowCount else { return }
        let count = ColumnDetail(column, rowCount: rows).barCount
        guard count > 0 else { return }
        let start = datasets.chartCursor ?? (step > 0 ? -1 : count)
        datasets.chartCursor = ((start + step) % count + count) % count
    }

    /// Opens a data file: asks the engine to read it, and shows that it is being read.
    /// - Parameter reading: what is said about reading it from now on; nil = what was said before.
    mutating func openDataset(_ path: String, reading: [String: String]? = nil) -> [Effect] {
        datasets.put(path, .loading)
        if let reading { datasets.setOptions(reading, of: path) }
        datasets.filter.clear()
        datasets.refresh(page: 1, columnPage: 1)
        datasets.select(path)
        focus = .datasets
        return [.command(.profileDataset(path: path, reading: reading))]
    }
}
