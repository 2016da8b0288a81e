import CTableKernels
import Numerics

/// Reads delimited text into a table: one pass counts and hashes, one parses, text is numbered last.
enum CSVReader {
    static func read(
        _ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?
    ) throws(TableError) -> Table {
        var survey = FileSurvey(file: file, threadCount: options.threads)
        let text = try file.asText(
            path: path, survey: &survey, said: options.encoding, known: schema?.encoding, quote: options.quoteByte)
        let layout = try CSVLayout(file: text, path: path, options: options, schema: schema)
        let warning = [survey.encodingWarning(text)].compactMap { $0 }
        do throws(TableError) {
            let parse = try parsed(text, survey, layout, path: path, options)
            guard parse.rowsOverLines, let bare = withoutQuotes(text, survey, path: path, options, schema) else {
                return try table(parse, text, options, schema, warning)
            }
            return try table(bare, text, options, schema, warning + [quotesOff])
        } catch {
            // A quote that opens nothing, or something within it: perhaps quotes are characters like others here.
            guard [.openQuote, .textAfterQuote, .fieldCount].contains(error.code),
                let bare = withoutQuotes(text, survey, path: path, options, schema)
            else { throw error }
            return try table(bare, text, options, schema, warning + [quotesOff])
        }
    }

    private static let quotesOff = TableWarning(
        .quotesOff,
        "quotes are taken for characters like others, as every line has the same number of fields only so: --quote '\"' says otherwise"
    )

    /// How many lines have to bear out that quotes are no marks.
    private static let leastLines = 5

    /// The records when quotes are no marks; nil when not every line is a record then.
    private static func withoutQuotes(
        _ file: FileBytes, _ survey: FileSurvey, path: String, _ options: ReadOptions, _ schema: TableSchema?
    ) -> CSVParse? {
        guard survey.counts.quotes > 0, options.quote == nil else { return nil }
        var options = options
        options.quote = ReadOptions.Mark.none
        do throws(TableError) {
            let layout = try CSVLayout(file: file, path: path, options: options, schema: schema)
            guard layout.fieldCount > 1, layout.dialect.delimiter != UInt8(ascii: " ") else { return nil }
            var lines = 0, fitting = 0
            dk_csv_lines(
                file.base, layout.dataStart, layout.dataEnd, layout.dialect.delimiter, layout.fieldCount - 1, &lines, &fitting)
            guard lines == fitting, lines >= leastLines else { return nil }
            return try parsed(file, survey, layout, path: path, options)
        } catch { return nil }
    }

    private static func parsed(
        _ file: FileBytes, _ survey: FileSurvey, _ layout: CSVLayout, path: String, _ options: ReadOptions
    ) throws(TableError) -> CSVParse {
        var parse = CSVParse(file: file, path: path, layout: layout, survey: survey, options: options)
        try parse.run()
        return parse
    }

    private static func table(
        _ parse: CSVParse, _ file: FileBytes, _ options: ReadOptions, _ schema: TableSchema?, _ before: [TableWarning]
    ) throws(TableError) -> Table {
        try parse.table(TypedColumns(options: options, schema: schema), path: parse.path, storedCount: file.storedCount, before)
    }

    /// The records of a part of a file, whose layout is known.
    static func table(
        _ file: FileBytes, _ layout: CSVLayout, path: String, options: ReadOptions, schema: TableSchema?
    ) throws(TableError) -> Table {
        let survey = FileSurvey(file: file, threadCount: 1)
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(file, path) }
        return try table(try parsed(file, survey, layout, path: path, options), file, options, schema, [])
    }
}

/// Every record parsed into columns of numbers or of places in the file.
struct CSVParse {
    let file: FileBytes
    let path: String
    let layout: CSVLayout
    let survey: FileSurvey
    private let threadCount: Int, rowLimit: Int?, onlyEmpty: Bool
    private(set) var rowCount = 0
    /// Lines left out: the header once more, and comments.
    private var headers = 0, comments = 0
    /// Whether the last record that was wanted is not the file's last.
    private var isCut = false
    /// What the kernel saw of each column.
    private(set) var seen: [dk_csv_column]
    private var buffers = ColumnBuffers()
    private let capacity: Int

