import Cells
import Events

/// The Datasets pane: the data files that were opened, and the columns of the selected one.
package struct DatasetsState: Sendable {
    /// A data file and what is known of it.
    package struct Dataset: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            case loading
            case profiled(DatasetProfile)
            case failed(String)
            /// Known from the workspace, and why its profile is not shown.
            case unread(Unread)
        }

        package enum Unread: Hashable, Sendable { case waiting, changed, gone }

        package var path: String
        package var content: Content
        /// Other spellings of its path, as it was asked for.
        var askedPaths: Set<String> = []
        /// What the user says about reading it, by read option.
        package var options: [String: String] = [:]
        /// The share of it that was gone through while it is being read; nil = not known.
        package internal(set) var progress: Double?
        /// What became of the file since its profile was made; nil = it is as it was, as far as is known.
        package internal(set) var drift: Unread?
        /// What the workspace knows of it; nil until that was read.
        package var known: DatasetSummary?

        package var name: String { String(path.split(separator: "/").last ?? path[...]) }
        package var profile: DatasetProfile? { if case .profiled(let profile) = content { profile } else { nil } }

        /// Where the same content lies besides, as far as is known.
        package var otherPlaces: [String] {
            (known?.places ?? []).filter { !$0.isSuperseded && $0.path != path && $0.state == .unchanged }.map(\.path)
        }

        /// Whether it lies at a path, or was asked for by it.
        func isAt(_ path: String) -> Bool { self.path == path || askedPaths.contains(path) || otherPlaces.contains(path) }

        /// What it is by its content; nil until that is known.
        package var id: DatasetID? {
            known?.id ?? profile.flatMap { $0.fingerprint.isEmpty ? nil : DatasetID($0.fingerprint) }
        }
    }

    package internal(set) var datasets: [Dataset] = []
    package var cursor = ListCursor()
    package var filter = ListFilter()
    /// The column table of the zoomed pane.
    package var columnCursor = ListCursor()
    package var columnFilter = ListFilter()
    /// Where one stands in the chart of a column: a bin of its histogram, or one of its most frequent values.
    private var chartPlace: (dataset: String, column: String, index: Int)?
    /// Derived: indices of the datasets and of the selected dataset's columns that the filters let through.
    package private(set) var rows: [Int] = []
    package private(set) var columnRows: [Int] = []

    init() {}

    package var selected: Dataset? {
        guard rows.indices.contains(cursor.index), datasets.indices.contains(rows[cursor.index]) else { return nil }
        return datasets[rows[cursor.index]]
    }

    /// Columns of the selected dataset.
    package var columnCount: Int { selected?.profile?.columns.count ?? 0 }

    /// Parts of the zoomed pane.
    func page(in interior: Rect) -> StudioLayout.DatasetPage {
        let lines = selected?.profile?.reading.map { ReadingText.lines($0, width: max(1, interior.width - 2)).count } ?? 0
        return StudioLayout.datasetPage(interior, columns: columnCount, readingLines: lines)
    }

    package var selectedColumn: ColumnProfile? {
        guard let profile = selected?.profile, columnRows.indices.contains(columnCursor.index) else { return nil }
        return profile.columns[columnRows[columnCursor.index]]
    }

    /// The place under the cursor in the selected column's chart; nil until one moves there, and when another column is selected.
    package var chartCursor: Int? {
        get {
            guard let place = chartPlace, place.dataset == selected?.path, place.column == selectedColumn?.name else {
                return nil
            }
            return place.index
        }
        set {
            guard let newValue, let path = selected?.path, let name = selectedColumn?.name else { return chartPlace = nil }
            chartPlace = (path, name, newValue)
        }
    }

    package func profile(path: String) -> DatasetProfile? {
        datasets.first { $0.isAt(path) }?.profile
    }

    /// A file as rows of it are read: as the user said, where that is known.
    func rowsFile(at path: String) -> RowsFile { datasets.first { $0.isAt(path) }.map { RowsFile($0) } ?? RowsFile(path: path) }

    /// A file was read that was asked for by another spelling of its path: the row that waits for it is its own.
    mutating func resolve(_ asked: String, to path: String) {
        guard let waiting = datasets.firstIndex(where: { $0.path == asked }) else { return }
        if let own = datasets.firstIndex(where: { $0.path == path }) {
            datasets[own].askedPaths.insert(asked)
            if rows.indices.contains(cursor.index), rows[cursor.index] == waiting, let row = rows.firstIndex(of: own) {
                cursor.index = row
            }
            removeRow(at: waiting)
        } else {
            datasets[waiting].path = path
            datasets[waiting].askedPaths.insert(asked)
        }
    }

    /// Adds a file, or replaces what is known of it.
    mutating func put(_ path: String, _ content: Dataset.Content) {
        if let index = datasets.firstIndex(where: { $0.path == path }) {
            // A file that is read again shows its old profile until the new one is there.
            if content == .loading, datasets[index].profile != nil { return }
            datasets[index].content = content
            (datasets[index].drift, datasets[index].progress) = (nil, nil)
        } else {
            datasets.append(Dataset(path: path, content: content))
        }
        if case .profiled(let profile) = content {
            if let options = profile.options { setOptions(options, of: path) }
            join(DatasetID(profile.fingerprint), at: path)
        }
    }

    /// Keeps what the user says about reading a file.
    mutating func setOptions(_ options: [String: String], of path: String) {
        if let index = datasets.firstIndex(where: { $0.path == path }) { datasets[index].options = options }
    }

    /// What the user says about reading the file at a path.
    package func options(path: String) -> [String: String] { datasets.first { $0.isAt(path) }?.options ?? [:] }

    mutating func remove(_ path: String) { datasets.removeAll { $0.path == path } }

    /// Takes a row out without moving the cursor off its own.
    mutating func removeRow(at index: Int) {
        if let row = rows.firstIndex(of: index), row < cursor.index { cursor.index -= 1 }
        datasets.remove(at: index)
        rows = rows.compactMap { $0 == index ? nil : $0 > index ? $0 - 1 : $0 }
    }

    mutating func insert(_ dataset: Dataset, at index: Int) {
        guard !datasets.contains(where: { $0.path == dataset.path }) else { return }
        datasets.insert(dataset, at: min(index, datasets.count))
    }

    mutating func select(_ path: String) {
        if let row = rows.firstIndex(where: { datasets[$0].path == path }) { cursor.index = row }
    }

    mutating func refresh(page: Int, columnPage: Int) {
        let names = datasets.map(\.searchedText)
        rows = Self.matching(names, &filter)
        cursor.clamp(count: rows.count, page: page)
        columnRows = Self.matching(selected?.profile?.columns.map { $0.name + " " + $0.kind } ?? [], &columnFilter)
        columnCursor.clamp(count: columnRows.count, page: columnPage)
    }

    /// Indices of the texts the filter lets through; a filter that matches nothing leaves the older one in force.
    private static func matching(_ texts: [String], _ filter: inout ListFilter) -> [Int] {
        filter.matching(texts.count) { index, pattern in texts[index].containsIgnoringCase(pattern) }
    }
}
