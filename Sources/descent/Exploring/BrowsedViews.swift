import Cells
import Clocks
import Exploring
import Files
import PrintableText
import Searching
import Studio
import Synchronization
import Tables
import Training

/// Rows that the studio looks at, kept between its questions: where they are in their files, and which of them a view shows.
final class BrowsedViews: Sendable {
    static let shared = BrowsedViews()

    /// The rows of a view as far as they were found; nil = all, as they stand.
    struct Found: Sendable {
        var rows: [Int]?
        var count = RowsCount()
    }

    private struct Source {
        let rows: BrowsedRows
        let columns: [RowsColumn]
        let stamps: [FileStamp?]
    }

    private struct State {
        var sources: [(key: RowsSource, value: Source)] = []
        var found: [(key: RowsView, value: Found)] = []
    }

    private let state = Mutex(State())
    private static let mostSources = 4, mostViews = 4

    /// The rows of a source; of a query only when it was answered.
    func rows(of source: RowsSource) throws -> (rows: BrowsedRows, columns: [RowsColumn])? {
        let stamps = Self.stamps(source)
        if let known = state.withLock({ $0.sources.first { $0.key == source && $0.value.stamps == stamps }?.value }) {
            return (known.rows, known.columns)
        }
        guard case .file(let file) = source else { return nil }
        try DataFile.check(file.path)
        return try keep(BrowsedRows(path: file.path, options: try ReadOptions(file.reading)), of: source, stamps)
    }

    /// Answers a query.
    /// - Throws: `QueryError`; what is wrong with a file.
    func ask(_ sql: String, _ files: [RowsFile], isWanted: @escaping () -> Bool) throws {
        let source = RowsSource.query(sql, files), stamps = Self.stamps(source)
        let words = sql.lowercased()
        // What is not named need not be read.
        let named = zip(RowsFile.tableNames(files), files).filter { words.contains($0.0.lowercased()) }
        let tables = try named.map { name, file in
            (name: name, rows: try TableQuery.rows(path: file.path, options: try ReadOptions(file.reading)))
        }
        let answer = try TableQuery(tables).answer(sql, isWanted: isWanted)
        _ = try keep(BrowsedRows(answer.table), of: source, stamps)
    }

    private static func stamps(_ source: RowsSource) -> [FileStamp?] {
        switch source {
        case .file(let file): [FileStamp(file.path)]
        case .query(_, let files): files.map { FileStamp($0.path) }
        }
    }

    private func keep(
        _ rows: BrowsedRows, of source: RowsSource, _ stamps: [FileStamp?]
    ) throws -> (rows: BrowsedRows, columns: [RowsColumn]) {
        let columns = try Self.columns(rows)
        state.withLock { state in
            state.sources.removeAll { $0.key == source }
            state.found.removeAll { $0.key.source == source }
            state.sources.append((source, Source(rows: rows, columns: columns, stamps: stamps)))
            if state.sources.count > Self.mostSources { state.sources.removeFirst() }
        }
        return (rows, columns)
    }

    /// How many of the first rows say how wide columns are.
    private static let widthRows = 100

    private static func columns(_ rows: BrowsedRows) throws -> [RowsColumn] {
        try rows.extend(toRow: 0)
        let all = Array(rows.columns.indices), count = min(Self.widthRows, rows.pieces.rowCount)
        let cells = try rows.cells(rows: Array(0..<count), columns: all)
        return all.map { index in
            let column = rows.columns[index]
            let widest = cells.lazy.map { TextWidth.of(($0[index] ?? "").prefix(40).replacing("\n", with: "⏎")) }.max() ?? 0
            return RowsColumn(name: column.name, kind: column.kind.rawValue, width: min(40, max(3, widest)))
        }
    }

    // MARK: - Which rows a view shows

    func found(_ view: RowsView) -> Found? { state.withLock { $0.found.first { $0.key == view }?.value } }

    private func keep(_ found: Found, of view: RowsView) {
        state.withLock { state in
            state.found.removeAll { $0.key == view }
            state.found.append((view, found))
            if state.found.count > Self.mostViews { state.found.removeFirst() }
        }
    }

