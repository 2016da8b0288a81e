import CTableKernels
import Glibc

/// A file's bytes, mapped into memory and followed by zeros, for as long as the object lives.
///
/// A file that another process shortens while it is being read can end this process, as with every mapped file; the mapping
/// lasts only for the read. Pipes are read into memory instead.
final class FileBytes: @unchecked Sendable {
    // SAFETY: the bytes are never written after init; the pointer lives until deinit.
    let base: UnsafePointer<UInt8>
    let count: Int
    private let mappedLength: Int

    init(path: String) throws(TableError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileBytes.failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileBytes.failure(path, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw TableError(.notAFile, "is a folder: name a file in it", path: path)
        case S_IFREG where status.st_size > 0:
            (base, mappedLength) = try FileBytes.map(descriptor, Int(status.st_size), path)
            count = Int(status.st_size)
        default:
            (base, count) = try FileBytes.readAll(descriptor, path)
            mappedLength = 0
        }
        if count == 0 {
            throw TableError(.emptyFile, "the file is empty: it needs a header or at least one record", path: path)
        }
    }

    /// A part of a file, read into memory.
    ///
    /// - Throws: `unreadable` when the file's size is no longer `fileSize`.
    init(path: String, range: Range<Int>, fileSize: Int) throws(TableError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileBytes.failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileBytes.failure(path, errno) }
        guard Int(status.st_size) == fileSize, let buffer = malloc(range.count + 64) else {
            throw TableError(.unreadable, "changed while it was being read: start again with a file that stays", path: path)
        }
        var done = 0
        while done < range.count {
            let got = pread(descriptor, buffer + done, range.count - done, range.lowerBound + done)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                let code = errno
                free(buffer)
                throw FileBytes.failure(path, code)
            }
            done += got
        }
        memset(buffer + done, 0, 64)
        (base, count, mappedLength) = (UnsafePointer(buffer.assumingMemoryBound(to: UInt8.self)), range.count, 0)
    }

    deinit {
        let pointer = UnsafeMutableRawPointer(mutating: base)
        if mappedLength > 0 { munmap(pointer, mappedLength) } else { free(pointer) }
    }

    /// Lets go of a range within the file; `offset` may be anywhere.
    func release(from start: Int, to end: Int) {
        let first = (start + FileBytes.pageSize - 1) & ~(FileBytes.pageSize - 1)
        let last = end & ~(FileBytes.pageSize - 1)
        guard mappedLength > 0, last > first else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
    }

    /// The text of a field.
    func text(_ span: dk_span) -> String {
        let bytes = UnsafeBufferPointer(start: base + dk_span_offset(span), count: dk_span_length(span))
        guard dk_span_escaped(span) != 0 else { return String(decoding: bytes, as: UTF8.self) }
        var undone: [UInt8] = []
        undone.reserveCapacity(bytes.count)
        var skip = false
        for byte in bytes {
            if byte == UInt8(ascii: "\""), !skip {
                skip = true
                continue
            }
            skip = false
            undone.append(byte)
        }
        return String(decoding: undone, as: UTF8.self)
    }

    /// The physical line of a byte, from 1.
    func line(at offset: Int) -> Int { dk_newlines(base, offset) + 1 }

    /// Where the last record ends: blank lines behind it do not count.
    var endWithoutBlankLines: Int {
        var end = count
        while end > 1, base[end - 1] == 10 || base[end - 1] == 13 {
            // Keep the line ending of the last record itself.
            var previous = end - 1
            if base[end - 1] == 10, previous > 0, base[previous - 1] == 13 { previous -= 1 }
            guard previous > 0, base[previous - 1] == 10 else { break }
            end = previous
        }
        return end
    }

    /// Whether a line of nothing but its ending begins here.
    func isBlankLine(at offset: Int, end: Int) -> Bool {
        base[offset] == 10 || (base[offset] == 13 && (offset + 1 == end || base[offset + 1] == 10))
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    private static func map(_ descriptor: Int32, _ size: Int, _ path: String) throws(TableError) -> (UnsafePointer<UInt8>, Int) {
        // One page more than the file, so that kernels may read past its end.
        let length = (size + pageSize - 1) / pageSize * pageSize + pageSize
        guard let reserved = mmap(nil, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), reserved != MAP_FAILED else {
            throw failure(path, errno)
        }
        guard mmap(reserved, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) != MAP_FAILED else {
            let code = errno
            munmap(reserved, length)
            throw failure(path, code)
        }
        madvise(reserved, size, MADV_SEQUENTIAL)
        return (UnsafePointer(reserved.assumingMemoryBound(to: UInt8.self)), length)
    }

    private static func readAll(_ descriptor: Int32, _ path: String) throws(TableError) -> (UnsafePointer<UInt8>, Int) {
        var capacity = 1 << 16, count = 0
        guard var buffer = malloc(capacity) else { throw failure(path, ENOMEM) }
        while true {
            let got = Glibc.read(descriptor, buffer + count, capacity - count - 64)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                let code = errno
                free(buffer)
                throw failure(path, code)
            }
            if got == 0 { break }
            count += got
            if capacity - count < 4096 {
                capacity *= 2
                guard let grown = realloc(buffer, capacity) else {
                    free(buffer)
                    throw failure(path, ENOMEM)
                }
                buffer = grown
            }
        }
        memset(buffer + count, 0, 64)
        return (UnsafePointer(buffer.assumingMemoryBound(to: UInt8.self)), count)
    }

    private static func failure(_ path: String, _ code: Int32) -> TableError {
        switch code {
        case ENOENT: TableError(.fileNotFound, "no such file: check the path", path: path)
        case ENOTDIR: TableError(.fileNotFound, "no such file: a part of the path is not a folder", path: path)
        case EACCES: TableError(.unreadable, "may not be read: check its permissions", path: path)
        default: TableError(.unreadable, "cannot be read: \(String(cString: strerror(code)))", path: path)
        }
    }
}
