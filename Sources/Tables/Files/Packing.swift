import CZstd
import Deflating

/// How a file or a page of one is compressed.
enum Packing {
    case gzip, zstd

    /// What went wrong while unpacking.
    enum Fault: Error { case truncated, damaged, outputFull, outOfMemory }

    /// The packing that a file's first bytes name.
    init?(_ bytes: UnsafeRawBufferPointer) {
        if bytes.starts(with: [0x1f, 0x8b, 0x08]) {
            self = .gzip
        } else if bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
            || (bytes.count > 4 && bytes[0] & 0xf0 == 0x50 && bytes[1...].starts(with: [0x2a, 0x4d, 0x18]))
        {
            self = .zstd
        } else {
            return nil
        }
    }

    /// A file's bytes unpacked into memory, of which they may take half.
    func unpack(_ stored: ByteRegion, path: String) throws(TableError) -> ByteRegion {
        let most = ByteRegion.physicalMemory / 2
        return try ByteRegion(most: most, path: path) { output throws(TableError) in
            do throws(Fault) {
                return try unpack(stored.bytes, into: output)
            } catch {
                switch error {
                case .truncated:
                    throw TableError(.damagedFile, "the \(self) data end in the middle: copy the file again", path: path)
                case .damaged:
                    throw TableError(.damagedFile, "the \(self) data are damaged: copy or compress the file again", path: path)
                case .outputFull:
                    throw TableError(
                        .tooLarge,
                        "unpacks to more than \(output.count >> 20) MB of memory: unpack the file first (\(self) -d)",
                        path: path)
                case .outOfMemory:
                    throw TableError(.tooLarge, "there is no memory to unpack the file: close other programs", path: path)
                }
            }
        }
    }

    /// Unpacks one stream, or several one behind the other, and gives the number of bytes written.
    func unpack(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Fault) -> Int {
        switch self {
        case .gzip: try Self.inflateAll(input, into: output)
        case .zstd: try Self.decompressAll(input, into: output)
        }
    }

    private static func inflateAll(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Fault) -> Int {
        guard let inflater = Inflater(.gzipOrZlib) else { throw .outOfMemory }
        var read = 0, written = 0
        while true {
            let (given, made, outcome) = inflater.unpack(
                UnsafeRawBufferPointer(rebasing: input[read...]),
                into: UnsafeMutableRawBufferPointer(rebasing: output[written...]))
            read += given
            written += made
            switch outcome {
            case .ended:
                // Zeros may fill up a block of a tape behind the last member.
                while read < input.count, input[read] == 0 { read += 1 }
                if read == input.count { return written }
                guard input[read] == 0x1f, inflater.beginAgain() else { throw .damaged }
            case .goesOn: break
            case .stuck:
                if written == output.count { throw .outputFull }
                throw read == input.count ? .truncated : .damaged
            case .outOfMemory: throw .outOfMemory
            case .damaged: throw .damaged
            }
        }
    }

    private static func decompressAll(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Fault) -> Int {
        guard let context = ZSTD_createDCtx() else { throw .outOfMemory }
        defer { ZSTD_freeDCtx(context) }
        // Also what `zstd --long=31` writes.
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 31)
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while true {
            let before = (source.pos, target.pos)
            let due = ZSTD_decompressStream(context, &target, &source)
            if ZSTD_isError(due) != 0 {
                throw ZSTD_getErrorCode(due) == ZSTD_error_memory_allocation ? .outOfMemory : .damaged
            }
            if source.pos == source.size, due == 0 { return target.pos }
            guard before == (source.pos, target.pos) else { continue }
            throw target.pos == target.size ? .outputFull : .truncated
        }
    }
}