    /// Finds all rows of a view.
    ///
    /// - Parameter tell: how far it is, some times a second.
    /// - Throws: `SearchError` for a filter that cannot be read, `QueryCancelled`, what is wrong with the file.
    func find(_ view: RowsView, _ rows: BrowsedRows, isWanted: () -> Bool, tell: (RowsCount) -> Void) throws -> RowsCount {
        if let known = found(view), known.count.isComplete { return known.count }
        let order = view.sort.map { RowOrder(column: $0.column, isDescending: $0.isDescending) }
        let search = try RowSearch(parsing: view.filter, columns: rows.columns)
        var scan = RowScan(search, by: order, clock: SearchClock(now: WallClock.now()))
        var last = ContinuousClock.now
        func stand(isComplete: Bool) -> RowsCount {
            let pieces = rows.pieces
            var count = RowsCount()
            count.all = pieces.rowCount
            count.found = view.isPlain ? pieces.rowCount : view.sort == nil || isComplete ? scan.rows.count : 0
            count.isComplete = isComplete
            let looked = view.isPlain || pieces.rowCount == 0 ? 1 : Double(scan.rowCount) / Double(pieces.rowCount)
            count.progress = pieces.progress * looked
            count.misfits = scan.misfits.values.reduce(0, +)
            if isComplete, count.found == 0 { count.hint = search.hint(rows.columns) }
            return count
        }
        func note(isComplete: Bool) -> RowsCount {
            let count = stand(isComplete: isComplete)
            keep(Found(rows: view.isPlain ? nil : count.found == 0 ? [] : scan.rows, count: count), of: view)
            return count
        }
        while true {
            guard isWanted() else { throw QueryCancelled() }
            if !view.isPlain, scan.pieceCount < rows.pieces.count {
                try scan.look(at: rows.pieces)
            } else if rows.pieces.isComplete {
                break
            } else {
                try rows.extend()
            }
            if ContinuousClock.now - last > .milliseconds(150) {
                last = .now
                tell(note(isComplete: false))
            }
        }
        scan.sort()
        return note(isComplete: true)
    }

    /// Some of a view's rows, as far as they were found.
    func piece(_ query: ReadRows) throws -> RowsPiece {
        let view = query.view
        guard let (rows, columns) = try rows(of: view.source) else {
            return RowsPiece(columns: [], count: RowsCount(), first: 0, numbers: [], shown: [], cells: [])
        }
        let known = found(view), end = query.first + query.count
        var count = known?.count ?? RowsCount()
        var numbers: [Int] = []
        if view.isPlain {
            try rows.extend(toRow: end - 1)
            let pieces = rows.pieces
            (count.found, count.all, count.isComplete, count.progress) = (
                pieces.rowCount, pieces.rowCount, pieces.isComplete, pieces.progress
            )
            numbers = Array(min(query.first, count.found)..<min(end, count.found))
        } else if let chosen = known?.rows {
            numbers = Array(chosen.dropFirst(query.first).prefix(query.count))
        }
        let shown = query.columns ?? Array(columns.indices)
        let cells = try rows.cells(rows: numbers, columns: shown).map { $0.map { $0.map { Self.cut($0) } } }
        return RowsPiece(
            columns: columns, count: count, first: query.first, numbers: numbers, shown: shown, cells: cells)
    }

    /// What a screen can show of a value.
    private static func cut(_ text: String) -> String { text.utf8.count > 400 ? String(text.prefix(200)) : text }

    /// Where a row of a view stands in its file; nil when it was not found.
    func number(of row: Int, in view: RowsView) -> Int? {
        if view.isPlain { return row }
        return found(view)?.rows.flatMap { $0.indices.contains(row) ? $0[row] : nil }
    }

    /// Writes a view's rows: those of a file as they stand in it.
    func write(_ view: RowsView, to path: String, isWanted: () -> Bool) throws -> Int {
        guard let (rows, _) = try rows(of: view.source) else { throw CommandError.failed("the query was not answered yet") }
        let count = try find(view, rows, isWanted: isWanted) { _ in }
        let chosen = found(view)?.rows
        switch view.source {
        case .file(let file):
            let table = try Table(contentsOf: file.path, options: try ReadOptions(file.reading))
            try TableWriter.write(table, rows: chosen, to: path)
        case .query:
            try TableWriter.write(columnsOf: chosen.map { rows.sample.selecting(rows: $0) } ?? rows.sample, to: path)
        }
        return count.found
    }
}