    init(file: FileBytes, path: String, layout: CSVLayout, survey: FileSurvey, options: ReadOptions) {
        self.file = file
        self.path = path
        self.layout = layout
        self.survey = survey
        rowLimit = options.rowLimit
        threadCount = rowLimit == nil ? options.threads : 1
        onlyEmpty = options.missing?.replacesUsual == true
        capacity = min(rowLimit ?? Int.max, survey.counts.newlines + 1)
        seen = zip(layout.startsNumeric, layout.points).map { startsNumeric, point in
            var column = dk_csv_column()
            column.kind = Int32(startsNumeric ? DK_COLUMN_NUMBERS : DK_COLUMN_SPANS)
            column.point = point
            return column
        }
        for _ in seen { buffers.add() }
    }

    /// Whether records go over several lines.
    var rowsOverLines: Bool {
        survey.counts.quotes > 0 && rowLimit == nil && layout.fieldCount > 1
            && rowCount < dk_newlines(file.base + layout.dataStart, layout.dataEnd - layout.dataStart) - survey.counts.blank_lines
                - headers - comments
    }

    /// What was parsed, as a table.
    func table(
        _ empty: TypedColumns, path: String, storedCount: Int, _ before: [TableWarning]
    ) throws(TableError) -> Table {
        var typed = try typedColumns(empty)
        try typed.finish()
        var warnings = before + layout.warnings + typed.warnings
        if rowCount == 0 { warnings.append(TableWarning(.noRows, "the file has a header and no records")) }
        if headers > 0 {
            warnings.append(
                TableWarning(
                    .skippedLines,
                    "the header comes again \(headers) \(headers == 1 ? "time" : "times"): those lines are left out"))
        }
        var reading = TableReading(
            delimiter: Character(Unicode.Scalar(layout.dialect.delimiter)),
            quote: layout.dialect.quote == 0 ? nil : Character(Unicode.Scalar(layout.dialect.quote)), hasHeader: layout.hasHeader)
        reading.isHeaderUnsure = layout.isHeaderUnsure
        reading.encoding = file.encoding
        let hasCommas = typed.schema.columns.contains { $0.numbers?.decimal == "," }
        reading.decimal = hasCommas || layout.points.contains(UInt8(ascii: ",")) ? "," : "."
        (reading.skippedAbove, reading.skippedBelow, reading.unitLines) = (
            layout.skippedAbove, layout.skippedBelow, layout.unitLines
        )
        (reading.repeatedHeaders, reading.comments, reading.isCut) = (headers, comments, isCut)
        reading.misfits = typed.misfits
        reading.records = CSVRecordPlaces(layout)
        var schema = typed.schema
        schema.encoding = file.encoding
        schema.comment = layout.comment == 0 ? nil : String(Unicode.Scalar(layout.comment))
        return Table(
            columns: typed.columns, path: path, reading: reading, schema: schema, byteCount: storedCount,
            fingerprint: survey.fingerprint, warnings: warnings)
    }

    /// Parses all columns, then once more those that turned out not to be numbers.
    mutating func run() throws(TableError) {
        try pass(seen)
        let wrong = seen.indices.map { buffers.isNoNumber($0, seen[$0]) }
        guard wrong.contains(true) else { return }
        let firstPass = seen
        var again = seen
        for index in wrong.indices {
            again[index] = dk_csv_column()
            again[index].point = firstPass[index].point
            again[index].kind = Int32(wrong[index] ? DK_COLUMN_SPANS : DK_COLUMN_SKIPPED)
            if wrong[index] { buffers.dropNumbers(index) }
        }
        try pass(again)
        for index in wrong.indices where !wrong[index] { seen[index] = firstPass[index] }
    }

    private func typedColumns(_ empty: TypedColumns) throws(TableError) -> TypedColumns {
        var typed = empty
        for index in 0..<layout.fieldCount {
            let seen = seen[index]
            if index >= layout.names.count {
                // The last field looked always empty; where it is not after all, it is a column.
                guard buffers.spans[index].contains(where: { $0 != dk_span_missing() }) else { continue }
            }
            let name = index < layout.names.count ? layout.names[index] : "column_\(index + 1)"
            if seen.kind == DK_COLUMN_SPANS {
                typed.add(
                    spans: buffers.spans[index], of: file, escaping: .doubled(layout.dialect.quote), name: name,
                    hasHighBytes: survey.counts.high_bytes > 0)
            } else {
                let isInteger = seen.has_fraction == 0 && seen.missing < rowCount
                typed.add(
                    numbers: buffers.numbers[index], name: name, kind: isInteger ? .integer : .numeric,
                    hasInfinity: seen.has_infinity != 0, decimal: seen.has_fraction == 0 ? nil : layout.points[index])
            }
        }
        return typed
    }

