import CTableKernels

/// The records of a JSON Lines file, parsed some at a time; what lies in objects within objects has names joined by points.
struct JSONLinesRows: SourceRows {
    private(set) var names: [String] = []
    let texts = SourceTexts.texts
    private(set) var row = 0
    private let file: FileBytes
    private let keys: TextNumbering
    /// The key of each column.
    private var keyOfColumn: [Int] = []
    private var choice: RowChoice
    /// The records parsed last: their first one's number, their number, the values of a key one behind the other.
    private var first = 0, count = 0
    private var spans: [[dk_span]]
    private var offset: Int

    private static let mostCells = 1 << 18

    init(_ source: SourceFile, _ choice: RowChoice) throws(TableError) {
        (file, self.choice) = (try source.text().text, choice)
        offset = JSONOpening.textStart(file.bytes)
        keys = try Self.keys(file, from: offset, path: source.path)
        spans = [[dk_span]](repeating: [], count: keys.count)
        // A key that is only ever null, and elsewhere holds an object, is no column.
        let known = Set(source.names)
        for (key, name) in CSVLayout.uniqueNames(keys.texts).0.enumerated() where known.contains(name) {
            names.append(name)
            keyOfColumn.append(key)
        }
    }

    /// All keys, in the order of their first appearance.
    private static func keys(_ file: FileBytes, from start: Int, path: String) throws(TableError) -> TextNumbering {
        let none = TextNumbering(), keys = TextNumbering()
        var job = dk_json_job()
        (job.bytes, job.begin, job.end) = (file.base, start, file.count)
        (job.keys, job.unknown) = (none.interner, keys.interner)
        job.row_capacity = .max
        withExtendedLifetime(none) { dk_json_parse(&job) }
        guard job.error == 0 else { throw .changed(path) }
        return keys
    }

    mutating func next() throws(TableError) -> Bool {
        guard let wanted = choice.row else { return false }
        while wanted >= first + count {
            first += count
            parse()
            guard count > 0 else { return false }
        }
        row = wanted
        choice.advance()
        return true
    }

    func value(_ column: Int) -> SourceValue {
        let span = spans[keyOfColumn[column]][row - first]
        guard span != dk_span_missing() else { return .missing }
        let text = file.text(span, escaping: .backslashes)
        let before = file.base[dk_span_offset(span) - 1]
        if before == UInt8(ascii: "\"") { return .text(text) }
        return text == "true" ? .truth(true) : text == "false" ? .truth(false) : .number(text)
    }

    /// Parses the next records.
    private mutating func parse() {
        let most = max(64, Self.mostCells / max(1, keys.count))
        var columns = (0..<keys.count).map { key in
            var column = dk_json_column()
            column.kind = Int32(DK_COLUMN_SPANS)
            let bytes = keys.bytes(of: key)
            (column.key, column.key_length) = (bytes.baseAddress, bytes.count)
            spans[key] = .uninitialized(most)
            // SAFETY: nothing resizes the arrays before the parse below is over.
            column.spans = spans[key].withUnsafeMutableBufferPointer { $0.baseAddress }
            return column
        }
        let unknown = TextNumbering()
        var job = dk_json_job()
        (job.bytes, job.begin, job.end) = (file.base, offset, file.count)
        (job.keys, job.unknown) = (keys.interner, unknown.interner)
        job.row_capacity = most
        job.keeps_words = 1
        columns.withUnsafeMutableBufferPointer { columns in
            (job.columns, job.column_count) = (columns.baseAddress, columns.count)
            withExtendedLifetime(unknown) { dk_json_parse(&job) }
        }
        count = job.error == 0 ? job.row : 0
        file.release(from: offset, to: job.next)
        offset = job.next
    }
}
