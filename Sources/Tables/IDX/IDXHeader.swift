/// The first bytes of an IDX file: what its values are, and its array's extents.
///
/// - Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.
struct IDXHeader {
    /// 8 and 9 bytes, 11 and 12 integers of 2 and 4 bytes, 13 and 14 floating-point numbers of 4 and 8 bytes.
    let type: Int
    /// Rows first.
    let extents: [Int]

    private static let sizes = [8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8]

    /// Two zeros, a known type, and at most 8 extents.
    static func isLikely(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 8 && bytes[0] == 0 && bytes[1] == 0 && sizes[Int(bytes[2])] != nil && (1...8).contains(bytes[3])
    }

    /// - Throws: `damagedFile` when the file is shorter or longer than its header says.
    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(TableError) {
        type = Int(bytes[2])
        let rank = Int(bytes[3])
        let damaged = TableError(.damagedFile, "is not as long as its header says: copy the file again", path: path)
        guard bytes.count >= 4 + 4 * rank else { throw damaged }
        extents = (0..<rank).map { Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 + 4 * $0, as: UInt32.self))) }
        var size = IDXHeader.sizes[type] ?? 1
        for extent in extents {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw damaged }
            size = product
        }
        guard size == bytes.count - 4 - 4 * rank else { throw damaged }
    }

    var rowCount: Int { extents[0] }
    /// Values a row.
    var width: Int { extents.dropFirst().reduce(1, *) }
    var valueSize: Int { IDXHeader.sizes[type] ?? 1 }
    var isWhole: Bool { type < 13 }
    /// Where the values begin.
    var offset: Int { 4 + 4 * extents.count }

    /// Height, width and channels, for three extents or four.
    var imageShape: String? {
        switch extents.count {
        case 3: "\(extents[1])x\(extents[2])x1"
        case 4: "\(extents[1])x\(extents[2])x\(extents[3])"
        default: nil
        }
    }
}
