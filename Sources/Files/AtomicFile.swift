import Glibc

/// Writes files so that a reader, or whoever comes after a crash, finds the old content or the new one and never half of it.
public enum AtomicFile {
    /// Writes to a temporary file beside the target, flushes it to the disk and renames it into place.
    /// - Parameter mode: who may read and write it.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(FileError) {
        let temporary = "\(path).\(getpid()).partial"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw FileError(failing: "open", temporary) }
        if !WholeWrite.write(bytes, to: file) {
            let error = FileError(failing: "write", path)
            close(file)
            unlink(temporary)
            throw error
        }
        if fsync(file) != 0 {
            let error = FileError(failing: "fsync", path)
            close(file)
            unlink(temporary)
            throw error
        }
        close(file)
        guard rename(temporary, path) == 0 else {
            let error = FileError(failing: "rename", path)
            unlink(temporary)
            throw error
        }
    }

    /// Reads a whole file; nil if it is not there.
    /// - Parameter limit: bytes there is room for; a larger file is refused before any of it is read.
    public static func read(_ path: String, atMost limit: Int = .max) throws(FileError) -> [UInt8]? {
        // Without O_NONBLOCK a pipe of that name would be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError(failing: "open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError(failing: "fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.notAFile, "\(path) is no file: move it away", operation: "read")
        }
        guard status.st_size <= limit else {
            throw FileError(
                .tooLarge, "\(path) has \(status.st_size) bytes, which memory has no room for: move it away", operation: "read")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw FileError(failing: "read", path) }
            done += count
        }
        return bytes
    }
}
