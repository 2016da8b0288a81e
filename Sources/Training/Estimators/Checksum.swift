/// FNV-1a of bytes, 64 bits. Finds every change of a single byte, which other bytes cannot make good again; it is no protection
/// against somebody who means harm, so that what it covers is checked all the same.
enum Checksum {
    /// Letters of a checksum as text.
    static let length = 16

    static func text(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = Array(String(hash, radix: 16).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: length - digits.count) + digits
    }
}
