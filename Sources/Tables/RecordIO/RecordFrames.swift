/// The records of a RecordIO file, one after the other.
///
/// - Source: Apache MXNet, RecordIO: a magic word, a word with the length, the record, zeros up to a multiple of four bytes.
struct RecordFrames {
    private static let magic: UInt32 = 0xCED7_230A

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    /// Records handed out so far.
    private(set) var count = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    static func isLikely(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 8 && UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)) == magic
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next record's bytes.
    ///
    /// - Throws: `damagedFile` where no whole record is, `unsupportedFormat` for one in several parts.
    mutating func next() throws(TableError) -> UnsafeRawBufferPointer {
        let left = bytes.count - position
        guard left >= 8, word(position) == Self.magic else { throw fault("no record begins where one should") }
        let length = word(position + 4)
        guard length >> 29 == 0 else {
            throw TableError(
                .unsupportedFormat,
                "record \(count + 1) is in several parts, as MXNet writes them and SageMaker does not: write each as one")
        }
        guard Int(length) <= left - 8 else { throw fault("the file ends within it") }
        let start = position + 8
        // The last record's zeros may be missing.
        position = min(bytes.count, start + (Int(length) + 3) & ~3)
        count += 1
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(length)])
    }

    private func word(_ place: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    private func fault(_ what: String) -> TableError {
        TableError(.damagedFile, "record \(count + 1): \(what): copy the file again")
    }
}
