/// A Parquet file whose values are wanted as they are stored.
struct ParquetSource {
    let file: FileBytes
    let footer: ParquetFooter
    let leaves: [ParquetLeaf]
    /// The columns' names, each once.
    let names: [String]
    private let columns: [ParquetRawColumn]

    init(_ file: FileBytes) throws(TableError) {
        self.file = file
        footer = try ParquetFooter(file.bytes)
        let leaves = try ParquetLeaf.leaves(footer.schema)
        try ParquetReader.check(footer, leaves)
        self.leaves = leaves
        names = CSVLayout.uniqueNames(leaves.map(\.name)).0
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[..<footer.end])
        columns = leaves.map { ParquetRawColumn(bytes, leaf: $0) }
    }

    /// The values of some rows of a row group, counted from the group's first.
    func values(_ group: ParquetFooter.RowGroup, column: Int, rows: [Int]) throws(TableError) -> ParquetRawChunk {
        try columns[column].decode(group.chunks[column], rowCount: group.rowCount).selecting(rows)
    }

    /// The bytes of a part of the file that is known to be there.
    func bytes(_ place: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.bytes[place]) }
}

/// The rows of a Parquet file, a row group at a time.
struct ParquetRows: SourceRows {
    var names: [String] { source.names }
    private let source: ParquetSource
    let texts = SourceTexts.texts
    private(set) var row = 0
    private let valueTexts: [ParquetValueText]
    private var choice: RowChoice
    /// The row group that comes next, and its first row.
    private var group = 0, groupStart = 0
    /// The chosen rows of the row group at hand: their values, and which of them is at hand.
    private var chunks: [ParquetRawChunk] = []
    private var spans: [[UInt64]] = []
    private var rows: [Int] = []
    private var position = -1

    init(_ file: FileBytes, _ choice: RowChoice) throws(TableError) {
        source = try ParquetSource(file)
        valueTexts = source.leaves.map(ParquetValueText.init)
        self.choice = choice
    }

    mutating func next() throws(TableError) -> Bool {
        position += 1
        while position >= rows.count {
            guard group < source.footer.rowGroups.count, choice.row != nil else { return false }
            let next = source.footer.rowGroups[group]
            rows = choice.take(groupStart..<groupStart + next.rowCount)
            let within = rows.map { $0 - groupStart }
            (group, groupStart, position) = (group + 1, groupStart + next.rowCount, 0)
            chunks = []
            guard !rows.isEmpty else { continue }
            for column in names.indices { chunks.append(try source.values(next, column: column, rows: within)) }
            spans = chunks.map(\.rowSpans)
        }
        row = rows[position]
        return true
    }

    func value(_ column: Int) -> SourceValue {
        guard let place = chunks[column].place(spans[column][position]) else { return .missing }
        return valueTexts[column].value(chunks[column].bytes[place])
    }
}
