import CTableKernels
import Numerics

/// Reads one JSON object a line. Keys are columns, in the order of their first appearance; keys of objects within objects are
/// joined by points, `{"a":{"b":1}}` gives `a.b`. A key that is absent and a null are missing values.
enum JSONLinesReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        var survey = FileSurvey(file: file, threadCount: options.threads)
        let text = try file.asText(path: path, survey: &survey, said: options.encoding, known: schema?.encoding, quote: 0)
        var parse = JSONLinesParse(file: text, path: path, survey: survey, threadCount: options.threads)
        try parse.run()
        let (names, nameWarnings) = CSVLayout.uniqueNames(parse.keys.texts)
        var typed = parse.typedColumns(names, TypedColumns(options: options, schema: schema))
        try typed.finish()
        guard !typed.columns.isEmpty else {
            throw TableError(.emptyFile, "the objects have no keys: each needs at least one", path: path)
        }
        let warnings = [survey.encodingWarning(text)].compactMap { $0 } + nameWarnings + typed.warnings
        return Table(
            columns: typed.columns, path: path, reading: TableReading(format: .jsonLines), schema: typed.schema,
            byteCount: file.storedCount,
            fingerprint: survey.fingerprint, warnings: warnings)
    }
}

/// Every line parsed into columns of numbers or of places in the file.
struct JSONLinesParse {
    private static let mostColumns = 20_000
    private static let sampleRows = 1000

    private let file: FileBytes
    private let path: String
    private let survey: FileSurvey
    private let threadCount: Int
    private let start: Int
    private let capacity: Int
    private(set) var keys = TextNumbering()
    private var rowCount = 0
    private var seen: [dk_json_column] = []
    private var buffers = ColumnBuffers()

    init(file: FileBytes, path: String, survey: FileSurvey, threadCount: Int) {
        self.file = file
        self.path = path
        self.survey = survey
        self.threadCount = threadCount
        start = file.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        capacity = survey.counts.newlines + 1
    }

    /// Parses with the keys and kinds that the first rows suggest, then once more what turned out otherwise.
    mutating func run() throws(TableError) {
        try sample()
        let unknown = try pass()
        let wrong = seen.map(\.isNoNumber)
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
    func typedColumns(_ names: [String], _ empty: TypedColumns) -> TypedColumns {
        var typed = empty
        for (index, name) in names.enumerated() {
            let seen = seen[index]
            if seen.has_value == 0, names.contains(where: { $0.hasPrefix(name + ".") }) { continue }
            if seen.kind == DK_COLUMN_SPANS {
                typed.add(
                    spans: buffers.spans[index], of: file, escaping: .backslashes, name: name,
                    hasHighBytes: survey.counts.high_bytes > 0)
            } else {
                typed.add(
                    numbers: buffers.numbers[index], name: name,
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
        let outcome = parse([], in: start..<file.count, rows: min(Self.sampleRows, capacity))
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
        let again = parse(columns, in: start..<outcome.job.next, rows: outcome.job.row)
        withExtendedLifetime(scratch) {}
        for index in seen.indices where again.columns[index].has_text != 0 || again.columns[index].isCode {
            seen[index].kind = Int32(DK_COLUMN_SPANS)
        }
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
        var outcomes =
            parseChunks(columns, survey.counts.blank_lines == 0 ? threadCount : 1)
            ?? parseChunks(columns, 1) ?? []
        if let failed = outcomes.first(where: { $0.job.error != 0 }) { throw error(failed.job) }
        rowCount = outcomes.reduce(0) { $0 + $1.job.row }
        buffers.cut(seen, to: rowCount)
        for outcome in outcomes {
            for index in seen.indices {
                seen[index].has_value |= outcome.columns[index].has_value
                seen[index].note(outcome.columns[index])
            }
        }
        let unknown = outcomes.removeFirst().unknown
        for outcome in outcomes { unknown.add(outcome.unknown) }
        return unknown
    }

    /// One part of the file a thread; nil when lines of white space make rows differ from lines.
    private func parseChunks(_ columns: [dk_json_column], _ threadCount: Int) -> [Outcome]? {
        let chunks = survey.chunkStarts(file, from: start, threadCount: threadCount)
        var outcomes = [Outcome](repeating: Outcome(), count: chunks.count)
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            // SAFETY: each thread writes its own outcome and its own rows of the columns, and is joined before use.
            nonisolated(unsafe) let (outcomes, columns, parse) = (outcomes, columns, self)
            WorkerThreads.run(chunks.count) { index in
                let end = index + 1 < chunks.count ? chunks[index + 1].offset : parse.file.count
                let last = index + 1 < chunks.count ? chunks[index + 1].line : parse.capacity
                outcomes[index] = parse.parse(
                    columns.map { $0.shifted(by: chunks[index].line) }, in: chunks[index].offset..<end,
                    rows: last - chunks[index].line)
            }
        }
        let fits = chunks.indices.dropLast().allSatisfy { index in
            outcomes[index].job.error != 0 || outcomes[index].job.row == chunks[index + 1].line - chunks[index].line
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

    private func error(_ job: dk_json_job) -> TableError {
        let line = file.line(at: job.error_offset)
        var lineStart = job.error_offset
        while lineStart > 0, file.base[lineStart - 1] != 10 { lineStart -= 1 }
        let before = UnsafeBufferPointer(start: file.base + lineStart, count: job.error_offset - lineStart)
        let key = job.error_key == dk_span_missing() ? "" : file.text(job.error_key, escaping: .backslashes)
        let fault = JSONLinesFault(kind: Int(job.error), key: key)
        return TableError(
            fault.code, fault.message, path: path, line: line,
            column: String(decoding: before, as: UTF8.self).unicodeScalars.count + 1)
    }
}
