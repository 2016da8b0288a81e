import CTableKernels
import CZstd

/// Writes a Parquet file: one row group after another, in each of them one column after another.
///
/// Pages are of the first version and packed by zstd; values are plain, byte arrays that recur a dictionary.
///
/// - Source: parquet.thrift of the Parquet format, version 2.11.
struct ParquetWriter {
    /// What the writer has to know of a column.
    struct Leaf {
        var path: [String]
        var physicalType: Int
        /// The definition level of values that are there.
        var fullLevel: UInt8
    }

    private let output: RowOutput
    private let leaves: [Leaf]
    private let start: Int
    private var rowGroups: [[UInt8]] = []
    private var rowCount = 0
    /// The row group at hand: what its columns are, and the sizes of their pages.
    private var columns: [[UInt8]] = []
    private var sizes = (unpacked: 0, packed: 0)

    init(_ output: RowOutput, leaves: [Leaf]) throws(TableError) {
        (self.output, self.leaves) = (output, leaves)
        start = output.position
        try output.append("PAR1")
    }

    /// Writes the next column of the row group at hand.
    mutating func append(_ chunk: ParquetRawChunk) throws(TableError) {
        let leaf = leaves[columns.count]
        let encoder = ParquetChunkEncoder(chunk, physicalType: leaf.physicalType)
        let place = output.position - start
        var dictionary: Int?
        var unpacked = 0
        if let page = encoder.dictionaryPage {
            dictionary = place
            unpacked += try append(page, count: encoder.distinctCount, isDictionary: true, encoding: 0)
        }
        let data = output.position - start
        var row = 0, value = 0
        while row < chunk.rowCount {
            let page = encoder.page(from: &row, value: &value)
            unpacked += try append(page.bytes, count: page.rowCount, isDictionary: false, encoding: dictionary == nil ? 0 : 8)
        }
        let packed = output.position - start - place
        sizes = (sizes.unpacked + unpacked, sizes.packed + packed)
        columns.append(description(leaf, chunk.rowCount, data, dictionary, unpacked, packed))
        if columns.count == leaves.count { closeGroup(chunk.rowCount) }
    }

    /// Writes what stands at the end.
    ///
    /// - Parameters:
    ///   - schema: the elements of the schema as they are written, the root's first.
    ///   - notes: key-value pairs as they are written.
    func finish(schema: [[UInt8]], notes: [[UInt8]]) throws(TableError) {
        var footer = ThriftWriter()
        footer.structure { footer in
            footer.int(1, 2)
            footer.list(2, .structure, count: schema.count)
            for element in schema { footer.raw(element) }
            footer.long(3, rowCount)
            footer.list(4, .structure, count: rowGroups.count)
            for group in rowGroups { footer.raw(group) }
            if !notes.isEmpty {
                footer.list(5, .structure, count: notes.count)
                for note in notes { footer.raw(note) }
            }
            footer.text(6, "descent")
        }
        try output.append(footer.bytes)
        try output.append(littleEndian(UInt32(clamping: footer.bytes.count)) + Array("PAR1".utf8))
    }

    private mutating func closeGroup(_ rows: Int) {
        var group = ThriftWriter()
        group.structure { group in
            group.list(1, .structure, count: columns.count)
            for column in columns { group.raw(column) }
            group.long(2, sizes.unpacked)
            group.long(3, rows)
        }
        rowGroups.append(group.bytes)
        rowCount += rows
        columns = []
        sizes = (0, 0)
    }

    private func description(
        _ leaf: Leaf, _ rows: Int, _ data: Int, _ dictionary: Int?, _ unpacked: Int, _ packed: Int
    ) -> [UInt8] {
        var column = ThriftWriter()
        column.structure { column in
            column.long(2, dictionary ?? data)
            column.structure(3) { details in
                details.int(1, leaf.physicalType)
                let encodings = dictionary == nil ? [0, 3] : [0, 3, 8]
                details.list(2, .int, count: encodings.count)
                for encoding in encodings { details.varint(encoding) }
                details.list(3, .binary, count: leaf.path.count)
                for name in leaf.path { details.binary(name) }
                details.int(4, 6)
                details.long(5, rows)
                details.long(6, unpacked)
                details.long(7, packed)
                details.long(9, data)
                if let dictionary { details.long(11, dictionary) }
            }
        }
        return column.bytes
    }

    /// Writes a page and gives the size it has unpacked, with its header.
    private func append(
        _ body: [UInt8], count: Int, isDictionary: Bool, encoding: Int
    ) throws(TableError) -> Int {
        let packed = try Self.packed(body)
        var header = ThriftWriter()
        header.structure { header in
            header.int(1, isDictionary ? 2 : 0)
            header.int(2, body.count)
            header.int(3, packed.count)
            header.structure(isDictionary ? 7 : 5) { details in
                details.int(1, count)
                details.int(2, encoding)
                guard !isDictionary else { return }
                details.int(3, 3)
                details.int(4, 3)
            }
        }
        try output.append(header.bytes)
        try output.append(packed)
        return header.bytes.count + body.count
    }

    private static func packed(_ bytes: [UInt8]) throws(TableError) -> [UInt8] {
        let room = ZSTD_compressBound(bytes.count)
        var size = 0
        let packed = [UInt8](unsafeUninitializedCapacity: room) { output, initialized in
            size = ZSTD_compress(output.baseAddress, room, bytes, bytes.count, ZSTD_defaultCLevel())
            initialized = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0 else {
            throw TableError(.writeFailed, "there is no memory to compress it: close other programs")
        }
        return packed
    }
}

/// The schema's elements that this program writes itself.
enum ParquetSchemaText {
    /// What the values mean.
    enum Logical { case none, text, date, moment(isUTC: Bool) }

    /// The root, over so many columns and groups.
    static func root(name: String, childCount: Int) -> [UInt8] {
        var element = ThriftWriter()
        element.structure { element in
            element.text(4, name)
            element.int(5, childCount)
        }
        return element.bytes
    }

    /// A column that may lack values.
    static func column(name: String, physicalType: Int, _ logical: Logical) -> [UInt8] {
        var element = ThriftWriter()
        element.structure { element in
            element.int(1, physicalType)
            element.int(3, 1)
            element.text(4, name)
            // Old readers know the converted types (field 6), new ones the logical types (field 10).
            switch logical {
            case .none: break
            case .text:
                element.int(6, 0)
                element.structure(10) { $0.structure(1) { _ in } }
            case .date:
                element.int(6, 6)
                element.structure(10) { $0.structure(6) { _ in } }
            case .moment(let isUTC):
                if isUTC { element.int(6, 10) }
                element.structure(10) { union in
                    union.structure(8) { moment in
                        moment.truth(1, isUTC)
                        moment.structure(2) { unit in unit.structure(2) { _ in } }
                    }
                }
            }
        }
        return element.bytes
    }
}

/// A number's bytes, the lowest first.
func littleEndian(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