    private mutating func pass(_ columns: [dk_csv_column]) throws(TableError) {
        var columns = columns
        buffers.lend(to: &columns, capacity: capacity)
        // One chunk in all when quotes, blank lines or lines that are left out make line counts differ from record counts.
        var outcomes = parseChunks(columns, chunkStarts(isParallel: true))
        if outcomes.dropLast().contains(where: { !$0.isWhole }), !outcomes.contains(where: { $0.job.error != 0 }) {
            outcomes = parseChunks(columns, chunkStarts(isParallel: false))
        }
        for outcome in outcomes where outcome.job.error != 0 { throw error(outcome.job) }
        rowCount = outcomes.reduce(0) { $0 + $1.rowCount }
        headers = outcomes.reduce(0) { $0 + $1.job.headers }
        comments = outcomes.reduce(0) { $0 + $1.job.comments }
        isCut = rowCount == rowLimit && (outcomes.last?.job.next ?? 0) < layout.dataEnd
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
        /// Whether it has a record a line.
        var isWhole = true
    }

    /// One chunk a thread.
    private func parseChunks(_ columns: [dk_csv_column], _ chunks: [(offset: Int, line: Int)]) -> [Outcome] {
        var outcomes = [Outcome](repeating: Outcome(), count: chunks.count)
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            // SAFETY: each thread writes its own outcome and its own rows of the columns, and is joined before use.
            nonisolated(unsafe) let (outcomes, columns, parse) = (outcomes, columns, self)
            WorkerThreads.run(chunks.count) { index in
                let isLast = index + 1 == chunks.count
                let end = isLast ? parse.layout.dataEnd : chunks[index + 1].offset
                outcomes[index] = parse.parse(columns, from: chunks[index].offset, to: end, firstRow: chunks[index].line)
                outcomes[index].isWhole = isLast || outcomes[index].rowCount == chunks[index + 1].line - chunks[index].line
            }
        }
        return Array(outcomes)
    }

    private func chunkStarts(isParallel: Bool) -> [(offset: Int, line: Int)] {
        let isOneRecordALine = survey.counts.quotes == 0 && survey.counts.blank_lines == 0
        return survey.chunkStarts(file, from: layout.dataStart, threadCount: isParallel && isOneRecordALine ? threadCount : 1)
    }

    private func parse(_ columns: [dk_csv_column], from begin: Int, to end: Int, firstRow: Int) -> Outcome {
        var outcome = Outcome()
        outcome.columns = columns.map { $0.shifted(by: firstRow) }
        var job = dk_csv_job()
        (job.bytes, job.begin, job.end, job.dialect) = (file.base, begin, end, layout.dialect.kernel)
        (job.comment, job.only_empty) = (layout.comment, onlyEmpty ? 1 : 0)
        let sliceRows = 1 << 15
        let header = layout.repeatedHeader
        outcome.columns.withUnsafeMutableBufferPointer { columns in
            header.withUnsafeBufferPointer { header in
                (job.columns, job.column_count) = (columns.baseAddress, columns.count)
                (job.header, job.header_length) = (header.baseAddress, header.count)
                repeat {
                    job.row_capacity = min(sliceRows, capacity - firstRow - outcome.rowCount)
                    dk_csv_parse(&job)
                    outcome.rowCount += job.rows
                    for index in columns.indices { columns[index] = columns[index].shifted(by: job.rows) }
                    file.release(from: job.begin, to: job.next)
                    job.begin = job.next
                } while job.error == 0 && job.next < end && job.rows > 0
            }
        }
        (job.columns, job.header) = (nil, nil)
        outcome.job = job
        return outcome
    }

    private func error(_ job: dk_csv_job) -> TableError {
        CSVFault(kind: Int(job.error), field: job.error_field, expected: layout.fieldCount, found: job.error_found)
            .error(path: path, line: file.line(at: job.error_offset))
    }
}
