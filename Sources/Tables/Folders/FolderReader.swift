import Files
import Numerics
import Synchronization

/// Reads the files of a folder or a pattern as one table: columns are matched by name and typed by one set of rules.
struct FolderReader {
    let files: DataFiles
    /// What is said of all files.
    let options: ReadOptions
    let schema: TableSchema?
    /// The files that have rows or columns, and what was read of each.
    var pieces: [Piece] = []
    var warnings: [TableWarning] = []
    /// Whether only the first records were wanted, and there are more.
    private(set) var isCut = false

    struct Piece {
        let member: DataFiles.Member
        /// What is said of this file.
        var options: ReadOptions
        var table: Table
        /// The folder's names of its columns, in the file's order.
        var names: [String]
        /// Those that are dates by what stands in the file alone.
        var wasDate: Set<String> = []

        /// Read as it was, or by the names of another file.
        init(_ member: DataFiles.Member, _ options: ReadOptions, _ table: Table) {
            (self.member, self.options, self.table) = (member, options, table)
            names = table.columns.map(\.name)
        }
    }

    static func read(_ files: DataFiles, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        var reader = FolderReader(files, options, schema)
        try reader.readPieces()
        try reader.checkFormats()
        try reader.settleHeaders()
        let agreed = try reader.settleKinds()
        return try reader.table(agreed)
    }

    private init(_ files: DataFiles, _ options: ReadOptions, _ schema: TableSchema?) {
        (self.files, self.options, self.schema) = (files, options, schema)
        warnings = [files.skippedWarning].compactMap { $0 }
    }

    // MARK: - Files

    /// Reads each file by what stands in it, or by what is known.
    private mutating func readPieces() throws(TableError) {
        var empty: [String] = []
        for (member, options, table) in try options.rowLimit == nil ? readSideBySide() : readInTurn() {
            if let table { pieces.append(Piece(member, options, table)) } else { empty.append(member.name) }
        }
        guard let first = empty.first else { return }
        guard !pieces.isEmpty else {
            throw TableError(.emptyFile, "holds nothing but empty files: give files with records", path: files.path)
        }
        let others = empty.count == 1 ? "is" : "and \(empty.count - 1) other files are"
        warnings.append(TableWarning(.skippedFiles, "\(first) \(others) empty and left out"))
    }

    private typealias ReadFile = (member: DataFiles.Member, options: ReadOptions, table: Table?)

    private func readSideBySide() throws(TableError) -> [ReadFile] {
        let members = files.members, known = schema
        let cells = Atomic<Int>(0)
        let tables = try Self.sideBySide(members.count, options) { index, options throws(TableError) -> Table? in
            do throws(TableError) {
                let table = try Self.read(members[index], options, known)
                let count = table.rowCount.multipliedReportingOverflow(by: max(1, table.columns.count)).partialValue
                try MemoryBudget.check(
                    rowCount: cells.wrappingAdd(count, ordering: .relaxed).newValue, columnCount: 1, path: members[index].path)
                return table
            } catch {
                if error.code == .emptyFile { return nil }
                throw error
            }
        }
        return zip(members, tables).map { ($0, options, $1) }
    }

    /// Only the first records are wanted: one file after the other, until there are enough.
    private mutating func readInTurn() throws(TableError) -> [ReadFile] {
        var found: [ReadFile] = [], wanted = options.rowLimit ?? .max
        for member in files.members {
            guard wanted > 0 else {
                isCut = true
                break
            }
            var own = options
            own.rowLimit = wanted
            do throws(TableError) {
                let table = try Self.read(member, own, schema)
                isCut = isCut || table.reading.isCut
                wanted -= table.rowCount
                found.append((member, own, table))
            } catch {
                guard error.code == .emptyFile else { throw error }
                found.append((member, own, nil))
            }
        }
        return found
    }

    /// Reads one file; what is at fault in it names it.
    static func read(
        _ member: DataFiles.Member, _ options: ReadOptions, _ schema: TableSchema?
    ) throws(TableError) -> Table {
        do throws(TableError) { return try Table.read(member.path, options: options, schema: schema) } catch {
            var error = error
            error.path = error.path ?? member.path
            throw error
        }
    }

    /// Reads files with as many threads as there may be: one each for many files, several each for few.
    ///
    /// - Throws: what the first file at fault does.
    static func sideBySide<Value>(
        _ count: Int, _ options: ReadOptions, _ read: (Int, ReadOptions) throws(TableError) -> Value
    ) throws(TableError) -> [Value] {
        let workers = max(1, min(options.threads, count))
        var own = options
        own.threadCount = max(1, options.threads / workers)
        let each = own
        var results = [Result<Value, TableError>?](repeating: nil, count: count)
        let hasFailed = Atomic<Bool>(false)
        results.withUnsafeMutableBufferPointer { results in
            withoutActuallyEscaping(read) { read in
                // SAFETY: each thread writes its own elements and is joined before they are read; what is read from is not changed.
                nonisolated(unsafe) let (results, read) = (results, read)
                WorkerThreads.run(workers) { worker in
                    for index in stride(from: worker, to: count, by: workers) where !hasFailed.load(ordering: .relaxed) {
                        let result = Result { () throws(TableError) in try read(index, each) }
                        if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
                        results[index] = result
                    }
                }
            }
        }
        for case .failure(let error) in results.compactMap({ $0 }) { throw error }
        var values: [Value] = []
        for result in results { if let result { values.append(try result.get()) } }
        return values
    }

    /// Several formats in one folder are often the same rows twice.
    private func checkFormats() throws(TableError) {
        guard let first = pieces.first, let other = pieces.first(where: { $0.table.format != first.table.format }) else { return }
        throw TableError(
            .unsupportedFormat,
            "holds files of several formats, such as \(first.member.name) (\(first.table.format.rawValue)) and \(other.member.name) (\(other.table.format.rawValue)): name those of one with a pattern such as '*\(DataFormat.nameParts(FilePath.name(first.member.name)).ending)'",
            path: files.path)
    }
}
