import CTableKernels

/// Numbers as text files have them: decimal digits, perhaps with a sign, a point and an exponent; `inf` and `infinity`.
public enum NumberText {
    /// The nearest number in double precision; nil where the bytes are anything else or more than 496.
    public static func value(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var value = 0.0
        var fraction: Int32 = 0
        return dk_parse_number(bytes.baseAddress, bytes.count, &value, &fraction) != 0 ? value : nil
    }
}
