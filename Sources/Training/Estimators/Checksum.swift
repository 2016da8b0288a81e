/// FNV-1a of bytes, 64 bits. Finds every change of a single byte, which other bytes cannot make good again; it is no protection
/// against somebody who means harm, so that what it covers is checked all the same.
package struct Checksum {
    /// Letters of a checksum as text.
    static let length = 16

    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Goes on with more bytes.
    package mutating func take(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { add($0) } }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// Of all bytes so far.
    package var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: Self.length - digits.count) + digits
    }

    static func text(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var checksum = Checksum()
        checksum.add(bytes)
        return Array(checksum.text.utf8)
    }
}
