import Files
import Glibc
import Synchronization
import Threads

/// One file on its way through a model.
struct FileTransform {
    private let batch: BatchTransform
    private let input: BatchTransform.Input
    private let target: String, partial: String
    private let journal: TransformJournal
    private var pieces: PieceTransform
    private var entry: TransformJournal.Entry
    private let division: RecordReader.Division
    private let isWhole: Bool

    /// - Throws: `data` for a file that cannot be read; `usage` for an output that is somebody else's.
    init(
        _ batch: BatchTransform, _ input: BatchTransform.Input, _ folder: String, _ journal: TransformJournal
    ) throws(TransformError) {
        (self.batch, self.input, self.journal) = (batch, input, journal)
        target = folder + "/" + input.name + ".out"
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        partial = (parts.dropLast() + [".\(parts.last ?? "").partial"]).joined(separator: "/")
        var steps = batch.steps
        steps.contentType = input.steps.contentType
        pieces = try PieceTransform(batch.model, steps)
        guard let stamp = FileStamp(input.path), stamp.isRegular else {
            throw TransformError(.data, path: input.path, "there is no such file: check its name")
        }
        entry = TransformJournal.Entry(
            identity: "\(stamp.size) \(stamp.modified) \(stamp.inode) \(steps.contentType) \(batch.identity)")
        isWhole = !batch.splitsLines && input.steps != .recordIO
        switch input.steps {
        case .csv: division = .lines(quotes: true)
        case .jsonLines, .libsvm: division = .lines(quotes: false)
        case .recordIO: division = .frames
        case .json: division = .none
        }
    }

    mutating func run(
        _ outcome: inout BatchTransform.Outcome, _ isStopped: () -> Bool, _ progress: (BatchTransform.Input, Int) -> Void
    ) throws(TransformError) {
        let known = journal.entries[input.name].flatMap { $0.identity == entry.identity ? $0 : nil }
        let exists = FileStamp(target) != nil
        if let known, exists, known.isDone || FileStamp(partial) == nil, FileStamp(target)?.size == known.output {
            outcome.fileCount += 1
            outcome.keptFileCount += 1
            outcome.recordCount += known.records
            outcome.keptRecordCount += known.records
            return
        }
        if exists, journal.entries[input.name] == nil {
            throw TransformError(
                .usage, path: target, "is there and is no output of a transform: move it away, or give another --out")
        }
        if isWhole, let size = FileStamp(input.path)?.size, size > batch.payload {
            throw TransformError(
                .data, path: input.path,
                "has \(size) bytes where one request may hold \(batch.payload): say --split line, or --max-payload")
        }
        let file = try begin(known)
        defer { close(file) }
        outcome.keptRecordCount += entry.records
        do throws(TransformError) { try transform(file, &outcome, isStopped, progress) } catch {
            // Of a file with a bad record nothing is left.
            if error.code == .data { unlink(partial) }
            throw error
        }
        guard !outcome.isStopped else { return }
        guard rename(partial, target) == 0 else { throw TransformError(failing: target, "cannot be written") }
        entry.isDone = true
        try journal.note(entry, of: input.name)
        outcome.fileCount += 1
        outcome.recordCount += entry.records
    }

    /// Opens the output so far, which goes on where the journal says that it was whole.
    private mutating func begin(_ known: TransformJournal.Entry?) throws(TransformError) -> Int32 {
        if let slash = partial.lastIndex(of: "/") {
            do throws(FileError) { try Folder.make(String(partial[..<slash])) } catch {
                throw TransformError(.system, path: partial, error.description)
            }
        }
        if let known, let stamp = FileStamp(partial), !known.isDone, stamp.size >= known.output { entry = known }
        let file = open(partial, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw TransformError(failing: partial, "cannot be written") }
        guard ftruncate(file, entry.output) == 0, lseek(file, entry.output, SEEK_SET) == entry.output else {
            let error = TransformError(failing: partial, "cannot be written")
            close(file)
            throw error
        }
        return file
    }

    private mutating func transform(
        _ file: Int32, _ outcome: inout BatchTransform.Outcome, _ isStopped: () -> Bool,
        _ progress: (BatchTransform.Input, Int) -> Void
    ) throws(TransformError) {
        try findHeader()
        let reader = try RecordReader(
            input.path, division, limit: batch.payload, from: entry.input, line: entry.line)
        while true {
            if isStopped() {
                outcome.isStopped = true
                return
            }
            var group: [RecordPiece] = []
            while group.count < batch.concurrency, var piece = try reader.next() {
                // The names at the beginning are no record.
                if pieces.header != nil, piece.records.first?.lowerBound == headerStart(piece) { piece.dropFirst() }
                if !piece.records.isEmpty { group.append(piece) }
            }
            guard let last = group.last else { break }
            for output in try outputs(group) {
                guard WholeWrite.write(output.bytes, to: file) else {
                    throw TransformError(failing: partial, "cannot be written")
                }
                entry.output += output.bytes.count
                entry.records += output.recordCount
                for warning in output.warnings where outcome.warnings.count < 20 && !outcome.warnings.contains(warning) {
                    outcome.warnings.append(warning)
                }
            }
            (entry.input, entry.line) = (last.end, last.endLine)
            guard fdatasync(file) == 0 else { throw TransformError(failing: partial, "cannot be written") }
            try journal.note(entry, of: input.name)
            progress(input, entry.records)
        }
        guard entry.records > 0 else { throw TransformError(.data, path: input.path, "has no records: give it some") }
        guard fsync(file) == 0 else { throw TransformError(failing: partial, "cannot be written") }
    }

    /// Where the names stand in the file's first piece; nil in the others.
    private func headerStart(_ piece: RecordPiece) -> Int? {
        piece.end - piece.bytes.count == 0 ? piece.records.first?.lowerBound : nil
    }

    /// Finds the names of a CSV file's columns, which each of its pieces is read by.
    private mutating func findHeader() throws(TransformError) {
        guard input.steps == .csv else { return }
        let reader = try RecordReader(input.path, division, limit: batch.payload)
        guard let piece = try reader.next(), let first = piece.records.first else { return }
        let record = piece.bytes[first]
        if batch.model.isHeader(record, filter: pieces.steps.inputFilter) { pieces.header = Array(record) }
    }

    /// The outputs of some pieces, made side by side.
    private func outputs(_ group: [RecordPiece]) throws(TransformError) -> [PieceTransform.Output] {
        let path = input.path, pieces = pieces
        guard group.count > 1 else {
            return try group.map { piece throws(TransformError) in try pieces.output(piece, path: path) }
        }
        let results = Mutex([Result<PieceTransform.Output, TransformError>?](repeating: nil, count: group.count))
        var threads: [NamedThread] = []
        for (index, piece) in group.enumerated() {
            do throws(ThreadError) {
                threads.append(
                    try NamedThread(name: "transform", stackBytes: 8 << 20) {
                        let result: Result<PieceTransform.Output, TransformError>
                        do throws(TransformError) { result = .success(try pieces.output(piece, path: path)) } catch {
                            result = .failure(error)
                        }
                        results.withLock { $0[index] = result }
                    })
            } catch {
                for thread in threads { thread.join() }
                throw TransformError(.system, path: path, error.description)
            }
        }
        for thread in threads { thread.join() }
        // Of several faults the first in the file is told.
        return try results.withLock { $0 }.compactMap { $0 }.map { result throws(TransformError) in try result.get() }
    }
}

extension RecordPiece {
    mutating func dropFirst() {
        records.removeFirst()
        lines.removeFirst()
    }
}
