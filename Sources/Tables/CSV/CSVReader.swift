import CTableKernels
import Glibc
import Numerics

/// Reads delimited text into a table: one pass counts and hashes, one parses, text is numbered last.
enum CSVReader {
    static func read(path: String, options: CSVOptions) throws(TableError) -> Table {
        let file = try FileBytes(path: path)
        let survey = try survey(file, path: path, options: options)
        var layout = try CSVLayout(file: file, path: path, options: options)
        if let warning = encodingWarning(file, survey) { layout.warnings.append(warning) }
        return try table(file, survey, layout, path: path, threadCount: options.threads)
    }

    /// A first look at every byte.
    static func survey(_ file: FileBytes, path: String, options: CSVOptions) throws(TableError) -> FileSurvey {
        let survey = FileSurvey(file: file, threadCount: options.threads)
        if survey.counts.nuls > 0 { throw nulError(file, path) }
        return survey
    }

    /// The records from where the layout says they begin.
    static func table(
        _ file: FileBytes, _ survey: FileSurvey, _ layout: CSVLayout, path: String, threadCount: Int
    ) throws(TableError) -> Table {
        var parse = CSVParse(file: file, path: path, layout: layout, survey: survey, threadCount: threadCount)
        try parse.run()
        let finished = CSVColumns(file: file, parse: parse, names: layout.names, threadCount: threadCount)
        var warnings = layout.warnings + finished.warnings
        if parse.rowCount == 0 {
            warnings.append(TableWarning(.noRows, "the file has a header and no records"))
        }
        return Table(
            columns: finished.columns, path: path, delimiter: Character(Unicode.Scalar(layout.delimiter)),
            hasHeader: layout.hasHeader, byteCount: file.count, fingerprint: survey.fingerprint, warnings: warnings)
    }

    private static func nulError(_ file: FileBytes, _ path: String) -> TableError {
        let offset = memchr(file.base, 0, file.count).map { UnsafeRawPointer($0) - UnsafeRawPointer(file.base) } ?? 0
        return TableError(
            .nulByte, "a NUL byte, so this is UTF-16, compressed or binary: save it as text in UTF-8", path: path,
            line: file.line(at: offset))
    }

    private static func encodingWarning(_ file: FileBytes, _ survey: FileSurvey) -> TableWarning? {
        guard survey.counts.high_bytes > 0 else { return nil }
        let offset = dk_utf8_invalid(file.base, file.count)
        guard offset < file.count else { return nil }
        return TableWarning(
            .invalidUTF8,
            "line \(file.line(at: offset)) is not valid UTF-8: bad bytes are shown as \u{fffd}; convert the file to UTF-8")
    }
}

/// What a first look at every byte tells: counts, line counts a block, and the fingerprint.
struct FileSurvey {
    static let blockSize = 1 << 20

    var counts = dk_csv_counts()
    var blockNewlines: [Int]
    var fingerprint: String

    init(file: FileBytes, threadCount: Int) {
        let blockCount = (file.count + FileSurvey.blockSize - 1) / FileSurvey.blockSize
        var blocks = [dk_csv_counts](repeating: dk_csv_counts(), count: blockCount)
        var hashes = [UInt64](repeating: 0, count: blockCount)
        blocks.withUnsafeMutableBufferPointer { blocks in
            hashes.withUnsafeMutableBufferPointer { hashes in
                // SAFETY: each thread writes its own blocks; both buffers outlive the joined threads.
                nonisolated(unsafe) let (blocks, hashes) = (blocks, hashes)
                let workers = blockCount < 4 ? 1 : min(threadCount, blockCount)
                WorkerThreads.run(workers) { worker in
                    for block in blockCount * worker / workers..<blockCount * (worker + 1) / workers {
                        let start = block * FileSurvey.blockSize
                        let count = min(FileSurvey.blockSize, file.count - start)
                        dk_csv_count(file.base + start, count, &blocks[block])
                        hashes[block] = dk_hash(file.base + start, count, 0)
                        file.release(from: start, to: start + count)
                    }
                }
            }
        }
        for block in blocks {
            counts.newlines += block.newlines
            counts.quotes += block.quotes
            counts.nuls += block.nuls
            counts.high_bytes += block.high_bytes
            counts.blank_lines += block.blank_lines
        }
        blockNewlines = blocks.map(\.newlines)
        let total = hashes.withUnsafeBytes { bytes in
            dk_hash(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, UInt64(file.count))
        }
        let digits = String(total, radix: 16)
        fingerprint = String(repeating: "0", count: 16 - digits.count) + digits
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

    /// Whole numbers written with leading zeros are codes, and the zeros belong to them.
    private func isCode(_ column: dk_csv_column) -> Bool { column.has_leading_zero != 0 && column.has_fraction == 0 }

    private mutating func pass(_ columns: [dk_csv_column]) throws(TableError) {
        var columns = columns
        for index in columns.indices {
            // SAFETY: the arrays are this struct's only copies and nothing resizes them until every thread is joined, so the
            // addresses hold. Every row up to the parsed count is written; the rest is cut off below.
            if columns[index].kind == DK_COLUMN_NUMBERS {
                numbers[index] = CSVParse.uninitialized(capacity)
                columns[index].numbers = numbers[index].withUnsafeMutableBufferPointer { $0.baseAddress }
            } else if columns[index].kind == DK_COLUMN_SPANS {
                spans[index] = CSVParse.uninitialized(capacity)
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
                outcomes[index] = parse.parse(columns, from: chunks[index].offset, to: end, firstRow: chunks[index].row)
            }
        }
        return Array(outcomes)
    }

    private func chunkStarts() -> [(offset: Int, row: Int)] {
        let start = layout.dataStart
        var chunks = [(offset: start, row: 0)]
        guard survey.counts.quotes == 0, survey.counts.blank_lines == 0, threadCount > 1, file.count > 8 << 20 else {
            return chunks
        }
        let blocks = survey.blockNewlines.count
        let headerLines = dk_newlines(file.base, start)
        for index in 1..<threadCount {
            let block = blocks * index / threadCount
            let nominal = block * FileSurvey.blockSize
            guard nominal > (chunks.last?.offset ?? 0), let newline = memchr(file.base + nominal, 10, file.count - nominal) else {
                continue
            }
            let offset = UnsafeRawPointer(newline) - UnsafeRawPointer(file.base) + 1
            let lines = survey.blockNewlines[..<block].reduce(0, +) + dk_newlines(file.base + nominal, offset - nominal)
            if offset < file.count { chunks.append((offset, lines - headerLines)) }
        }
        return chunks
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

    /// An array whose elements the caller promises to write before anything reads them.
    private static func uninitialized<Element: BitwiseCopyable>(_ count: Int) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let bytes = count * MemoryLayout<Element>.stride
            if bytes >= 4 << 20, let base = UnsafeMutableRawPointer(buffer.baseAddress) {
                // Large pages where the system offers them: fewer page faults.
                let page = 1 << 21
                let first = (Int(bitPattern: base) + page - 1) & ~(page - 1)
                let last = (Int(bitPattern: base) + bytes) & ~(page - 1)
                if last > first { madvise(UnsafeMutableRawPointer(bitPattern: first), last - first, MADV_HUGEPAGE) }
            }
            initialized = count
        }
    }
}
