import Deflating

/// The directory of a zip archive, and its entries unpacked piece by piece.
///
/// - Source: PKWARE's APPNOTE.TXT, version 6.3.10.
struct ZipArchive {
    struct Entry {
        var name: String
        fileprivate var method: UInt16, flags: UInt16
        fileprivate var crc: UInt32
        fileprivate var storedCount: Int, count: Int
        /// Where the header in front of its bytes is.
        fileprivate var offset: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var entries: [String: Entry] = [:]

    /// - Throws: `damagedFile` when there is no whole directory at the end.
    init(_ bytes: UnsafeRawBufferPointer) throws(TableError) {
        self.bytes = bytes
        guard let directory = try Self.directory(bytes) else { throw Self.truncated }
        var (place, count) = (directory.start, directory.count)
        let end = directory.end
        var left = bytes.count
        while count > 0, place < end {
            guard try Self.number(bytes, place, as: UInt32.self) == 0x0201_4b50 else { throw Self.damaged }
            let lengths = try (0..<3).map { index throws(TableError) in
                Int(try Self.number(bytes, place + 28 + 2 * index, as: UInt16.self))
            }
            let next = place + 46 + lengths.reduce(0, +)
            guard next <= end else { throw Self.damaged }
            let name = String(decoding: bytes[(place + 46)..<(place + 46 + lengths[0])], as: UTF8.self)
            var entry = Entry(
                name: name, method: try Self.number(bytes, place + 10, as: UInt16.self),
                flags: try Self.number(bytes, place + 8, as: UInt16.self),
                crc: try Self.number(bytes, place + 16, as: UInt32.self),
                storedCount: Int(try Self.number(bytes, place + 20, as: UInt32.self)),
                count: Int(try Self.number(bytes, place + 24, as: UInt32.self)),
                offset: Int(try Self.number(bytes, place + 42, as: UInt32.self)))
            let extra = place + 46 + lengths[0]
            try Self.widen(&entry, bytes, extra..<extra + lengths[1])
            // Entries that lay over one another could say that there is far more than the file holds.
            left -= entry.storedCount
            guard left >= 0 else { throw Self.damaged }
            // The first of one name counts, whatever a second one says.
            let key = Self.key(name)
            if entries[key] == nil { entries[key] = entry }
            place = next
            count -= 1
        }
    }

    /// An entry by its path; the case of letters and the way of slashes do not count, since writers differ.
    func entry(_ path: String) -> Entry? { entries[Self.key(path)] }

    /// Whether an entry lies in a folder, given in small letters.
    func hasFolder(_ name: String) -> Bool { entries.keys.contains { $0.hasPrefix(name + "/") } }

    private static func key(_ path: String) -> String {
        let plain = path.replacing("\\", with: "/").lowercased()
        return plain.first == "/" ? String(plain.dropFirst()) : plain
    }

