import CTableKernels

/// How the buffers of a batch are compressed.
enum ArrowCodec: Int8 { case lz4 = 0, zstd }

/// Where a buffer lies in the file and how many bytes it holds.
struct ArrowBuffer {
    private(set) var range: Range<Int>
    private(set) var codec: ArrowCodec?
    /// Bytes it holds, unpacked.
    private(set) var count: Int

    /// - Parameter words: offset in the body and length, as the description gives them.
    init(_ words: [Int64], in body: Range<Int>, codec: ArrowCodec?, of bytes: UnsafeRawBufferPointer) throws(TableError) {
        let limit = Int64(body.count)
        guard (0...limit).contains(words[0]), (0...limit - words[0]).contains(words[1]) else { throw Self.damaged }
        let start = body.lowerBound + Int(words[0])
        (range, count) = (start..<start + Int(words[1]), Int(words[1]))
        guard let codec, count > 0 else { return }
        guard count >= 8 else { throw Self.damaged }
        let unpacked = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Int64.self))
        range = start + 8..<range.upperBound
        count = range.count
        // What would not get smaller is stored as it is.
        if unpacked == -1 { return }
        // Beyond these rates of compression a buffer is not what it says.
        let most = (Int64(range.count) + 1) * (codec == .lz4 ? 256 : 1 << 16)
        guard unpacked >= 0, unpacked <= most, unpacked <= Int64(ByteRegion.physicalMemory / 2) else { throw Self.damaged }
        (self.codec, count) = (codec, Int(unpacked))
    }

    /// Its bytes, in the file or unpacked into memory that is used again.
    func open(_ bytes: UnsafeRawBufferPointer, _ scratch: ScratchMemory) throws(TableError) -> UnsafeRawBufferPointer {
        let stored = UnsafeRawBufferPointer(rebasing: bytes[range])
        guard let codec else { return stored }
        let room = scratch.room(count, of: UInt8.self)
        switch codec {
        case .lz4: guard dk_lz4_frame(stored.start, stored.count, room, count) != 0 else { throw Self.damaged }
        case .zstd:
            do throws(Packing.Fault) {
                let output = UnsafeMutableRawBufferPointer(start: room, count: count)
                guard try Packing.zstd.unpack(stored, into: output) == count else { throw .damaged }
            } catch { throw Self.damaged }
        }
        return UnsafeRawBufferPointer(start: room, count: count)
    }

    static let damaged = TableError(.damagedFile, "a batch of rows is damaged: copy or write the file again")
}

/// A column's values in one batch.
struct ArrowPiece {
    var rowCount: Int
    /// Bits that say which values there are, of the column and of the groups it is in; none where none is missing.
    var validities: [ArrowBuffer] = []
    /// What the layout of the values asks for; then, of views, the buffers they point into.
    var buffers: [ArrowBuffer] = []
    /// The values that the numbers in `buffers` stand for.
    var dictionary: ArrowDictionary?
}

/// The values of a dictionary at one point of a file.
struct ArrowDictionary {
    /// Another one when the values before are not valid any more.
    var generation = 0
    var pieces: [ArrowPiece] = []

    var count: Int { pieces.reduce(0) { $0 + $1.rowCount } }
}
