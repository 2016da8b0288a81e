import Glibc

/// What is in a file, where a fault in reading is no more than that there is nothing.
public enum FileContents {
    /// The first bytes of a file; empty if it cannot be read.
    public static func head(_ path: String, count: Int) -> [UInt8] {
        // Without O_NONBLOCK a pipe of that name would be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return [] }
        defer { close(file) }
        return read(file, at: 0, count: count)
    }

    /// All bytes of a file, but no more than `limit`; nil if there is no such file, or it may not be read.
    public static func bytes(_ path: String, atMost limit: Int = .max) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let part = read(file, at: bytes.count, count: min(1 << 16, limit - bytes.count))
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// A small text file; nil if there is no such file, or it may not be read. Bytes that are no UTF-8 are replaced.
    public static func text(_ path: String, atMost limit: Int = 1 << 22) -> String? {
        bytes(path, atMost: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes of an open file from a position on; fewer where it ends or cannot be read.
    public static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, done in
            while done < count {
                let part = pread(file, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
                if part > 0 { done += part } else if part == 0 || errno != EINTR { break }
            }
        }
    }
}
