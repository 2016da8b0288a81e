import Files
import Glibc
import JSON
import Training

/// What a file or a folder holds, by which it is told later whether it is still the same.
package struct CheckpointContents: Sendable, Hashable {
    /// Bytes of all files.
    var size = 0
    var checksum: String
    /// When a file of it was last written to, in nanoseconds since 1970; 0 = not known.
    var modified = 0

    /// nil where nothing is there, or something in it cannot be read, or changes while it is read.
    init?(of path: String) {
        // A link may name the newest of several folders.
        guard let whole = FilePath.absolute(path) else { return nil }
        var reading = Checksum()
        checksum = ""
        guard add(whole, named: "", to: &reading) else { return nil }
        checksum = reading.text
    }

    private mutating func add(_ path: String, named name: String, to reading: inout Checksum) -> Bool {
        reading.take(Array(name.utf8) + [0])
        if case .folder = FileKind(at: path) {
            for name in Folder.names(in: path) { guard add(path + "/" + name, named: name, to: &reading) else { return false } }
            return true
        }
        // Of what holds no bytes, that it is there is enough.
        guard let stamp = FileStamp(path), stamp.isRegular else { return true }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var position = 0
        while position < stamp.size {
            let bytes = FileContents.read(file, at: position, count: min(stamp.size - position, 1 << 20))
            guard !bytes.isEmpty else { return false }
            reading.take(bytes)
            position += bytes.count
        }
        size += stamp.size
        modified = max(modified, stamp.modified)
        return FileStamp(path) == stamp
    }

    /// Whether both hold the same bytes, whenever they were written.
    func isSame(as other: CheckpointContents) -> Bool { (size, checksum) == (other.size, other.checksum) }

    // MARK: as it is kept

    init?(_ json: JSONValue) {
        guard let size = json["bytes"]?.integer, let checksum = json["checksum"]?.string else { return nil }
        (self.size, self.checksum, modified) = (size, checksum, json["modified"]?.integer ?? 0)
    }

    var members: [JSONValue.Member] {
        [.init("bytes", .integer(size)), .init("checksum", .string(checksum)), .init("modified", .integer(modified))]
    }
}
