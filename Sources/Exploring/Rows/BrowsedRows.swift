import PrintableText
import Searching
import Synchronization
import Tables

/// A data file or a table that is looked at row by row: where its rows are, found bit by bit, and what was read of them lately.
///
/// Values are shown as the file writes them where it is text. Any number of threads.
public final class BrowsedRows: Sendable {
    public let path: String
    /// The columns, in the file's order.
    public let columns: [RowColumn]
    /// The first rows; of a small file all.
    public let sample: Table
    private let state: Mutex<State>

    private struct State {
        var pieces: TablePieces
        /// Pieces as they were read lately, the newest last.
        var recent: [(piece: Int, table: Table)] = []
    }

    private static let mostRecent = 12

    /// - Throws: as `Table.init(contentsOf:)`.
    public convenience init(path: String, options: ReadOptions = ReadOptions()) throws(TableError) {
        self.init(try TablePieces(path: path, options: options))
    }

    public convenience init(_ table: Table) { self.init(TablePieces(table)) }

    init(_ pieces: TablePieces) {
        (path, sample) = (pieces.path, pieces.sample)
        columns = pieces.sample.columns.map { RowColumn($0) }
        state = Mutex(State(pieces: pieces))
    }

    /// Where the rows are, as far as that was found.
    public var pieces: TablePieces { state.withLock { $0.pieces } }

    /// Finds more rows.
    /// - Throws: what is wrong with a record, with its place.
    public func extend(by bytes: Int = 16 << 20) throws(TableError) {
        var pieces = pieces
        try pieces.extend(by: bytes)
        state.withLock { state in if pieces.count > state.pieces.count || pieces.isComplete { state.pieces = pieces } }
    }

    /// Finds all rows up to one.
    public func extend(toRow row: Int) throws(TableError) {
        // The first rows are wanted at once; those far down take many steps.
        var bytes = 1 << 20
        while case let pieces = pieces, !pieces.isComplete, pieces.rowCount <= row {
            try extend(by: bytes)
            bytes = min(64 << 20, 2 * bytes)
        }
    }

    /// The texts of some rows, in their order: for each the values of some columns; nil = missing.
    ///
    /// - Throws: as `TablePieces.table`.
    public func cells(rows: [Int], columns: [Int]) throws(TableError) -> [[String?]] {
        let pieces = pieces
        var cells = [[String?]](repeating: [], count: rows.count)
        let placed = rows.indices.compactMap { place in pieces.piece(of: rows[place]).map { (piece: $0, place: place) } }
        for (piece, places) in Dictionary(grouping: placed, by: \.piece).sorted(by: { $0.key < $1.key }) {
            let table = try table(piece, pieces), first = pieces.rows(of: piece).lowerBound
            for (_, place) in places {
                let row = rows[place] - first
                cells[place] = columns.map { column in
                    guard table.columns.indices.contains(column), row < table.rowCount else { return nil }
                    return table.columns[column].text(at: row)
                }
            }
        }
        return cells
    }

    /// What stands in the file for every row of some columns, column by column; nil where it is not text that is read in pieces.
    ///
    /// - Throws: as `extend` and `TablePieces.table`.
    public func written(columns: [Int]) throws(TableError) -> [[String?]]? {
        while !pieces.isComplete { try extend() }
        let pieces = pieces
        guard !pieces.isInMemory else { return nil }
        var texts = [[String?]](repeating: [], count: columns.count)
        for piece in 0..<pieces.count {
            let table = try pieces.table(piece, asWritten: true)
            for (place, column) in columns.enumerated() {
                texts[place] += (0..<table.rowCount).map { table.columns[column].text(at: $0) }
            }
        }
        return texts
    }

    /// Some rows with their typed values, in their order: each a table that holds it and its place there; nil where it was not found.
    ///
    /// - Throws: as `TablePieces.table`.
    public func tables(ofRows rows: [Int]) throws(TableError) -> [(table: Table, row: Int)?] {
        let pieces = pieces
        var found = [(table: Table, row: Int)?](repeating: nil, count: rows.count)
        let placed = rows.indices.compactMap { place in pieces.piece(of: rows[place]).map { (piece: $0, place: place) } }
        for (piece, places) in Dictionary(grouping: placed, by: \.piece) {
            let table = try pieces.table(piece), first = pieces.rows(of: piece).lowerBound
            for (_, place) in places where rows[place] - first < table.rowCount { found[place] = (table, rows[place] - first) }
        }
        return found
    }

    /// A piece as it is written, from what was read lately or from the file.
    private func table(_ piece: Int, _ pieces: TablePieces) throws(TableError) -> Table {
        if pieces.isInMemory { return sample }
        if let known = state.withLock({ $0.recent.first { $0.piece == piece } }) { return known.table }
        let table = try pieces.table(piece, asWritten: true)
        state.withLock { state in
            state.recent.append((piece, table))
            if state.recent.count > Self.mostRecent { state.recent.removeFirst() }
        }
        return table
    }
}
