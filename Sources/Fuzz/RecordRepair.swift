/// Makes the checksums of records right again, so that damage reaches what reads their content.
enum RecordRepair {
    /// TensorBoard's files: length, its checksum, content, its checksum.
    static func tensorBoard(_ sample: Sample) -> Sample {
        var bytes = sample.bytes, start = 0
        while start + 12 <= bytes.count {
            let length = word(bytes, start, 4)
            put(masked(bytes[start..<start + 8]), at: start + 8, in: &bytes)
            let content = start + 12
            guard length <= bytes.count - content - 4 else { break }
            put(masked(bytes[content..<content + length]), at: content + length, in: &bytes)
            start = content + length + 4
        }
        return Sample(sample.name, bytes)
    }

    /// LevelDB's log format, as W&B writes it: blocks of 32 KB of records with checksum, length and kind.
    static func levelLog(_ sample: Sample) -> Sample {
        var bytes = sample.bytes, start = 7
        while start + 7 <= bytes.count {
            let left = 32_768 - start % 32_768
            if left < 7 {
                start += left
                continue
            }
            let length = word(bytes, start + 4, 2)
            guard length <= bytes.count - start - 7 else { break }
            put(masked(crc(bytes[start + 6..<start + 7 + length], polynomial: zipPolynomial)), at: start, in: &bytes)
            start += 7 + length
        }
        return Sample(sample.name, bytes)
    }

    private static func word(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }

    private static func put(_ value: UInt32, at start: Int, in bytes: inout [UInt8]) {
        for index in 0..<4 where start + index < bytes.count {
            bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
        }
    }

    private static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 { masked(crc(bytes, polynomial: 0x82F6_3B78)) }

    /// - Source: LevelDB, `util/crc32c.h`.
    private static func masked(_ value: UInt32) -> UInt32 { (value >> 15 | value << 17) &+ 0xA282_EAD8 }

    /// The one that zip archives use too.
    static let zipPolynomial: UInt32 = 0xEDB8_8320

    static func crc(_ bytes: ArraySlice<UInt8>, polynomial: UInt32) -> UInt32 {
        var value = ~UInt32(0)
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
        }
        return ~value
    }
}
