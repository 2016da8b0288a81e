import CTableKernels
import Numerics

/// Objects parsed into columns of numbers or of places in the file.
struct JSONLinesParse {
    private static let mostColumns = 20_000
    private static let sampleRows = 1000

    private let file: FileBytes
    private let path: String
    private let hasHighBytes: Bool
    private let extent: JSONExtent
    private let capacity: Int
    private let threadCount: Int
    private let options: ReadOptions
    private let schema: TableSchema?
    private(set) var keys = TextNumbering()
    private var rowCount = 0
    /// Where the parser stopped.
    private var next = 0
    /// Whether it stopped because one object follows another on its line.
    private(set) var isRunTogether = false
    private var seen: [dk_json_column] = []
    private var buffers = ColumnBuffers()

    init(_ file: FileBytes, _ extent: JSONExtent, path: String, hasHighBytes: Bool, options: ReadOptions, schema: TableSchema?) {
        self.file = file
        self.path = path
        self.hasHighBytes = hasHighBytes
        self.extent = extent
        self.options = options
        self.schema = schema
        capacity = min(extent.capacity, options.rowLimit ?? .max)
        threadCount = options.rowLimit == nil ? options.threads : 1
    }

    /// Whether records are left that were not wanted.
    var isCut: Bool {
        rowCount == options.rowLimit && next < extent.end && file.bytes[next..<extent.end].contains { $0 > 0x20 && $0 != 0x2c }
    }

    /// Parses with the keys and kinds that the first rows suggest, then once more what turned out otherwise.
    mutating func run() throws(TableError) {
        try sample()
        let unknown = try pass()
        let wrong = seen.indices.map { buffers.isNoNumber($0, seen[$0]) }
        keys.add(unknown)
        guard wrong.contains(true) || keys.count > seen.count else { return }
        let firstPass = seen
        for index in 0..<keys.count {
            let isNew = index >= firstPass.count
            if isNew { addColumn() }
            let needsText = isNew || wrong[index]
            seen[index] = dk_json_column()
            seen[index].kind = Int32(needsText ? DK_COLUMN_SPANS : DK_COLUMN_SKIPPED)
            if needsText { buffers.dropNumbers(index) }
        }
        _ = try pass()
        for index in firstPass.indices where !wrong[index] { seen[index] = firstPass[index] }
    }

    /// What was parsed, as columns. A key that is only ever null, and elsewhere holds an object, is none.
    func typedColumns() throws(TableError) -> TypedColumns {
        let keys = keys.texts
        let kept = keys.indices.filter { index in
            let isNull = seen[index].has_value == 0 && seen[index].list_length == 0
            return !isNull || !keys.contains { $0.hasPrefix(keys[index] + ".") }
        }
        let lists = JSONLists(file: file, options: options, schema: schema)
        let widths = kept.map { lists.width(keys[$0], seen[$0]) }
        try MemoryBudget.check(rowCount: rowCount, columnCount: widths.reduce(0) { $0 + ($1 ?? 1) }, path: path)
        let (names, nameWarnings) = CSVLayout.uniqueNames(
            zip(kept, widths).flatMap { index, width in
                width.map { (1...$0).map { "\(keys[index])_\($0)" } } ?? [keys[index]]
            })
        var typed = TypedColumns(options: options, schema: schema)
        for warning in nameWarnings { typed.add(warning) }
        var place = 0
        for (index, width) in zip(kept, widths) {
            let own = names[place..<place + (width ?? 1)]
            place += width ?? 1
            let seen = seen[index], spans = buffers.spans[index]
            if seen.repeats > 0 {
                let times = seen.repeats == 1 ? "once" : "\(seen.repeats) times"
                typed.add(
                    TableWarning(
                        .repeatedKey, column: own[own.startIndex],
                        "\(keys[index]) stands in a record that has it already, \(times): the last value counts"))
            }
            if width != nil {
                lists.add(numbersOf: spans, key: keys[index], names: own, to: &typed)
            } else if seen.list_length != 0 {
                lists.add(textsOf: spans, name: own[own.startIndex], to: &typed)
            } else if seen.kind == DK_COLUMN_SPANS {
                typed.add(
                    spans: spans, of: file, escaping: .backslashes, name: own[own.startIndex], hasHighBytes: hasHighBytes)
            } else {
                typed.add(
                    numbers: buffers.numbers[index], name: own[own.startIndex],
                    kind: seen.has_fraction == 0 && seen.has_value != 0 ? .integer : .numeric,
                    hasInfinity: seen.has_infinity != 0)
            }
        }
        return typed
    }

    private mutating func addColumn() {
        var column = dk_json_column()
        column.kind = Int32(DK_COLUMN_NUMBERS)
        seen.append(column)
        buffers.add()
    }

    /// Finds the keys of the first rows, and which of them do not hold numbers.
    private mutating func sample() throws(TableError) {
        let outcome = parse([], in: extent.begin..<extent.end, rows: min(Self.sampleRows, capacity))
        if outcome.job.error != 0 { throw error(outcome.job) }
        keys = outcome.unknown
        for _ in 0..<keys.count { addColumn() }
        try checkSize()
        var scratch = seen.map { _ in [Double](repeating: 0, count: outcome.job.row) }
        var columns = withKeys(seen)
        for index in columns.indices {
            // SAFETY: nothing resizes the arrays before the parse below is over.
            columns[index].numbers = scratch[index].withUnsafeMutableBufferPointer { $0.baseAddress }
        }
        let again = parse(columns, in: extent.begin..<outcome.job.next, rows: outcome.job.row)
        withExtendedLifetime(scratch) {}
        let names = keys.texts
        for index in seen.indices {
            let isText = again.columns[index].has_text != 0 || again.columns[index].isCode
            if isText || isSaidText(names[index]) { seen[index].kind = Int32(DK_COLUMN_SPANS) }
        }
    }

