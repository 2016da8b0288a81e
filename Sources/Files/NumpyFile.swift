import Glibc

/// Numbers of a tensor as NumPy's files (`.npy`) hold them: `numpy.load` reads them, and so do most others.
///
/// - Source: the NPY format, version 1.0.
public struct NumpyFile: Sendable, Hashable {
    /// Lengths, the slowest dimension first; empty of a single number.
    public var shape: [Int]
    /// In the order of memory, the last dimension next to each other.
    public var values: [Float]

    /// - Parameter values: as many as the shape says.
    public init(shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "\(values.count) numbers of shape \(shape)")
        (self.shape, self.values) = (shape, values)
    }

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

    /// The file's bytes: little-endian floats.
    public var bytes: [UInt8] {
        let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(lengths)), }".utf8)
        // Numbers begin at a multiple of 64.
        let length = Self.magic.count + 2 + header.count + 1
        header += [UInt8](repeating: 0x20, count: (64 - length % 64) % 64) + [0x0a]
        var bytes = Self.magic + [UInt8(truncatingIfNeeded: header.count), UInt8(truncatingIfNeeded: header.count >> 8)] + header
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Reads a file of floats or doubles in the order of memory.
    ///
    /// - Returns: nil where it is none, or holds less or more than it says.
    public init?(bytes: [UInt8]) {
        let start = Self.magic.count + 2
        guard bytes.count >= start, Array(bytes.prefix(6)) == Array(Self.magic.prefix(6)), bytes[6] == 1 else { return nil }
        let length = Int(bytes[start - 2]) | Int(bytes[start - 1]) << 8
        guard bytes.count >= start + length,
            let header = String(validating: bytes[start..<start + length], as: UTF8.self),
            let shape = Self.shape(header), header.contains("'fortran_order': False")
        else { return nil }
        var count = 1
        for length in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: length)
            guard !overflows else { return nil }
            count = product
        }
        let body = bytes[(start + length)...]
        if header.contains("'<f4'"), body.count / 4 == count, body.count % 4 == 0 {
            values = body.withUnsafeBytes { buffer in
                (0..<count).map {
                    Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
                }
            }
        } else if header.contains("'<f8'"), body.count / 8 == count, body.count % 8 == 0 {
            values = body.withUnsafeBytes { buffer in
                (0..<count).map {
                    Float(Double(bitPattern: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))))
                }
            }
        } else {
            return nil
        }
        self.shape = shape
    }

    private static func shape(_ header: String) -> [Int]? {
        guard let mark = header.firstRange(of: "'shape': ("), let end = header[mark.upperBound...].firstIndex(of: ")") else {
            return nil
        }
        var lengths: [Int] = []
        for part in header[mark.upperBound..<end].split(separator: ",") {
            let digits = part.filter { $0 != " " }
            if digits.isEmpty { continue }
            guard let length = Int(digits), length >= 0 else { return nil }
            lengths.append(length)
        }
        return lengths
    }
}
