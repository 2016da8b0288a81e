import CheckedNumbers
import Files
import Glibc

/// What a script wrote, kept as text in a run's folder within a bound: the first and the last of it, and what is left out is said.
///
/// `output.log` has the beginning; when it is full, `output-N.log` follow, of which the oldest are removed.
package final class ScriptLog {
    /// Bytes of a file, and files that are kept besides the first.
    package static let fileBytes = 4 << 20, laterFiles = 7
    package static let name = "output.log"

    private let folder: String
    private var file: Int32 = -1
    private var size = 0
    private var number = 0
    private var pending: [UInt8] = []
    /// The last lines, for those who ask how it ended.
    package private(set) var tail: [String] = []
    /// Why nothing can be written any more.
    package private(set) var problem: String?

    /// - Parameter goesOn: whether what an earlier attempt wrote stays.
    package init(folder: String, goesOn: Bool) {
        self.folder = folder
        if goesOn {
            number = Self.files(in: folder).last?.number ?? 0
        } else {
            for (_, path) in Self.files(in: folder) { unlink(path) }
        }
        open()
    }

    deinit { close() }

    /// The files there are, in their order.
    package static func files(in folder: String) -> [(number: Int, path: String)] {
        Folder.names(in: folder).compactMap { name in
            if name == Self.name { return (0, folder + "/" + name) }
            guard name.hasPrefix("output-"), name.hasSuffix(".log"), let number = Int(name.dropFirst(7).dropLast(4)) else {
                return nil
            }
            return (number, folder + "/" + name)
        }.sorted { $0.number < $1.number }
    }

    /// What was read of it.
    package struct Piece {
        package var bytes: [UInt8] = []
        /// Where the reading ended: the file, and bytes of it.
        package var file: Int, offset: Int
        /// It is another text than the one that was read before.
        package var isAnew = false
        /// Something between what was read before and this is not kept.
        package var hasGap = false
        package var hasMore = false
    }

    /// What was written since a place.
    /// - Parameters:
    ///   - place: where the last reading ended; (0, 0) = the beginning.
    ///   - limit: bytes to read at most.
    package static func read(in folder: String, after place: (file: Int, offset: Int), atMost limit: Int) -> Piece {
        var piece = Piece(file: place.file, offset: place.offset)
        for (number, path) in files(in: folder) where number >= piece.file {
            let size = FileStamp(path)?.size ?? 0
            if number > piece.file {
                // The file before is read to its end. Of the first, many may have come since.
                if number > piece.file + 1 { piece.hasGap = true }
                (piece.file, piece.offset) = (number, 0)
            } else if size < piece.offset {
                (piece.isAnew, piece.offset) = (true, 0)
            }
            let wanted = min(size - piece.offset, limit - piece.bytes.count)
            if wanted < size - piece.offset { piece.hasMore = true }
            if wanted > 0 {
                let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
                guard file >= 0 else { break }
                let more = FileContents.read(file, at: piece.offset, count: wanted)
                Glibc.close(file)
                piece.bytes += more
                piece.offset += more.count
            }
            if piece.hasMore { break }
        }
        return piece
    }

    package func append(_ line: [UInt8], isCut: Bool) {
        tail.append(String(decoding: line.prefix(500), as: UTF8.self))
        if tail.count > 400 { tail.removeFirst(tail.count - 200) }
        pending += line
        if isCut { pending += Array(" … (the line is longer)".utf8) }
        pending.append(10)
        if pending.count >= 1 << 16 { flush() }
    }

    /// Writes what is held back.
    package func flush() {
        guard !pending.isEmpty, file >= 0 else { return pending.removeAll(keepingCapacity: true) }
        if size > 0, size + pending.count > Self.fileBytes { turn() }
        var written = 0
        while written < pending.count {
            let count = pending[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                problem = "the script's output is not kept: \(String(cString: strerror(errno)))"
                break
            }
            written += count
        }
        size += written
        pending.removeAll(keepingCapacity: true)
    }

    package func close() {
        flush()
        if file >= 0 { Glibc.close(file) }
        file = -1
    }

    /// The file that is written to now.
    var path: String { path(number) }

    private func path(_ number: Int) -> String { folder + "/" + (number == 0 ? Self.name : "output-\(number).log") }

    private func open() {
        file = Glibc.open(path(number), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        var status = stat()
        size = file >= 0 && fstat(file, &status) == 0 ? Int(status.st_size) : 0
        if file < 0 { problem = "the script's output is not kept: \(String(cString: strerror(errno)))" }
    }

    /// Goes on in another file, and removes the one that has been there longest but for the first.
    private func turn() {
        Glibc.close(file)
        number += 1
        open()
        if number > Self.laterFiles { unlink(path(number - Self.laterFiles)) }
    }
}
