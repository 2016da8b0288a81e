import Cells
import Files
import Glibc
import OutputFiles
import PrintableText

/// What came through a pipe, in a file without a name that goes with the process.
final class SpooledFile: Sendable {
    /// The kernel's own name for it, for as long as this object is there.
    let path: String
    private let descriptor: Int32

    /// Copies all that comes.
    ///
    /// - Parameter name: what messages call it.
    /// - Throws: a fault when the disk is full, or it cannot be read to the end.
    init(copying source: Int32, named name: String) throws(CommandError) {
        let folder = TemporaryPlace.folder
        descriptor = try Self.open(in: folder)
        path = "/proc/self/fd/\(descriptor)"
        var buffer = [UInt8](repeating: 0, count: 1 << 18), total = 0
        while true {
            let got = read(source, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            if got < 0 {
                let reason = String(cString: strerror(errno))
                throw .data("\(name.printable) cannot be read: \(reason)")
            }
            if got == 0 { break }
            var written = 0
            while written < got {
                let count = buffer.withUnsafeBytes { bytes in
                    write(descriptor, bytes.baseAddress?.advanced(by: written), got - written)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.full(name, folder, byteCount: total + written, errno) }
                written += count
            }
            total += got
        }
        guard total > 0 else { throw .data("\(name.printable) is empty: give it a header or at least one record") }
    }

    deinit { close(descriptor) }

    /// Gives it a name, or copies it where that is another disk.
    func keep(at path: String) throws {
        let mask = umask(0)
        umask(mask)
        fchmod(descriptor, 0o666 & ~mask)
        if linkat(AT_FDCWD, self.path, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 { return }
        let file = try OutputFile(path)
        var buffer = [UInt8](repeating: 0, count: 1 << 18), offset = 0
        while true {
            let got = pread(descriptor, &buffer, buffer.count, off_t(offset))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw CommandError.failed("\(path.printable) cannot be written: \(String(cString: strerror(errno)))")
            }
            if got == 0 { break }
            try buffer.withUnsafeBufferPointer { try file.write(UnsafeBufferPointer(rebasing: $0[..<got])) }
            offset += got
        }
        try file.finish()
    }

    private static func open(in folder: String) throws(CommandError) -> Int32 {
        // O_TMPFILE, which the C library's headers hide.
        let withoutName = Glibc.open(folder, 0o20200000 | O_RDWR | O_CLOEXEC, 0o600)
        if withoutName >= 0 { return withoutName }
        // A file system that knows no files without names: the name goes at once.
        let made: (path: String, descriptor: Int32)
        do throws(FileError) { made = try TemporaryPlace.makeFile("descent-input") } catch {
            throw .failed(
                "no temporary file can be made in \(folder.printable): set TMPDIR to a folder with room (\(error.cause ?? ""))")
        }
        let file = made.descriptor
        unlink(made.path)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private static func full(_ name: String, _ folder: String, byteCount: Int, _ code: Int32) -> CommandError {
        .failed(
            "\(name.printable) does not fit into \(folder.printable): \(NumberFormat.bytes(byteCount)) came so far; make room, or set TMPDIR to a folder with more (\(String(cString: strerror(code))))"
        )
    }
}
