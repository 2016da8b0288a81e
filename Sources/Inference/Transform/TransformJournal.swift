import Files
import Glibc
import JSON

/// What a batch transform has done so far, beside its output, so that it goes on after whatever ended it. A line says how far a file is;
/// of a file the last one holds. What is said there was flushed to the disk before.
final class TransformJournal {
    /// How far a file is.
    struct Entry: Hashable {
        /// What it was made of and with: where anything of it changed, the file begins anew.
        var identity: String
        var isDone = false
        /// The byte and the line of the input that comes next, and the bytes and records of the output before it.
        var input = 0, line = 1, output = 0, records = 0
    }

    static let name = ".transform.jsonl"

    private let path: String
    private let file: Int32
    private(set) var entries: [String: Entry] = [:]

    /// - Throws: `usage` where another process transforms into the folder; `system`.
    init(folder: String) throws(TransformError) {
        path = folder + "/" + Self.name
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw TransformError(failing: path, "cannot be written") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw TransformError(.usage, path: folder, "another transform writes there: wait for it, or give another --out")
        }
        do throws(TransformError) { try load() } catch {
            close(file)
            throw error
        }
    }

    deinit { close(file) }

    private func load() throws(TransformError) {
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = read(file, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw TransformError(failing: path, "cannot be read") }
            if got == 0 { break }
            bytes += buffer[..<got]
        }
        // A line that was cut short says nothing.
        let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard ftruncate(file, whole) == 0, lseek(file, 0, SEEK_END) >= 0 else {
            throw TransformError(failing: path, "cannot be written")
        }
        for line in bytes[..<whole].split(separator: UInt8(ascii: "\n")) {
            guard let document = Self.document(Array(line)), let name = document["file"]?.string,
                let identity = document["identity"]?.string, let input = document["input"]?.integer,
                let number = document["line"]?.integer, let output = document["output"]?.integer,
                let records = document["records"]?.integer, min(input, output, records) >= 0, number > 0
            else { continue }
            entries[name] = Entry(
                identity: identity, isDone: document["done"]?.boolean ?? false, input: input, line: number, output: output,
                records: records)
        }
    }

    private static func document(_ bytes: [UInt8]) -> JSONValue? {
        do { return try JSONValue(parsing: bytes) } catch { return nil }
    }

    /// Keeps how far a file is, and returns when that is on the disk.
    func note(_ entry: Entry, of name: String) throws(TransformError) {
        entries[name] = entry
        let line = JSONValue.object([
            "file": .string(name), "identity": .string(entry.identity), "done": .boolean(entry.isDone),
            "input": .integer(entry.input), "line": .integer(entry.line), "output": .integer(entry.output),
            "records": .integer(entry.records),
        ])
        guard WholeWrite.write(Array((line.text + "\n").utf8), to: file), fdatasync(file) == 0 else {
            throw TransformError(failing: path, "cannot be written")
        }
    }
}
