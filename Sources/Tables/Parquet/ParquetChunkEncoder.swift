import CTableKernels

/// Turns the values of a column in a row group into pages.
struct ParquetChunkEncoder {
    private let chunk: ParquetRawChunk
    private let physicalType: Int
    /// For byte arrays that recur: the number of each value, and the values.
    private let codes: [UInt32]
    private let distinct: TextNumbering?
    private let levelWidth: Int

    private static let mostRows = 1 << 16
    private static let mostBytes = 1 << 20

    init(_ chunk: ParquetRawChunk, physicalType: Int) {
        (self.chunk, self.physicalType) = (chunk, physicalType)
        levelWidth = HybridRuns.width(Int(chunk.fullLevel))
        (codes, distinct) = physicalType == 6 ? Self.numbered(chunk) : ([], nil)
    }

    /// Values of the dictionary.
    var distinctCount: Int { distinct?.count ?? 0 }

    /// The dictionary's values; nil when there is none.
    var dictionaryPage: [UInt8]? {
        guard let distinct else { return nil }
        var page: [UInt8] = []
        for code in 0..<distinct.count {
            let bytes = distinct.bytes(of: code)
            page += littleEndian(UInt32(clamping: bytes.count))
            page += bytes
        }
        return page
    }

    /// The page that begins at a row, whose first value is `value`; both move on to the next page.
    func page(from row: inout Int, value: inout Int) -> (bytes: [UInt8], rowCount: Int) {
        let (firstRow, firstValue) = (row, value)
        var size = 0
        while row < chunk.rowCount, row - firstRow < Self.mostRows, size < Self.mostBytes {
            if chunk.levels.isEmpty || chunk.levels[row] == chunk.fullLevel {
                size += distinct == nil ? dk_span_length(chunk.spans[value]) + 4 : 4
                value += 1
            }
            row += 1
        }
        var bytes: [UInt8] = []
        if chunk.fullLevel > 0 {
            let levels = chunk.levels[firstRow..<row].map { UInt32($0) }
            let packed = HybridRuns.encode(levels[...], width: levelWidth)
            bytes += littleEndian(UInt32(clamping: packed.count))
            bytes += packed
        }
        if distinct != nil {
            let width = HybridRuns.width(max(0, distinctCount - 1))
            bytes.append(UInt8(clamping: width))
            bytes += HybridRuns.encode(codes[firstValue..<value], width: width)
        } else {
            appendPlain(firstValue..<value, to: &bytes, size)
        }
        return (bytes, row - firstRow)
    }

    private func appendPlain(_ values: Range<Int>, to bytes: inout [UInt8], _ size: Int) {
        if physicalType == 0 {
            var byte: UInt8 = 0
            for (position, index) in values.enumerated() {
                byte |= (chunk.bytes[dk_span_offset(chunk.spans[index])] & 1) << UInt8(position % 8)
                if position % 8 == 7 || index == values.upperBound - 1 {
                    bytes.append(byte)
                    byte = 0
                }
            }
            return
        }
        bytes.reserveCapacity(bytes.count + size)
        for index in values {
            let span = chunk.spans[index]
            let (offset, length) = (dk_span_offset(span), dk_span_length(span))
            if physicalType == 6 { bytes += littleEndian(UInt32(clamping: length)) }
            bytes += chunk.bytes[offset..<offset + length]
        }
    }

    /// Each value's number among the distinct ones; nothing when they hardly recur or are large.
    private static func numbered(_ chunk: ParquetRawChunk) -> ([UInt32], TextNumbering?) {
        let distinct = TextNumbering()
        var codes: [UInt32] = []
        var size = 0
        let fits = chunk.bytes.withUnsafeBufferPointer { bytes in
            for span in chunk.spans {
                let value = UnsafeBufferPointer(
                    start: bytes.baseAddress.map { $0 + dk_span_offset(span) }, count: dk_span_length(span))
                let before = distinct.count
                codes.append(UInt32(bitPattern: distinct.number(value)))
                if distinct.count > before { size += value.count }
                if size > mostBytes || (codes.count >= 1024 && distinct.count * 2 > codes.count) { return false }
            }
            return distinct.count * 2 <= codes.count
        }
        return fits && !codes.isEmpty ? (codes, distinct) : ([], nil)
    }
}
