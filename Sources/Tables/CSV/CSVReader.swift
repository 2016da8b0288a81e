import CTableKernels
import Numerics

/// Reads delimited text into a table: one pass counts and hashes, one parses, text is numbered last.
enum CSVReader {
    static func read(
        _ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?
    ) throws(TableError) -> Table {
        let survey = try survey(file, path: path, options: options)
        var layout = try CSVLayout(file: file, path: path, options: options)
        if let warning = survey.encodingWarning(file) { layout.warnings.append(warning) }
        return try table(file, survey, layout, path: path, options: options, schema: schema)
    }

    /// A first look at every byte.
    static func survey(_ file: FileBytes, path: String, options: ReadOptions) throws(TableError) -> FileSurvey {
        let survey = FileSurvey(file: file, threadCount: options.threads)
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(file, path) }
        return survey
    }

    /// The records from where the layout says they begin.
    static func table(
        _ file: FileBytes, _ survey: FileSurvey, _ layout: CSVLayout, path: String, options: ReadOptions, schema: TableSchema?
    ) throws(TableError) -> Table {
        var parse = CSVParse(file: file, path: path, layout: layout, survey: survey, threadCount: options.threads)
        try parse.run()
        let finished = parse.typedColumns(TypedColumns(options: options, schema: schema))
        var warnings = layout.warnings + finished.warnings
        if parse.rowCount == 0 {
            warnings.append(TableWarning(.noRows, "the file has a header and no records"))
        }
        return Table(
            columns: finished.columns, path: path,
            reading: TableReading(delimiter: Character(Unicode.Scalar(layout.delimiter)), hasHeader: layout.hasHeader),
            schema: finished.schema, byteCount: file.storedCount, fingerprint: survey.fingerprint, warnings: warnings)
    }
}

/// Every record parsed into columns of numbers or of places in the file.
struct CSVParse {
    let file: FileBytes
    let path: String
    let layout: CSVLayout
    let survey: FileSurvey
    let threadCount: Int
    private(set) var rowCount = 0
    /// What the kernel saw of each column.
    private(set) var seen: [dk_csv_column]
    private var buffers = ColumnBuffers()
    private let capacity: Int

    init(file: FileBytes, path: String, layout: CSVLayout, survey: FileSurvey, threadCount: Int) {
        self.file = file
        self.path = path
        self.layout = layout
        self.survey = survey
        self.threadCount = threadCount
        capacity = survey.counts.newlines + 1
        seen = layout.startsNumeric.map { startsNumeric in
            var column = dk_csv_column()
            column.kind = Int32(startsNumeric ? DK_COLUMN_NUMBERS : DK_COLUMN_SPANS)
            return column
        }
        for _ in seen { buffers.add() }
    }

    /// Parses all columns, then once more those that turned out not to be numbers.
    mutating func run() throws(TableError) {
        try pass(seen)
        let wrong = seen.map(\.isNoNumber)
        guard wrong.contains(true) else { return }
        let firstPass = seen
        var again = seen
        for index in wrong.indices {
            again[index] = dk_csv_column()
            again[index].kind = Int32(wrong[index] ? DK_COLUMN_SPANS : DK_COLUMN_SKIPPED)
            if wrong[index] { buffers.dropNumbers(index) }
        }
        try pass(again)
        for index in wrong.indices where !wrong[index] { seen[index] = firstPass[index] }
    }

    /// What was parsed, as columns.
    func typedColumns(_ empty: TypedColumns) -> TypedColumns {
        var typed = empty
        for (index, name) in layout.names.enumerated() {
            let seen = seen[index]
            if seen.kind == DK_COLUMN_SPANS {
                typed.add(
                    spans: buffers.spans[index], of: file, escaping: .doubledQuotes, name: name,
                    hasHighBytes: survey.counts.high_bytes > 0)
            } else {
                let isInteger = seen.has_fraction == 0 && seen.missing < rowCount
                typed.add(
                    numbers: buffers.numbers[index], name: name, kind: isInteger ? .integer : .numeric,
                    hasInfinity: seen.has_infinity != 0)
            }
        }
        return typed
    }

    private mutating func pass(_ columns: [dk_csv_column]) throws(TableError) {
        var columns = columns
        buffers.lend(to: &columns, capacity: capacity)
        let outcomes = parseChunks(columns)
        for outcome in outcomes where outcome.job.error != 0 { throw error(outcome.job) }
        rowCount = outcomes.reduce(0) { $0 + $1.rowCount }
        buffers.cut(columns, to: rowCount)
        for outcome in outcomes {
            for index in columns.indices {
                columns[index].missing += outcome.columns[index].missing
                columns[index].note(outcome.columns[index])
            }
        }
        seen = columns
    }

    private struct Outcome {
        var job = dk_csv_job()
        var columns: [dk_csv_column] = []
        var rowCount = 0
    }

    /// One chunk a thread; one in all when quotes or blank lines make line counts differ from record counts.
    private func parseChunks(_ columns: [dk_csv_column]) -> [Outcome] {
        let chunks = chunkStarts()
        var outcomes = [Outcome](repeating: Outcome(), count: chunks.count)
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            // SAFETY: each thread writes its own outcome and its own rows of the columns, and is joined before use.
            nonisolated(unsafe) let (outcomes, columns, parse) = (outcomes, columns, self)
            WorkerThreads.run(chunks.count) { index in
                let end = index + 1 < chunks.count ? chunks[index + 1].offset : parse.file.endWithoutBlankLines
                outcomes[index] = parse.parse(columns, from: chunks[index].offset, to: end, firstRow: chunks[index].line)
            }
        }
        return Array(outcomes)
    }

    private func chunkStarts() -> [(offset: Int, line: Int)] {
        let isOneRecordALine = survey.counts.quotes == 0 && survey.counts.blank_lines == 0
        return survey.chunkStarts(file, from: layout.dataStart, threadCount: isOneRecordALine ? threadCount : 1)
    }

    private func parse(_ columns: [dk_csv_column], from begin: Int, to end: Int, firstRow: Int) -> Outcome {
        var outcome = Outcome()
        outcome.columns = columns.map { $0.shifted(by: firstRow) }
        var job = dk_csv_job()
        (job.bytes, job.begin, job.end, job.delimiter) = (file.base, begin, end, layout.delimiter)
        let sliceRows = 1 << 15
        outcome.columns.withUnsafeMutableBufferPointer { columns in
            (job.columns, job.column_count) = (columns.baseAddress, columns.count)
            repeat {
                job.row_capacity = min(sliceRows, capacity - firstRow - outcome.rowCount)
                dk_csv_parse(&job)
                outcome.rowCount += job.rows
                for index in columns.indices { columns[index] = columns[index].shifted(by: job.rows) }
                file.release(from: job.begin, to: job.next)
                job.begin = job.next
            } while job.error == 0 && job.next < end && job.rows > 0
        }
        job.columns = nil
        outcome.job = job
        return outcome
    }

    private func error(_ job: dk_csv_job) -> TableError {
        CSVFault(kind: Int(job.error), field: job.error_field, expected: layout.names.count, found: job.error_found)
            .error(path: path, line: file.line(at: job.error_offset))
    }
}
