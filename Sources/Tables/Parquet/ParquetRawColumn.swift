import CTableKernels

/// Decodes one column of a Parquet file into its values as they are stored, one row group at a time.
struct ParquetRawColumn {
    private let bytes: UnsafeRawBufferPointer
    private let leaf: ParquetLeaf
    private let values: ParquetValues
    private let pageMemory = ScratchMemory()

    /// - Parameter bytes: of the file, up to the end of its pages.
    init(_ bytes: UnsafeRawBufferPointer, leaf: ParquetLeaf) {
        (self.bytes, self.leaf) = (bytes, leaf)
        values = ParquetValues(leaf)
    }

    /// The column's values in a row group.
    ///
    /// - Throws: `damagedFile`, `unsupportedFormat`; `tooLarge` when they take more than half of this machine's memory.
    func decode(_ chunk: ParquetFooter.Chunk, rowCount: Int) throws(TableError) -> ParquetRawChunk {
        var raw = ParquetRawChunk(fullLevel: UInt8(clamping: leaf.fullLevel))
        var dictionary: [dk_span] = []
        var pages = try ParquetPages(bytes, chunk, leaf, rowCount: rowCount, memory: pageMemory)
        while let page = try pages.next() {
            if page.isDictionary {
                var values = ParquetRawChunk(fullLevel: 0)
                swap(&values.bytes, &raw.bytes)
                try append(page.values, encoding: 0, page.count, [], to: &values)
                swap(&values.bytes, &raw.bytes)
                dictionary = values.spans
                continue
            }
            var present = page.count
            if let packed = page.levels {
                let levels = try values.levels(packed, page.count)
                present = dk_present(levels, page.count, leaf.fullLevel)
                // A level above the highest says as little as one below it.
                for row in 0..<page.count { raw.levels.append(levels[row] > leaf.fullLevel ? 0 : UInt8(clamping: levels[row])) }
            }
            if present > 0 { try append(page.values, encoding: page.encoding, present, dictionary, to: &raw) }
            raw.rowCount += page.count
        }
        return raw
    }

    private func append(
        _ page: UnsafeRawBufferPointer, encoding: Int, _ count: Int, _ dictionary: [dk_span], to raw: inout ParquetRawChunk
    ) throws(TableError) {
        if let places = try values.places(page, encoding, count) {
            for index in 0..<count {
                guard Int(places[index]) < dictionary.count else { throw ParquetCodec.damaged }
                raw.spans.append(dictionary[Int(places[index])])
            }
            return
        }
        switch leaf.physicalType {
        case 0:
            let truths = try values.truths(page, encoding, count)
            for index in 0..<count {
                raw.spans.append(dk_span_of(raw.bytes.count, 1, 0))
                raw.bytes.append(UInt8(truncatingIfNeeded: truths[index] & 1))
            }
        case 6, 7:
            let (bytes, spans) = try values.spans(page, encoding, count)
            let start = try makeRoom(bytes.count, in: &raw)
            raw.bytes += bytes
            for index in 0..<count {
                raw.spans.append(dk_span_of(start + dk_span_offset(spans[index]), dk_span_length(spans[index]), 0))
            }
        default:
            let (source, isWidened) = try values.fixed(page, encoding, count)
            let start = try makeRoom(count * leaf.width, in: &raw)
            let stride = isWidened ? 8 : leaf.width
            // The lower bytes of a widened integer come first.
            if stride == leaf.width {
                raw.bytes += UnsafeBufferPointer(start: source, count: count * leaf.width)
            } else {
                for index in 0..<count {
                    raw.bytes += UnsafeBufferPointer(start: source.map { $0 + index * stride }, count: leaf.width)
                }
            }
            for index in 0..<count { raw.spans.append(dk_span_of(start + index * leaf.width, leaf.width, 0)) }
        }
    }

    /// Where so many more bytes begin.
    private func makeRoom(_ count: Int, in raw: inout ParquetRawChunk) throws(TableError) -> Int {
        // Texts that share their beginnings may take far more room than their page.
        guard raw.bytes.count + count <= ByteRegion.physicalMemory / 2 else {
            throw TableError(.tooLarge, "column '\(leaf.name)' needs more memory than there is: write smaller row groups")
        }
        return raw.bytes.count
    }
}
