import CZstd
import Deflating

/// Compresses what is written, piece after piece, into one stream.
final class Packer {
    private enum State {
        case gzip(Deflater)
        case zstd(OpaquePointer)
    }

    private let state: State
    private let path: String
    private let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)

    init(_ packing: Packing, path: String) throws(TableError) {
        self.path = path
        switch packing {
        case .gzip:
            guard let deflater = Deflater() else { throw Self.noMemory(path) }
            state = .gzip(deflater)
        case .zstd:
            guard let context = ZSTD_createCCtx() else { throw Self.noMemory(path) }
            // So that a damaged file is found out.
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
            state = .zstd(context)
        }
    }

    deinit {
        room.deallocate()
        if case .zstd(let context) = state { ZSTD_freeCCtx(context) }
    }

    /// Packs some bytes and hands on what is ready.
    func pack(
        _ bytes: UnsafeRawBufferPointer, to send: (UnsafeBufferPointer<UInt8>) throws(TableError) -> Void
    ) throws(TableError) {
        // zlib counts in 32 bits.
        var start = 0
        while start < bytes.count {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 1 << 30)])
            try step(piece, isLast: false, send)
            start += piece.count
        }
    }

    /// Hands on what is left.
    func finish(to send: (UnsafeBufferPointer<UInt8>) throws(TableError) -> Void) throws(TableError) {
        try step(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, send)
    }

    private func step(
        _ bytes: UnsafeRawBufferPointer, isLast: Bool, _ send: (UnsafeBufferPointer<UInt8>) throws(TableError) -> Void
    ) throws(TableError) {
        var done = 0
        while true {
            let input = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let (used, made, isOver) = try advance(input, isLast, UnsafeMutableRawBufferPointer(room))
            done += used
            try send(UnsafeBufferPointer(rebasing: room[..<made]))
            if isOver { return }
        }
    }

    private func advance(
        _ input: UnsafeRawBufferPointer, _ isLast: Bool, _ output: UnsafeMutableRawBufferPointer
    ) throws(TableError) -> (used: Int, made: Int, isOver: Bool) {
        switch state {
        case .gzip(let deflater):
            guard let (used, made, isOver) = deflater.pack(input, isLast: isLast, into: output) else { throw Self.noMemory(path) }
            return (used, made, isOver)
        case .zstd(let context):
            var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let due = ZSTD_compressStream2(context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
            guard ZSTD_isError(due) == 0 else { throw Self.noMemory(path) }
            return (source.pos, target.pos, isLast ? due == 0 : source.pos == source.size)
        }
    }

    private static func noMemory(_ path: String) -> TableError {
        TableError(.writeFailed, "there is no memory to compress it: close other programs", path: path)
    }
}
