import CTableKernels
import Numerics

/// Reads delimited text into a table: one pass counts and hashes, one parses, text is numbered last.
enum CSVReader {
    static func read(_ file: FileBytes, path: String, options: CSVOptions) throws(TableError) -> Table {
        let survey = try survey(file, path: path, options: options)
        var layout = try CSVLayout(file: file, path: path, options: options)
        if let warning = survey.encodingWarning(file) { layout.warnings.append(warning) }
        return try table(file, survey, layout, path: path, threadCount: options.threads)
    }

    /// A first look at every byte.
    static func survey(_ file: FileBytes, path: String, options: CSVOptions) throws(TableError) -> FileSurvey {
        let survey = FileSurvey(file: file, threadCount: options.threads)
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(file, path) }
        return survey
    }

    /// The records from where the layout says they begin.
    static func table(
        _ file: FileBytes, _ survey: FileSurvey, _ layout: CSVLayout, path: String, threadCount: Int
    ) throws(TableError) -> Table {
        var parse = CSVParse(file: file, path: path, layout: layout, survey: survey, threadCount: threadCount)
        try parse.run()
        let finished = parse.typedColumns()
        var warnings = layout.warnings + finished.warnings
        if parse.rowCount == 0 {
            warnings.append(TableWarning(.noRows, "the file has a header and no records"))
        }
        return Table(
            columns: finished.columns, path: path, delimiter: Character(Unicode.Scalar(layout.delimiter)),
            hasHeader: layout.hasHeader, byteCount: file.storedCount, fingerprint: survey.fingerprint, warnings: warnings)
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
    /// Values of columns of numbers; empty for the others.
    private(set) var numbers: [[Double]]
    /// Places of the fields of the other columns.
    private(set) var spans: [[dk_span]]
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
        numbers = seen.map { _ in [] }
        spans = seen.map { _ in [] }
    }

    /// Parses all columns, then once more those that turned out not to be numbers.
    mutating func run() throws(TableError) {
        try pass(seen)
        let wrong = seen.map { $0.kind == DK_COLUMN_NUMBERS && ($0.has_text != 0 || isCode($0)) }
        guard wrong.contains(true) else { return }
        let firstPass = seen
        var again = seen
        for index in wrong.indices {
            again[index] = dk_csv_column()
            again[index].kind = Int32(wrong[index] ? DK_COLUMN_SPANS : DK_COLUMN_SKIPPED)
            if wrong[index] { numbers[index] = [] }
        }
        try pass(again)
        for index in wrong.indices where !wrong[index] { seen[index] = firstPass[index] }
    }

    /// What was parsed, as columns.
    func typedColumns() -> TypedColumns {
        var typed = TypedColumns()
        for (index, name) in layout.names.enumerated() {
            let seen = seen[index]
            if seen.kind == DK_COLUMN_SPANS {
                typed.add(
                    spans: spans[index], of: file, escaping: .doubledQuotes, name: name,
                    hasHighBytes: survey.counts.high_bytes > 0)
            } else {
                let isInteger = seen.has_fraction == 0 && seen.missing < rowCount
                typed.add(
                    numbers: numbers[index], name: name, kind: isInteger ? .integer : .numeric,
                    hasInfinity: seen.has_infinity != 0)
            }
        }
        return typed
    }

    /// Whole numbers written with leading zeros are codes, and the zeros belong to them.
    private func isCode(_ column: dk_csv_column) -> Bool { column.has_leading_zero != 0 && column.has_fraction == 0 }

    private mutating func pass(_ columns: [dk_csv_column]) throws(TableError) {
        var columns = columns
        for index in columns.indices {
            // SAFETY: the arrays are this struct's only copies and nothing resizes them until every thread is joined, so the
            // addresses hold. Every row up to the parsed count is written; the rest is cut off below.
            if columns[index].kind == DK_COLUMN_NUMBERS {
                numbers[index] = .uninitialized(capacity)
                columns[index].numbers = numbers[index].withUnsafeMutableBufferPointer { $0.baseAddress }
            } else if columns[index].kind == DK_COLUMN_SPANS {
                spans[index] = .uninitialized(capacity)
                columns[index].spans = spans[index].withUnsafeMutableBufferPointer { $0.baseAddress }
            }
        }
        let outcomes = parseChunks(columns)
        for outcome in outcomes where outcome.job.error != 0 { throw error(outcome.job) }
        rowCount = outcomes.reduce(0) { $0 + $1.rowCount }
        for index in columns.indices {
            if columns[index].kind == DK_COLUMN_NUMBERS { numbers[index].removeLast(capacity - rowCount) }
            if columns[index].kind == DK_COLUMN_SPANS { spans[index].removeLast(capacity - rowCount) }
            for outcome in outcomes {
                columns[index].missing += outcome.columns[index].missing
                columns[index].has_fraction |= outcome.columns[index].has_fraction
                columns[index].has_infinity |= outcome.columns[index].has_infinity
                columns[index].has_text |= outcome.columns[index].has_text
                columns[index].has_leading_zero |= outcome.columns[index].has_leading_zero
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
        outcome.columns = columns
        for index in columns.indices {
            outcome.columns[index].numbers = columns[index].numbers.map { $0 + firstRow }
            outcome.columns[index].spans = columns[index].spans.map { $0 + firstRow }
        }
        var job = dk_csv_job()
        (job.bytes, job.begin, job.end, job.delimiter) = (file.base, begin, end, layout.delimiter)
        let sliceRows = 1 << 15
        outcome.columns.withUnsafeMutableBufferPointer { columns in
            (job.columns, job.column_count) = (columns.baseAddress, columns.count)
            repeat {
                job.row_capacity = min(sliceRows, capacity - firstRow - outcome.rowCount)
                dk_csv_parse(&job)
                outcome.rowCount += job.rows
                for index in columns.indices {
                    columns[index].numbers = columns[index].numbers.map { $0 + job.rows }
                    columns[index].spans = columns[index].spans.map { $0 + job.rows }
                }
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
