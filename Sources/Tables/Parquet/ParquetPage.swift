import CTableKernels

/// The header of a page.
struct ParquetPageHeader {
    enum Kind { case data, dataV2, dictionary, other }

    var kind = Kind.other
    var unpackedSize = 0
    var packedSize = 0
    var valueCount = 0
    var encoding = 0
    /// How the first version writes definition levels.
    var levelEncoding = 3
    /// Bytes of levels in front of a page of the second version, and whether the rest is compressed.
    var definitionSize = 0, repetitionSize = 0
    var isCompressed = true

    init(_ reader: inout ThriftReader) throws(TableError) {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind) {
            case (1, .int):
                let number = try reader.int32()
                kind = number == 0 ? .data : number == 3 ? .dataV2 : number == 2 ? .dictionary : .other
            case (2, .int): unpackedSize = try reader.int32()
            case (3, .int): packedSize = try reader.int32()
            case (5, .structure), (7, .structure), (8, .structure): try readDetails(&reader, isSecondVersion: field.id == 8)
            default: try reader.skip(field.kind)
            }
        }
        guard unpackedSize >= 0, packedSize >= 0, valueCount >= 0, definitionSize >= 0, repetitionSize >= 0 else {
            throw ThriftReader.damaged
        }
    }

    private mutating func readDetails(_ reader: inout ThriftReader, isSecondVersion: Bool) throws(TableError) {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind, isSecondVersion) {
            case (1, .int, _): valueCount = try reader.int32()
            case (2, .int, false), (4, .int, true): encoding = try reader.int32()
            case (3, .int, false): levelEncoding = try reader.int32()
            case (5, .int, true): definitionSize = try reader.int32()
            case (6, .int, true): repetitionSize = try reader.int32()
            case (7, .no, true): isCompressed = false
            default: try reader.skip(field.kind)
            }
        }
    }
}

/// Memory that grows and is used again from page to page.
final class ScratchMemory {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0

    deinit { base?.deallocate() }

    /// Room for so many values; what it held is lost.
    func room<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        let bytes = max(64, count * MemoryLayout<Element>.stride)
        if let base, capacity >= bytes { return base.bindMemory(to: type, capacity: count) }
        base?.deallocate()
        capacity = bytes
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        base = fresh
        return fresh.bindMemory(to: type, capacity: count)
    }
}

/// How pages are compressed.
enum ParquetCodec {
    /// Unpacks a page of known size into memory that is used again.
    ///
    /// - Throws: `unsupportedFormat` for a codec not known; `damagedFile`, `tooLarge`.
    static func unpack(
        _ packed: UnsafeRawBufferPointer, codec: Int, size: Int, into scratch: ScratchMemory
    ) throws(TableError) -> UnsafeRawBufferPointer {
        if codec == 0 {
            guard packed.count == size else { throw damaged }
            return packed
        }
        // Beyond these rates of compression a page is not what it says.
        guard size <= 1 << 16 || size / 4096 <= packed.count * 16 else { throw damaged }
        let room = scratch.room(size, of: UInt8.self)
        let source = packed.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let output = UnsafeMutableRawBufferPointer(start: room, count: size)
        switch codec {
        case 1: guard dk_snappy(source, packed.count, room, size) != 0 else { throw damaged }
        case 7: guard dk_lz4(source, packed.count, room, size) != 0 else { throw damaged }
        case 2: try unpack(packed, .gzip, into: output)
        case 6: try unpack(packed, .zstd, into: output)
        default:
            let name = [3: "LZO", 4: "Brotli", 5: "the old LZ4"][codec] ?? "codec \(codec)"
            throw TableError(
                .unsupportedFormat,
                "is compressed by \(name): write it with zstd, as duckdb -c \"copy (from 'IN') to 'OUT.parquet' (compression zstd)\" does"
            )
        }
        return UnsafeRawBufferPointer(output)
    }

    private static func unpack(
        _ packed: UnsafeRawBufferPointer, _ packing: Packing, into output: UnsafeMutableRawBufferPointer
    ) throws(TableError) {
        do throws(Packing.Fault) {
            guard try packing.unpack(packed, into: output) == output.count else { throw .damaged }
        } catch {
            throw damaged
        }
    }

    static let damaged = TableError(.damagedFile, "a page is damaged: copy or write the file again")
}
