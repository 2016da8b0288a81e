import CZlib

/// Packs by deflate what is written, piece after piece, with gzip's header.
public final class Deflater {
    /// zlib wants it to stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Returns: nil where there is no memory.
    public init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard cx_zlib_start_packing(stream) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// - Parameters:
    ///   - input: at most a gigabyte.
    ///   - isLast: whether nothing comes behind it.
    /// - Returns: the bytes that were read and written, and whether all is written; nil where there is no memory.
    public func pack(
        _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) -> (read: Int, written: Int, isOver: Bool)? {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
        let (left, room) = (Int(stream.pointee.avail_in), Int(stream.pointee.avail_out))
        return (input.count - left, output.count - room, isLast ? status == Z_STREAM_END : left == 0 && room > 0)
    }
}
