import CZlib

/// The sum over bytes by which zip and gzip find damage out: CRC-32.
public struct Checksum {
    public private(set) var value: UInt32 = 0

    public init() {}

    /// - Parameter bytes: at most 4 GB.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        value = UInt32(crc32(UInt(value), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count)))
    }
}
