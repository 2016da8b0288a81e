import CTableKernels

/// Brings the values of a page, whatever their encoding, into the form in which they are stored plainly. What it gives holds until
/// it is asked again.
struct ParquetValues {
    let leaf: ParquetLeaf
    private let levelMemory = ScratchMemory(), placeMemory = ScratchMemory(), valueMemory = ScratchMemory()
    private let lengthMemory = ScratchMemory(), spanMemory = ScratchMemory()

    init(_ leaf: ParquetLeaf) { self.leaf = leaf }

    /// The definition level of every row.
    func levels(_ levels: UnsafeRawBufferPointer, _ count: Int) throws(TableError) -> UnsafeMutablePointer<UInt32> {
        let room = levelMemory.room(count, of: UInt32.self)
        let width = UInt32(UInt32.bitWidth - leaf.fullLevel.leadingZeroBitCount)
        guard dk_rle(levels.start, levels.count, width, room, count) != 0 else { throw ParquetCodec.damaged }
        return room
    }

    /// Places in the dictionary, when that is what a page holds.
    func places(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int
    ) throws(TableError) -> UnsafeMutablePointer<UInt32>? {
        guard encoding == 2 || encoding == 8 else { return nil }
        let places = placeMemory.room(count, of: UInt32.self)
        guard let width = page.first, dk_rle(page.start.map { $0 + 1 }, page.count - 1, UInt32(width), places, count) != 0
        else { throw ParquetCodec.damaged }
        return places
    }

    /// Values of fixed width one behind the other; integers of DELTA_BINARY_PACKED come as 64 bits whatever they were.
    func fixed(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int
    ) throws(TableError) -> (source: UnsafePointer<UInt8>?, isWidened: Bool) {
        switch encoding {
        case 0:
            guard count <= page.count / leaf.width else { throw ParquetCodec.damaged }
            return (page.start, false)
        case 5 where leaf.physicalType == 1 || leaf.physicalType == 2:
            let integers = valueMemory.room(count, of: Int64.self)
            guard dk_delta(page.start, page.count, leaf.physicalType == 1 ? 32 : 64, integers, count) != 0 else {
                throw ParquetCodec.damaged
            }
            return (UnsafeRawPointer(integers).assumingMemoryBound(to: UInt8.self), true)
        case 9 where leaf.width > 0: return (try joined(page, count), false)
        default: throw Self.unknown("numbers", encoding)
        }
    }

    /// Truth values.
    func truths(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int
    ) throws(TableError) -> UnsafeMutablePointer<UInt32> {
        let bits = placeMemory.room(count, of: UInt32.self)
        switch encoding {
        case 0: guard dk_bits(page.start, page.count, bits, count) != 0 else { throw ParquetCodec.damaged }
        case 3:
            let (runs, _) = try Self.lengthPrefixed(page)
            guard dk_rle(runs.start, runs.count, 1, bits, count) != 0 else { throw ParquetCodec.damaged }
        default: throw Self.unknown("truth values", encoding)
        }
        return bits
    }

    /// Where the byte arrays of a page lie, and in how many bytes.
    func spans(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int
    ) throws(TableError) -> (bytes: UnsafeBufferPointer<UInt8>, spans: UnsafeMutablePointer<dk_span>) {
        let spans = spanMemory.room(count, of: dk_span.self)
        switch encoding {
        case 0 where leaf.physicalType == 6:
            guard count <= page.count / 4, dk_plain_texts(page.start, page.count, spans, count) != 0 else {
                throw ParquetCodec.damaged
            }
            return (UnsafeBufferPointer(start: page.start, count: page.count), spans)
        case 0 where leaf.physicalType == 7, 9 where leaf.physicalType == 7:
            guard count <= page.count / leaf.width else { throw ParquetCodec.damaged }
            for index in 0..<count { spans[index] = dk_span_of(index * leaf.width, leaf.width, 0) }
            let source = encoding == 9 ? try joined(page, count) : page.start
            return (UnsafeBufferPointer(start: source, count: count * leaf.width), spans)
        case 6, 7:
            // Lengths of prefixes taken from the text before, lengths of the rest, and the rests.
            let lengths = lengthMemory.room(2 * count, of: Int64.self)
            var start = page.start, left = page.count
            for part in (encoding == 6 ? 1 : 0)..<2 {
                let used = dk_delta(start, left, 32, lengths + part * count, count)
                guard used > 0 else { throw ParquetCodec.damaged }
                (start, left) = (start.map { $0 + used }, left - used)
            }
            let prefixes = encoding == 7 ? lengths : nil
            let size = dk_joined_size(prefixes, lengths + count, count, left, 1 << 31)
            guard size > 0 else { throw ParquetCodec.damaged }
            let joined = valueMemory.room(size, of: UInt8.self)
            dk_join(prefixes, lengths + count, count, start, joined, spans)
            return (UnsafeBufferPointer(start: joined, count: size), spans)
        default: throw Self.unknown("texts", encoding)
        }
    }

    private func joined(_ page: UnsafeRawBufferPointer, _ count: Int) throws(TableError) -> UnsafePointer<UInt8> {
        guard count <= page.count / leaf.width else { throw ParquetCodec.damaged }
        let joined = valueMemory.room(count * leaf.width, of: UInt8.self)
        guard dk_stream_split(page.start, page.count, leaf.width, joined, count) != 0 else { throw ParquetCodec.damaged }
        return UnsafePointer(joined)
    }

    /// Four bytes of length, so many bytes, and the rest.
    static func lengthPrefixed(
        _ bytes: UnsafeRawBufferPointer
    ) throws(TableError) -> (UnsafeRawBufferPointer, UnsafeRawBufferPointer) {
        guard bytes.count >= 4 else { throw ParquetCodec.damaged }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        guard length <= bytes.count - 4 else { throw ParquetCodec.damaged }
        return (
            UnsafeRawBufferPointer(rebasing: bytes[4..<4 + length]), UnsafeRawBufferPointer(rebasing: bytes[(4 + length)...])
        )
    }

    static func unknown(_ what: String, _ encoding: Int) -> TableError {
        TableError(
            .unsupportedFormat,
            "holds \(what) in encoding \(encoding), which this program does not know: write it again, as "
                + "duckdb -c \"copy (from 'IN') to 'OUT.parquet'\" does")
    }
}

extension UnsafeRawBufferPointer {
    /// The first byte's place.
    var start: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
