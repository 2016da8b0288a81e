import Files
import Glibc
import JSON
import RequestSigning

/// Objects that were fetched, by the version that their store gave them: one that has not changed is not fetched again.
public struct ObjectCache: Sendable {
    private let folder: String
    private let store: ObjectStore

    /// - Parameter folder: such as `~/.cache/descent/objects`; it is made.
    public init(_ folder: String, _ store: ObjectStore) { (self.folder, self.store) = (folder, store) }

    /// An object's copy.
    public struct Copy: Sendable, Hashable {
        public var path: String
        public var byteCount: Int
        /// Whether it was here already.
        public var wasHere: Bool
    }

    /// The file of an object, which never changes: another version becomes another file.
    ///
    /// A part at a time is in memory; a file has its name when it is whole.
    /// - Throws: `ObjectError`.
    public func file(of address: ObjectAddress) throws(ObjectError) -> Copy {
        let own = folder + "/" + SHA256.digest(address.text.utf8).hex.prefix(16)
        let index = own + "/latest.json", known = Self.known(index)
        guard let first = try store.piece(of: address, from: 0, unless: known?.tag) else {
            if let known { return Copy(path: known.path, byteCount: FileStamp(known.path)?.size ?? 0, wasHere: true) }
            throw ObjectError(.refused, "\(address): the server says that it is here already, and it is not: try again")
        }
        // Without a tag no two versions are told apart: each time is one.
        let version = SHA256.digest((first.tag.isEmpty ? "\(address) \(first.total)" : first.tag).utf8).hex.prefix(12)
        let path = own + "/\(version)/" + address.name
        do throws(FileError) { try Folder.make(FilePath.folder(path)) } catch { throw ObjectError(.file, error.description) }
        try fetch(address, first, to: path)
        let note = JSONValue.object(["address": .string(address.text), "tag": .string(first.tag), "path": .string(path)])
        do throws(FileError) { try AtomicFile.write(Array(note.text.utf8), to: index) } catch {
            throw ObjectError(.file, error.description)
        }
        return Copy(path: path, byteCount: first.total, wasHere: false)
    }

    private static func known(_ index: String) -> (tag: String, path: String)? {
        guard let text = FileContents.text(index) else { return nil }
        do {
            let note = try JSONValue(parsing: text)
            guard let tag = note["tag"]?.string, !tag.isEmpty, let path = note["path"]?.string, FileStamp(path) != nil else {
                return nil
            }
            return (tag, path)
        } catch { return nil }
    }

    private func fetch(_ address: ObjectAddress, _ first: ObjectStore.Piece, to path: String) throws(ObjectError) {
        let temporary = path + ".\(getpid()).partial"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.cannotWrite(temporary) }
        var isWhole = false
        defer { if !isWhole { unlink(temporary) } }
        var isClosed = false
        defer { if !isClosed { close(file) } }
        var piece = first, count = 0
        while true {
            try Self.write(piece.bytes, to: file, temporary)
            count += piece.bytes.count
            guard count < first.total else { break }
            guard let next = try store.piece(of: address, from: count, tag: first.tag), !next.bytes.isEmpty,
                next.total == first.total
            else { throw ObjectError(.changed, "\(address) became another one while it was read: try again") }
            piece = next
        }
        isClosed = true
        guard fsync(file) == 0, close(file) == 0, rename(temporary, path) == 0 else { throw Self.cannotWrite(path) }
        isWhole = true
    }

    private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(ObjectError) {
        guard WholeWrite.write(bytes, to: file) else { throw cannotWrite(path) }
    }

    private static func cannotWrite(_ path: String) -> ObjectError {
        ObjectError(
            .file, "\(path) cannot be written (\(String(cString: strerror(errno)))): free some space, or set XDG_CACHE_HOME")
    }
}
