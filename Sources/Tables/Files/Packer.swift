import CZlib
import CZstd

/// Compresses what is written, piece after piece, into one stream.
final class Packer {
    private enum State {
        /// zlib wants it to stay where it is.
        case gzip(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
    }

    private let state: State
    private let path: String
    private let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)

    init(_ packing: Packing, path: String) throws(TableError) {
        self.path = path
        switch packing {
        case .gzip:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            guard cx_zlib_start_packing(stream) == Z_OK else {
                stream.deallocate()
                throw Self.noMemory(path)
            }
            state = .gzip(stream)
        case .zstd:
            guard let context = ZSTD_createCCtx() else { throw Self.noMemory(path) }
            // So that a damaged file is found out.
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
            state = .zstd(context)
        }
    }

    deinit {
        room.deallocate()
        switch state {
        case .gzip(let stream):
            deflateEnd(stream)
            stream.deallocate()
        case .zstd(let context): ZSTD_freeCCtx(context)
        }
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
        case .gzip(let stream):
            let source = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source)
            stream.pointee.avail_in = UInt32(input.count)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(output.count)
            let status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw Self.noMemory(path) }
            let (left, room) = (Int(stream.pointee.avail_in), Int(stream.pointee.avail_out))
            return (input.count - left, output.count - room, isLast ? status == Z_STREAM_END : left == 0 && room > 0)
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
