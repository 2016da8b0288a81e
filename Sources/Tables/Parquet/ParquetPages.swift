import CTableKernels

/// Values of a column that stand together, unpacked: those of a dictionary, or those of some rows.
struct ParquetPage {
    var isDictionary: Bool
    /// Values, missing ones too.
    var count: Int
    var encoding: Int
    /// Definition levels, when values may be missing.
    var levels: UnsafeRawBufferPointer?
    var values: UnsafeRawBufferPointer
}

/// Walks through the pages of one column's piece of a row group. A page's bytes hold until the next one.
struct ParquetPages {
    private let bytes: UnsafeRawBufferPointer
    private let codec: Int
    private let hasLevels: Bool
    private let rowCount: Int
    private let memory: ScratchMemory
    private var offset: Int
    private var done = 0

    /// - Parameter bytes: of the file, up to the end of its pages.
    init(
        _ bytes: UnsafeRawBufferPointer, _ chunk: ParquetFooter.Chunk, _ leaf: ParquetLeaf, rowCount: Int, memory: ScratchMemory
    ) throws(TableError) {
        guard chunk.valueCount == rowCount, rowCount == 0 || (4..<bytes.count).contains(chunk.start) else {
            throw ThriftReader.damaged
        }
        (self.bytes, self.rowCount, self.memory) = (bytes, rowCount, memory)
        (codec, hasLevels, offset) = (chunk.codec, leaf.fullLevel > 0, chunk.start)
    }

    /// The next page; nil when all rows have their values.
    mutating func next() throws(TableError) -> ParquetPage? {
        while done < rowCount {
            var reader = ThriftReader(bytes, at: offset)
            let header = try ParquetPageHeader(&reader)
            guard header.packedSize <= bytes.count - reader.position else { throw ThriftReader.damaged }
            let body = UnsafeRawBufferPointer(rebasing: bytes[reader.position..<reader.position + header.packedSize])
            offset = reader.position + header.packedSize
            switch header.kind {
            case .other: continue
            case .dictionary:
                let values = try ParquetCodec.unpack(body, codec: codec, size: header.unpackedSize, into: memory)
                // A value takes a bit at least, so that this many are no more than there are.
                guard header.valueCount <= values.count * 8, header.encoding == 0 || header.encoding == 2 else {
                    throw ParquetCodec.damaged
                }
                return ParquetPage(isDictionary: true, count: header.valueCount, encoding: 0, values: values)
            case .data, .dataV2:
                guard header.valueCount <= rowCount - done else { throw ParquetCodec.damaged }
                done += header.valueCount
                return try header.kind == .data ? first(body, header) : second(body, header)
            }
        }
        return nil
    }

    /// A page of the first version: levels and values are packed together.
    private func first(
        _ body: UnsafeRawBufferPointer, _ header: ParquetPageHeader
    ) throws(TableError) -> ParquetPage {
        let values = try ParquetCodec.unpack(body, codec: codec, size: header.unpackedSize, into: memory)
        var page = ParquetPage(isDictionary: false, count: header.valueCount, encoding: header.encoding, values: values)
        guard hasLevels else { return page }
        guard header.levelEncoding == 3 else { throw ParquetValues.unknown("levels", header.levelEncoding) }
        (page.levels, page.values) = try ParquetValues.lengthPrefixed(values)
        return page
    }

    /// A page of the second version: its levels are never packed.
    private func second(
        _ body: UnsafeRawBufferPointer, _ header: ParquetPageHeader
    ) throws(TableError) -> ParquetPage {
        guard header.repetitionSize == 0, header.definitionSize <= min(body.count, header.unpackedSize) else {
            throw ParquetCodec.damaged
        }
        let rest = UnsafeRawBufferPointer(rebasing: body[header.definitionSize...])
        let values = try ParquetCodec.unpack(
            rest, codec: header.isCompressed ? codec : 0, size: header.unpackedSize - header.definitionSize, into: memory)
        let levels = hasLevels ? UnsafeRawBufferPointer(rebasing: body[..<header.definitionSize]) : nil
        return ParquetPage(
            isDictionary: false, count: header.valueCount, encoding: header.encoding, levels: levels, values: values)
    }
}
