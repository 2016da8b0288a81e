import Files
import Glibc
import JSON
import RequestSigning

/// Objects that were fetched, by the version that their store gave them: one that has not changed is not fetched again.
public struct ObjectCache: Sendable {
    private let folder: String
    private let store: ObjectStore

    /// - Parameter folder: such as `~/.cache/descent/objects`; it is made.
    ///
    /// What processes began that are gone since is removed.
    public init(_ folder: String, _ store: ObjectStore) {
        (self.folder, self.store) = (folder, store)
        for own in Folder.names(in: folder) {
            for version in Folder.names(in: folder + "/" + own) { Self.removeLeft(in: folder + "/" + own + "/" + version) }
        }
    }

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
    public func file(of address: ObjectAddress) throws(ObjectError) -> Copy { try file(of: address, listed: nil) }

    /// The files of a folder or a pattern, in a folder of their own, which never changes: other versions become another one.
    /// - Throws: `ObjectError`; `notFound` where there is nothing.
    public func files(of wanted: ObjectFolder) throws(ObjectError) -> FolderCopy {
        let listed = try store.list(wanted).compactMap { object in wanted.path(ofKey: object.key).map { (object, $0) } }
        guard !listed.isEmpty else {
            throw ObjectError(.notFound, "\(wanted): no object is there: check its name, and the endpoint (AWS_ENDPOINT_URL)")
        }
        let versions = listed.map { "\($0.0.key)\u{0}\($0.0.tag)\u{0}\($0.0.byteCount)" }.joined(separator: "\u{0}")
        let own = folder + "/" + SHA256.digest(wanted.description.utf8).hex.prefix(16)
        let name = wanted.prefix.split(separator: "/").last.map(String.init) ?? wanted.bucket
        let path = own + "/\(SHA256.digest(versions.utf8).hex.prefix(12))/" + name
        let byteCount = listed.reduce(0) { $0 + $1.0.byteCount }
        if FileStamp(path) != nil {
            return FolderCopy(path: path, fileCount: listed.count, byteCount: byteCount, fetchedCount: 0)
        }
        let temporary = FilePath.folder(path) + "/.\(getpid()).partial"
        Folder.remove(temporary)
        defer { Folder.remove(temporary) }
        var fetched = 0
        for (object, place) in listed {
            let address = ObjectAddress(bucket: wanted.bucket, key: object.key, of: "s3://\(wanted.bucket)/\(object.key)")
            let copy = try file(of: address, listed: object.tag)
            if !copy.wasHere { fetched += 1 }
            let target = temporary + "/" + place
            do throws(FileError) { try Folder.make(FilePath.folder(target)) } catch {
                throw ObjectError(.file, error.description)
            }
            guard link(copy.path, target) == 0 else { throw Self.cannotWrite(target) }
        }
        // Whoever does the same at the same time has made the same.
        guard rename(temporary, path) == 0 || FileStamp(path) != nil else { throw Self.cannotWrite(path) }
        return FolderCopy(path: path, fileCount: listed.count, byteCount: byteCount, fetchedCount: fetched)
    }

    /// Copies of several objects.
    public struct FolderCopy: Sendable, Hashable {
        public var path: String
        public var fileCount: Int, byteCount: Int
        /// Those that were not here already.
        public var fetchedCount: Int
    }

    /// - Parameter tag: of the version that the store has, where that is known.
    private func file(of address: ObjectAddress, listed tag: String?) throws(ObjectError) -> Copy {
        let own = folder + "/" + SHA256.digest(address.text.utf8).hex.prefix(16)
        let index = own + "/latest.json", known = Self.known(index)
        if let known, let tag, known.tag == tag {
            return Copy(path: known.path, byteCount: FileStamp(known.path)?.size ?? 0, wasHere: true)
        }
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
        Self.removeLeft(in: FilePath.folder(path))
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

    /// Removes what processes that are gone began, a file or a folder.
    private static func removeLeft(in folder: String) {
        for name in Folder.names(in: folder) where name.hasSuffix(".partial") {
            let parts = name.split(separator: "."), process = parts.dropLast().last.flatMap { pid_t($0) }
            guard let process, kill(process, 0) != 0, errno == ESRCH else { continue }
            let path = folder + "/" + name
            if FileStamp(path)?.isRegular == true { unlink(path) } else { Folder.remove(path) }
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(ObjectError) {
        guard WholeWrite.write(bytes, to: file) else { throw cannotWrite(path) }
    }

    private static func cannotWrite(_ path: String) -> ObjectError {
        ObjectError(
            .file, "\(path) cannot be written (\(String(cString: strerror(errno)))): free some space, or set XDG_CACHE_HOME")
    }
}
