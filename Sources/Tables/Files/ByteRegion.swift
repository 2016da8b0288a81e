import CTableKernels
import Glibc

/// A stretch of memory that holds a file's bytes, with at least 64 zeros behind them.
final class ByteRegion: @unchecked Sendable {
    // SAFETY: the bytes are written by whoever makes the object, before anybody else sees it; the pointer lives until deinit.
    let base: UnsafePointer<UInt8>
    let count: Int
    private let backing: Backing

    private enum Backing {
        /// Pages of a file, which come back when they are let go.
        case file(length: Int, guarded: Int32)
        /// Pages of memory.
        case pages(length: Int)
        /// From the allocator.
        case allocation
    }

    /// The bytes of a file: mapped, or read when it is not a regular one.
    init(path: String) throws(TableError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw TableError(.notAFile, "is a folder: name a file in it", path: path)
        case S_IFREG where status.st_size > 0:
            let (base, length) = try Self.map(descriptor, Int(status.st_size), path)
            // Another program may cut it off meanwhile.
            (self.base, count, backing) = (
                base, Int(status.st_size), .file(length: length, guarded: dk_guard(base, length))
            )
        default:
            (base, count) = try Self.readAll(descriptor, path)
            backing = .allocation
        }
    }

    /// A part of a file, read into memory.
    ///
    /// - Throws: `unreadable` when the file's size is no longer `fileSize`.
    init(path: String, range: Range<Int>, fileSize: Int) throws(TableError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, errno) }
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
                throw Self.failure(path, code)
            }
            done += got
        }
        memset(buffer + done, 0, 64)
        (base, count, backing) = (UnsafePointer(buffer.assumingMemoryBound(to: UInt8.self)), range.count, .allocation)
    }

    /// Memory of unknown use: `fill` gets up to `most` bytes and says how many it wrote. Pages never written cost nothing.
    init(most: Int, path: String, fill: (UnsafeMutableRawBufferPointer) throws(TableError) -> Int) throws(TableError) {
        var capacity = Self.roundedUp(most)
        var reserved = Self.reserve(capacity)
        while reserved == nil, capacity > 1 << 24 {
            capacity = Self.roundedUp(capacity / 2)
            reserved = Self.reserve(capacity)
        }
        guard let reserved else { throw Self.failure(path, ENOMEM) }
        do throws(TableError) {
            // A page stays unwritten behind the bytes.
            count = try fill(UnsafeMutableRawBufferPointer(start: reserved, count: capacity - Self.pageSize))
        } catch {
            munmap(reserved, capacity)
            throw error
        }
        let length = Self.roundedUp(count) + Self.pageSize
        if length < capacity { munmap(reserved + length, capacity - length) }
        base = UnsafePointer(reserved.assumingMemoryBound(to: UInt8.self))
        backing = .pages(length: min(length, capacity))
    }

    deinit {
        let pointer = UnsafeMutableRawPointer(mutating: base)
        switch backing {
        case .file(let length, let guarded):
            dk_unguard(guarded)
            munmap(pointer, length)
        case .pages(let length): munmap(pointer, length)
        case .allocation: free(pointer)
        }
    }

    /// All bytes, without the zeros behind them.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Lets go of pages that can be read from the file again.
    func release(from start: Int, to end: Int) {
        let first = Self.roundedUp(start)
        let last = end & ~(Self.pageSize - 1)
        guard case .file = backing, last > first else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
    }

    /// Bytes of memory that this process may have: what the machine has, or what a limit leaves of it.
    static let physicalMemory: Int = {
        let machine = max(1 << 30, Int(sysconf(Int32(_SC_PHYS_PAGES))) * pageSize)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < UInt(Int.max) else {
            return machine
        }
        return min(machine, Int(limit.rlim_cur))
    }()

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    private static func roundedUp(_ count: Int) -> Int { (count + pageSize - 1) & ~(pageSize - 1) }

    private static func reserve(_ length: Int) -> UnsafeMutableRawPointer? {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let reserved = mmap(nil, length, PROT_READ | PROT_WRITE, flags, -1, 0), reserved != MAP_FAILED else { return nil }
        return reserved
    }

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