    /// Whether a column is known to hold texts, so that numbers in it stay as they are written.
    private func isSaidText(_ name: String) -> Bool {
        TypedColumns(options: options, schema: schema).keepsText(name)
    }

    private func checkSize() throws(TableError) {
        guard keys.count <= Self.mostColumns else {
            throw TableError(
                .tooManyColumns,
                "more than \(Self.mostColumns) different keys: keys should name columns; put what varies into values",
                path: path)
        }
        try MemoryBudget.check(rowCount: capacity, columnCount: keys.count, path: path)
    }

    /// Parses all rows of the columns that are not skipped, and gives the keys that have no column yet.
    private mutating func pass() throws(TableError) -> TextNumbering {
        try checkSize()
        buffers.lend(to: &seen, capacity: capacity)
        let columns = withKeys(seen)
        var outcomes = parseChunks(columns, threadCount) ?? parseChunks(columns, 1) ?? []
        if let failed = outcomes.first(where: { $0.job.error != 0 }) { throw error(failed.job) }
        rowCount = outcomes.reduce(0) { $0 + $1.job.row }
        next = outcomes.last?.job.next ?? 0
        buffers.cut(seen, to: rowCount)
        for outcome in outcomes {
            for index in seen.indices {
                seen[index].noteListsAndRepeats(outcome.columns[index])
                seen[index].note(outcome.columns[index])
            }
        }
        let unknown = outcomes.removeFirst().unknown
        for outcome in outcomes { unknown.add(outcome.unknown) }
        return unknown
    }

    /// One part of the file a thread; nil when lines of white space make rows differ from lines.
    private func parseChunks(_ columns: [dk_json_column], _ threadCount: Int) -> [Outcome]? {
        let chunks = extent.chunks(threadCount)
        var outcomes = [Outcome](repeating: Outcome(), count: chunks.count)
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            // SAFETY: each thread writes its own outcome and its own rows of the columns, and is joined before use.
            nonisolated(unsafe) let (outcomes, columns, parse) = (outcomes, columns, self)
            WorkerThreads.run(chunks.count) { index in
                let end = index + 1 < chunks.count ? chunks[index + 1].offset : parse.extent.end
                let last = index + 1 < chunks.count ? chunks[index + 1].row : parse.capacity
                outcomes[index] = parse.parse(
                    columns.map { $0.shifted(by: chunks[index].row) }, in: chunks[index].offset..<end,
                    rows: last - chunks[index].row)
            }
        }
        let fits = chunks.indices.dropLast().allSatisfy { index in
            outcomes[index].job.error != 0 || outcomes[index].job.row == chunks[index + 1].row - chunks[index].row
        }
        return fits ? outcomes : nil
    }

    private struct Outcome {
        var job = dk_json_job()
        var columns: [dk_json_column] = []
        var unknown = TextNumbering()
    }

    private func parse(_ columns: [dk_json_column], in range: Range<Int>, rows: Int) -> Outcome {
        var outcome = Outcome()
        outcome.columns = columns
        var job = dk_json_job()
        (job.bytes, job.begin, job.end) = (file.base, range.lowerBound, range.upperBound)
        job.spans_lines = extent.spansLines ? 1 : 0
        job.keeps_words = options.keepsTexts || options.missing?.replacesUsual == true ? 1 : 0
        (job.keys, job.unknown) = (keys.interner, outcome.unknown.interner)
        let sliceRows = 1 << 15
        outcome.columns.withUnsafeMutableBufferPointer { columns in
            (job.columns, job.column_count) = (columns.baseAddress, columns.count)
            var before = 0
            repeat {
                before = job.row
                job.row_capacity = min(rows, job.row + sliceRows)
                dk_json_parse(&job)
                file.release(from: job.begin, to: job.next)
                job.begin = job.next
            } while job.error == 0 && job.next < range.upperBound && job.row > before && job.row < rows
        }
        job.columns = nil
        outcome.job = job
        return outcome
    }

    private func withKeys(_ columns: [dk_json_column]) -> [dk_json_column] {
        var columns = columns
        for index in columns.indices {
            let span = dk_interner_span(keys.interner, index)
            columns[index].key = dk_interner_bytes(keys.interner).map { $0 + dk_span_offset(span) }
            columns[index].key_length = dk_span_length(span)
        }
        return columns
    }

    private mutating func error(_ job: dk_json_job) -> TableError {
        isRunTogether = job.error == DK_JSON_TRAILING && file.base[job.error_offset] == UInt8(ascii: "{")
        let line = file.line(at: job.error_offset)
        var lineStart = job.error_offset
        while lineStart > 0, file.base[lineStart - 1] != 10 { lineStart -= 1 }
        let before = UnsafeBufferPointer(start: file.base + lineStart, count: job.error_offset - lineStart)
        let key = job.error_key == dk_span_missing() ? "" : file.text(job.error_key, escaping: .backslashes)
        let fault = JSONLinesFault(kind: Int(job.error), key: key, spansLines: extent.spansLines)
        return TableError(
            fault.code, fault.message, path: path, line: line,
            column: String(decoding: before, as: UTF8.self).unicodeScalars.count + 1)
    }
}

extension dk_json_column {
    /// Adds what another part of the file says about values, lists and keys that come again.
    fileprivate mutating func noteListsAndRepeats(_ part: dk_json_column) {
        has_value |= part.has_value
        repeats += part.repeats
        if list_length == 0 { list_length = part.list_length }
        if part.list_length != 0, part.list_length != list_length { list_length = -1 }
    }
}
