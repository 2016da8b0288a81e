import CTableKernels

/// A file's bytes, unpacked if it is compressed and followed by zeros, for as long as the object lives.
///
/// Plain files are mapped into memory. What another process cuts off while one is read is zeros from then on, which whoever read it
/// finds out (`Table.read`). Pipes and compressed files are held in memory instead.
final class FileBytes: @unchecked Sendable {
    // SAFETY: the bytes are never written after init; the region that holds them lives as long as this object.
    let base: UnsafePointer<UInt8>
    let count: Int
    /// Size of the file itself, packed or not.
    let storedCount: Int
    /// The encoding it was converted from; nil = none, the bytes are the file's own.
    let encoding: String?
    /// Bytes that could not be converted.
    let faults: Int
    /// The same text before carriage returns that end lines became newlines; nil when there are none.
    private let unended: FileBytes?
    private let region: ByteRegion
    /// How far it was read; nil where nobody waits.
    private let progress: ReadingProgress?

    init(path: String) throws(TableError) {
        let stored = try ByteRegion(path: path)
        if let packing = Packing(stored.bytes) {
            region = try packing.unpack(stored, path: path)
        } else {
            region = stored
        }
        (base, count, storedCount) = (region.base, region.count, stored.count)
        (encoding, faults, unended) = (nil, 0, nil)
        progress = ReadingProgress(path: path, byteCount: region.count)
        if count == 0 {
            throw TableError(.emptyFile, "the file is empty: it needs a header or at least one record", path: path)
        }
    }

    /// A part of a plain file, read into memory.
    ///
    /// - Throws: `unreadable` when the file's size is no longer `fileSize`.
    init(path: String, range: Range<Int>, fileSize: Int) throws(TableError) {
        region = try ByteRegion(path: path, range: range, fileSize: fileSize)
        (base, count, storedCount) = (region.base, region.count, fileSize)
        (encoding, faults, unended, progress) = (nil, 0, nil, nil)
    }

    /// A file's content, converted.
    init(
        _ bytes: [UInt8], storedCount: Int, encoding: String?, faults: Int, ended unended: FileBytes? = nil, path: String
    ) throws(TableError) {
        region = try ByteRegion(most: bytes.count + (1 << 17), path: path) { target throws(TableError) in
            bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(target.count))) }
            return min(bytes.count, target.count)
        }
        (base, count, self.storedCount) = (region.base, region.count, storedCount)
        (self.encoding, self.faults, self.unended, progress) = (encoding, faults, unended, nil)
        if count == 0 { throw TableError(.emptyFile, "the file is empty: it needs a header or at least one record", path: path) }
    }

    /// Whether lines end in carriage returns, some at least.
    var hasReturns: Bool { unended != nil }

    /// Whether the newline at an offset is a carriage return in the file.
    func isReturn(at offset: Int) -> Bool { unended.map { $0.base[offset] == 13 } ?? false }

    /// All of them.
    var bytes: UnsafeRawBufferPointer { region.bytes }

    /// Lets go of a range that can be read from the file again; `offset` may be anywhere.
    func release(from start: Int, to end: Int) {
        progress?.pass(end - start)
        region.release(from: start, to: end)
    }

    /// How the text of a field says what it cannot hold as it is.
    enum Escaping {
        case backslashes
        case doubled(UInt8)
    }

    /// The text of a field.
    func text(_ span: dk_span, escaping: Escaping = .doubled(UInt8(ascii: "\""))) -> String {
        let bytes = UnsafeBufferPointer(start: base + dk_span_offset(span), count: dk_span_length(span))
        guard dk_span_escaped(span) != 0 else { return String(decoding: bytes, as: UTF8.self) }
        let undone = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, initialized in
            switch escaping {
            case .backslashes: initialized = dk_json_unescape(bytes.baseAddress, bytes.count, buffer.baseAddress)
            case .doubled(let quote):
                var skip = false
                for byte in bytes {
                    skip = byte == quote && !skip
                    guard !skip else { continue }
                    buffer[initialized] = byte
                    initialized += 1
                }
            }
        }
        return String(decoding: undone, as: UTF8.self)
    }

    /// The physical line of a byte, from 1.
    func line(at offset: Int) -> Int { dk_newlines(base, offset) + 1 }

    /// Where the last record ends: blank lines behind it do not count.
    var endWithoutBlankLines: Int {
        var end = count
        while end > 1, base[end - 1] == 10 || base[end - 1] == 13 {
            // Keep the line ending of the last record itself.
            var previous = end - 1
            if base[end - 1] == 10, previous > 0, base[previous - 1] == 13 { previous -= 1 }
            guard previous > 0, base[previous - 1] == 10 else { break }
            end = previous
        }
        return end
    }

    /// Whether a line of nothing but its ending begins here.
    func isBlankLine(at offset: Int, end: Int) -> Bool {
        base[offset] == 10 || (base[offset] == 13 && (offset + 1 == end || base[offset + 1] == 10))
    }
}
