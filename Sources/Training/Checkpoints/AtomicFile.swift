import Glibc

/// Writes files so that a reader, or whoever comes after a crash, finds the old content or the new one and never half of it.
enum AtomicFile {
    /// Writes to a temporary file beside the target, flushes it to the disk and renames it into place.
    static func write(_ bytes: [UInt8], to path: String) throws(TrainingError) {
        let temporary = "\(path).\(getpid()).partial"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("open", temporary) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                let error = failure("write", path)
                close(file)
                unlink(temporary)
                throw error
            }
            written += count
        }
        if fsync(file) != 0 {
            let error = failure("fsync", path)
            close(file)
            unlink(temporary)
            throw error
        }
        close(file)
        guard rename(temporary, path) == 0 else {
            let error = failure("rename", path)
            unlink(temporary)
            throw error
        }
    }

    /// Reads a whole file; nil if it is not there.
    static func read(_ path: String) throws(TrainingError) -> [UInt8]? {
        // Without O_NONBLOCK a pipe of that name would be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw TrainingError(.cannotWrite, "\(path) is no file: move it away", operation: "read")
        }
        guard status.st_size <= FreeMemory.available else {
            throw TrainingError(
                .cannotWrite, "\(path) has \(status.st_size) bytes, which memory has no room for: move it away", operation: "read"
            )
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw failure("read", path) }
            done += count
        }
        return bytes
    }

    /// Makes a folder and its parents; being there already is fine.
    static func makeFolder(_ path: String) throws(TrainingError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o777) != 0, errno != EEXIST, access(partial, F_OK) != 0 { throw failure("mkdir", partial) }
        }
    }

    static func failure(_ operation: String, _ path: String) -> TrainingError {
        TrainingError(
            .cannotWrite, "cannot read or write \(path): check the disk's space and permissions", operation: operation,
            cause: String(cString: strerror(errno)))
    }
}
