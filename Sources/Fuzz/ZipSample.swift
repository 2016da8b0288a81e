/// Zip archives whose entries are stored as they are: taken apart, put together, and their checksums made right.
enum ZipSample {
    /// The entries of a whole archive.
    static func parts(of bytes: [UInt8]) -> [Sample] {
        entries(of: bytes).map { entry in
            let name = bytes[(entry.place + 46)..<(entry.place + 46 + entry.nameCount)]
            return Sample(String(decoding: name, as: UTF8.self), Array(bytes[entry.content]))
        }
    }

    /// An archive of such entries.
    static func archive(_ parts: [Sample]) -> [UInt8] {
        var bytes: [UInt8] = [], directory: [UInt8] = []
        for part in parts {
            let name = Array(part.name.utf8)
            let sum = RecordRepair.crc(part.bytes[...], polynomial: RecordRepair.zipPolynomial)
            // Version, flags, method, time, checksum, both sizes, and the lengths of name and extra field.
            let common =
                number(20, 2) + number(0, 2) + number(0, 2) + number(0x21_0000, 4) + number(Int(sum), 4)
                + number(part.bytes.count, 4) + number(part.bytes.count, 4) + number(name.count, 2) + number(0, 2)
            directory += [0x50, 0x4b, 1, 2] + number(20, 2) + common + number(0, 10) + number(bytes.count, 4) + name
            bytes += [0x50, 0x4b, 3, 4] + common + name + part.bytes
        }
        let end =
            [0x50, 0x4b, 5, 6] + number(0, 4) + number(parts.count, 2) + number(parts.count, 2)
            + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
        return bytes + directory + end
    }

    /// The same with the right checksums of stored entries.
    static func repaired(_ sample: Sample) -> Sample {
        var bytes = sample.bytes
        for entry in entries(of: bytes) {
            let sum = RecordRepair.crc(bytes[entry.content], polynomial: RecordRepair.zipPolynomial)
            bytes.replaceSubrange(entry.place + 16..<entry.place + 20, with: number(Int(sum), 4))
        }
        return Sample(sample.name, bytes)
    }

    /// The stored entries that the directory names, as far as they are whole.
    private static func entries(of bytes: [UInt8]) -> [(place: Int, nameCount: Int, content: Range<Int>)] {
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: 0, by: -1).first(where: {
                bytes[$0...].starts(with: [0x50, 0x4b, 5, 6])
            })
        else { return [] }
        var found: [(place: Int, nameCount: Int, content: Range<Int>)] = []
        var place = value(bytes, end + 16, 4)
        while place + 46 <= bytes.count, bytes[place...].starts(with: [0x50, 0x4b, 1, 2]) {
            let nameCount = value(bytes, place + 28, 2)
            let next = place + 46 + nameCount + value(bytes, place + 30, 2) + value(bytes, place + 32, 2)
            let header = value(bytes, place + 42, 4), size = value(bytes, place + 20, 4)
            if next <= bytes.count, value(bytes, place + 10, 2) == 0, header + 30 <= bytes.count {
                let start = header + 30 + value(bytes, header + 26, 2) + value(bytes, header + 28, 2)
                if start + size <= bytes.count { found.append((place, nameCount, start..<start + size)) }
            }
            place = next
        }
        return found
    }

    private static func value(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }
}
