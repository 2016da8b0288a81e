import CTableKernels

/// Numbers as programs write them: decimal digits, perhaps with a sign, a point and an exponent; `inf` and `infinity`.
public enum NumberText {
    /// The nearest number in double precision; nil where the bytes are anything else or more than 496.
    public static func value(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? { parsed(bytes)?.value }

    /// The number, and whether it has a point or an exponent.
    static func parsed(_ bytes: UnsafeBufferPointer<UInt8>) -> (value: Double, hasFraction: Bool)? {
        var value = 0.0
        var fraction: Int32 = 0
        return dk_parse_number(bytes.baseAddress, bytes.count, &value, &fraction) != 0 ? (value, fraction != 0) : nil
    }
}