    /// Gives an entry's bytes piece by piece until all are given or `take` answers false.
    ///
    /// - Throws: `damagedFile`, `unsupportedFormat`, `tooLarge`, and what `take` throws.
    func read(
        _ entry: Entry, _ take: (UnsafeRawBufferPointer) throws(TableError) -> Bool
    ) throws(TableError) {
        if entry.flags & 1 != 0 {
            throw TableError(.unsupportedFormat, "is locked by a password: save it without one")
        }
        guard entry.method == 0 || entry.method == 8 else {
            throw TableError(
                .unsupportedFormat, "is packed in a way this program does not know (zip method \(entry.method)): save it again")
        }
        guard try Self.number(bytes, entry.offset, as: UInt32.self) == 0x0403_4b50 else { throw Self.damaged }
        let name = Int(try Self.number(bytes, entry.offset + 26, as: UInt16.self))
        let start = entry.offset + 30 + name + Int(try Self.number(bytes, entry.offset + 28, as: UInt16.self))
        guard start <= bytes.count, entry.storedCount <= bytes.count - start else { throw Self.damaged }
        // Deflate packs 1032 bytes into one at most.
        guard entry.count / 1032 <= entry.storedCount + 1, entry.method == 8 || entry.count == entry.storedCount else {
            throw Self.damaged
        }
        guard entry.count <= ByteRegion.physicalMemory / 2 else {
            throw TableError(.tooLarge, "unpacks to \(entry.count >> 20) MB: save the sheet as CSV and read that")
        }
        let stored = UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.storedCount])
        if entry.method == 0 { try copy(stored, entry, take) } else { try inflate(stored, entry, take) }
    }

    /// A small entry as a whole, or its first bytes.
    func start(of entry: Entry, most: Int) throws(TableError) -> [UInt8] {
        var found: [UInt8] = []
        try read(entry) { piece throws(TableError) in
            found += piece.prefix(most - found.count)
            return found.count < most
        }
        return found
    }

    private static let pieceSize = 1 << 16

    private func copy(
        _ stored: UnsafeRawBufferPointer, _ entry: Entry, _ take: (UnsafeRawBufferPointer) throws(TableError) -> Bool
    ) throws(TableError) {
        var sum = Checksum()
        for start in stride(from: 0, to: stored.count, by: Self.pieceSize) {
            let piece = UnsafeRawBufferPointer(rebasing: stored[start..<min(stored.count, start + Self.pieceSize)])
            sum.add(piece)
            guard try take(piece) else { return }
        }
        guard sum.value == entry.crc else { throw Self.damaged }
    }

    private func inflate(
        _ stored: UnsafeRawBufferPointer, _ entry: Entry, _ take: (UnsafeRawBufferPointer) throws(TableError) -> Bool
    ) throws(TableError) {
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { output.deallocate() }
        guard let inflater = Inflater(.none) else {
            throw TableError(.tooLarge, "there is no memory to unpack the file: close other programs")
        }
        var read = 0, written = 0, sum = Checksum(), isOver = false
        while !isOver {
            let (given, made, outcome) = inflater.unpack(UnsafeRawBufferPointer(rebasing: stored[read...]), into: output)
            read += given
            written += made
            isOver = outcome == .ended
            guard isOver || outcome == .goesOn, written <= entry.count else { throw Self.damaged }
            let piece = UnsafeRawBufferPointer(rebasing: output[..<made])
            sum.add(piece)
            if !piece.isEmpty, !(try take(piece)) { return }
        }
        guard written == entry.count, sum.value == entry.crc else { throw Self.damaged }
    }

    /// Where the directory is and how many entries it has; nil when it is not there, because the file is cut.
    private static func directory(
        _ bytes: UnsafeRawBufferPointer
    ) throws(TableError) -> (start: Int, end: Int, count: Int)? {
        guard bytes.count >= 22 else { return nil }
        // A comment of up to 64 KB may stand behind it.
        for place in stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 0xffff), by: -1)
        where bytes[place] == 0x50 && bytes[place...].starts(with: [0x50, 0x4b, 5, 6]) {
            var count = Int(try number(bytes, place + 10, as: UInt16.self))
            var size = Int(try number(bytes, place + 12, as: UInt32.self))
            var start = Int(try number(bytes, place + 16, as: UInt32.self))
            if count == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff, place >= 20,
                try number(bytes, place - 20, as: UInt32.self) == 0x0706_4b50
            {
                let wide = try size64(bytes, place - 12)
                guard try number(bytes, wide, as: UInt32.self) == 0x0606_4b50 else { throw damaged }
                count = try size64(bytes, wide + 32)
                size = try size64(bytes, wide + 40)
                start = try size64(bytes, wide + 48)
            }
            guard start <= place, size <= place - start else { throw damaged }
            return (start, start + size, count)
        }
        return nil
    }

    /// Sizes that need more than 32 bits stand in a field of their own, in this order.
    private static func widen(
        _ entry: inout Entry, _ bytes: UnsafeRawBufferPointer, _ extra: Range<Int>
    ) throws(TableError) {
        var place = extra.lowerBound
        while extra.upperBound - place >= 4 {
            let id = try number(bytes, place, as: UInt16.self)
            let length = Int(try number(bytes, place + 2, as: UInt16.self))
            let end = place + 4 + length
            guard end <= extra.upperBound else { return }
            var field = place + 4
            if id == 1 {
                for size in [\Entry.count, \.storedCount, \.offset] where entry[keyPath: size] == 0xffff_ffff {
                    guard end - field >= 8 else { throw damaged }
                    entry[keyPath: size] = try size64(bytes, field)
                    field += 8
                }
            }
            place = end
        }
    }

    private static func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, as type: Number.Type
    ) throws(TableError) -> Number {
        try bytes.littleEndian(at: place, as: type, or: damaged)
    }

    /// A size or a place of 64 bits, no larger than any there can be.
    private static func size64(_ bytes: UnsafeRawBufferPointer, _ place: Int) throws(TableError) -> Int {
        let value = try number(bytes, place, as: UInt64.self)
        guard value <= 1 << 48 else { throw damaged }
        return Int(value)
    }

    static let truncated = TableError(.damagedFile, "ends in the middle: copy or save the file again")
    static let damaged = TableError(.damagedFile, "the zip archive is damaged: copy or save the file again")
}
