/// 32-bit cyclic redundancy checks as event files carry them, eight bytes at a time.
///
/// - Source: Kounavis and Berry, "A systematic approach to building high performance software-based CRC generators" (slicing).
struct CyclicRedundancyCheck {
    /// CRC-32 of zlib: reflected polynomial 0xEDB88320.
    static let ieee = CyclicRedundancyCheck(polynomial: 0xEDB8_8320)
    /// CRC-32C: reflected polynomial 0x82F63B78.
    static let castagnoli = CyclicRedundancyCheck(polynomial: 0x82F6_3B78)

    /// Eight tables of 256.
    private let tables: [UInt32]

    private init(polynomial: UInt32) {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
            tables[index] = value
        }
        for slice in 1..<8 {
            for index in 0..<256 {
                let before = tables[(slice - 1) * 256 + index]
                tables[slice * 256 + index] = before >> 8 ^ tables[Int(before & 0xFF)]
            }
        }
        self.tables = tables
    }

    /// The check of some bytes.
    func callAsFunction(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.withContiguousStorageIfAvailable { check($0) } ?? Array(bytes).withUnsafeBufferPointer { check($0) }
    }

    private func check(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var sum: UInt32 = ~0
            var index = 0
            while index + 8 <= bytes.count {
                let low = sum ^ word(bytes, index), high = word(bytes, index + 4)
                sum =
                    tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
                    ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
                sum ^=
                    tables[3 * 256 + Int(high & 0xFF)] ^ tables[2 * 256 + Int(high >> 8 & 0xFF)]
                    ^ tables[256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
                index += 8
            }
            while index < bytes.count {
                sum = sum >> 8 ^ tables[Int((sum ^ UInt32(bytes[index])) & 0xFF)]
                index += 1
            }
            return ~sum
        }
    }

    private func word(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32 {
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }
}
