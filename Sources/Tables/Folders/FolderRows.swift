/// The rows of a table of several files, one file after another, every value in its own file's words.
struct FolderRows: SourceRows {
    let names: [String]
    let texts: SourceTexts
    private(set) var row = 0
    private let table: Table
    private var choice: RowChoice
    /// The file that comes next, and its first row.
    private var piece = 0, start = 0
    private var current: Current?

    /// The file at hand.
    private struct Current {
        var rows: any SourceRows
        let start: Int
        /// Where each of the table's columns is in the file.
        let places: [Int?]
        let partitions: [String?]
    }

    init(_ table: Table, _ choice: RowChoice) {
        (self.table, self.choice) = (table, choice)
        names = table.columns.map(\.name)
        texts = table.format == .jsonLines || table.format == .parquet ? .texts : .anything
    }

    private var pieces: [FilePiece] { table.reading.files }

    mutating func next() throws(TableError) -> Bool {
        while true {
            if try current?.rows.next() == true {
                row = (current?.start ?? 0) + (current?.rows.row ?? 0)
                return true
            }
            guard let (piece, start, rows) = nextPiece() else { return false }
            let source = SourceFile(piece)
            let own = try source.rows(RowChoice(rows, of: piece.rowCount))
            // Delimited text has no other names than the table's; other formats say theirs.
            let found = Dictionary(zip(own.names, own.names.indices), uniquingKeysWith: { first, _ in first })
            current = Current(
                rows: own, start: start, places: names.map { found[$0] }, partitions: names.map { piece.partitions[$0] })
        }
    }

    /// The next file with chosen rows, its first row's number, and those rows' numbers within it.
    ///
    /// - Parameter orFirst: the first file comes even without rows, for its header.
    private mutating func nextPiece(orFirst: Bool = false) -> (FilePiece, Int, [Int])? {
        while piece < pieces.count {
            let (next, first) = (pieces[piece], start)
            (piece, start) = (piece + 1, start + next.rowCount)
            let rows = choice.take(first..<start).map { $0 - first }
            if !rows.isEmpty || orFirst && piece == 1 { return (next, first, rows) }
        }
        return nil
    }

    func value(_ column: Int) -> SourceValue {
        guard let current else { return .missing }
        if let place = current.places[column] { return current.rows.value(place) }
        return current.partitions[column].map { .text($0) } ?? .missing
    }

    // MARK: - Records as they are

    /// Whether the records can be written as they stand in their files, one file behind the other.
    func canCopy(as layout: RowFormat.Layout, adding columns: [AddedColumn]) -> Bool {
        guard layout == RowFormat.own(table), let first = pieces.first else { return false }
        // What a folder's name does not say is a missing value, which an added text cannot be.
        let keys = Set(pieces.flatMap(\.partitions.keys))
        if layout == .jsonLines { return pieces.allSatisfy { keys.isSubset(of: $0.partitions.keys) } }
        guard case .delimited = layout, let places = first.reading.records else { return false }
        let isBare = !table.hasHeader
        return pieces.allSatisfy { piece in
            // What is added may not be there in every file's encoding.
            piece.reading.encoding == nil && piece.names == first.names && piece.reading.delimiter == first.reading.delimiter
                && piece.reading.records?.dialect == places.dialect && piece.reading.records?.fieldCount == places.fieldCount
        } && (isBare || first.reading.hasHeader)
    }

    /// Writes the chosen records with columns behind them: first those that folders' names make.
    func copy(adding columns: [AddedColumn], to output: RowOutput) throws(TableError) {
        var left = self, written = 0, isFirst = true
        let own = Set(pieces.flatMap(\.names)), made = names.filter { !own.contains($0) }
        while let (piece, _, rows) = left.nextPiece(orFirst: table.format == .csv) {
            let partitions = made.map { name in
                AddedColumn(name: name, values: [String](repeating: piece.partitions[name] ?? "", count: rows.count))
            }
            let all = partitions + columns.map { $0.slice(written..<written + rows.count) }
            let source = SourceFile(piece), choice = RowChoice(rows, of: piece.rowCount)
            if table.format == .csv {
                try CSVRows(source, choice).copy(adding: all, isFirst: isFirst, to: output)
            } else {
                // Added names are to be other than those of all files.
                let names = self.names.filter { !made.contains($0) }
                try JSONLinesCopy(source, names: names, choice, adding: all).write(
                    to: output, asList: false)
            }
            (written, isFirst) = (written + rows.count, false)
        }
    }
}
