import CZlib

/// Unpacks what deflate has packed, piece after piece.
public final class Inflater {
    /// What stands before and behind the packed bytes.
    public enum Frame { case gzipOrZlib, none }

    public enum Outcome {
        case goesOn
        /// All of one stream was given.
        case ended
        /// There is nothing to read, or no room to write.
        case stuck
        case damaged, outOfMemory
    }

    /// zlib wants it to stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Returns: nil where there is no memory.
    public init?(_ frame: Frame) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = frame == .none ? cx_zlib_start_bare(stream) : cx_zlib_start(stream)
        guard code == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks as much as there is to read and room for, a gigabyte at most.
    ///
    /// - Returns: the bytes that were read and written.
    public func unpack(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (read: Int, written: Int, outcome: Outcome) {
        // zlib counts in 32 bits.
        let given = min(1 << 30, input.count), room = min(1 << 30, output.count)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(given)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_NO_FLUSH)
        let outcome: Outcome =
            switch status {
            case Z_OK: .goesOn
            case Z_STREAM_END: .ended
            case Z_BUF_ERROR: .stuck
            case Z_MEM_ERROR: .outOfMemory
            default: .damaged
            }
        return (given - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out), outcome)
    }

    /// Makes ready for another stream.
    /// - Returns: whether that could be done.
    public func beginAgain() -> Bool { inflateReset(stream) == Z_OK }
}
