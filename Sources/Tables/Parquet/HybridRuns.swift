/// Writes Parquet's hybrid of runs and bit-packed groups of eight.
///
/// - Source: the Parquet format's Encodings.md, version 2.11.
enum HybridRuns {
    /// The bits that numbers up to `most` take.
    static func width(_ most: Int) -> Int { max(1, Int.bitWidth - most.leadingZeroBitCount) }

    /// - Parameter width: bits of a number, 1 to 32.
    static func encode(_ values: ArraySlice<UInt32>, width: Int) -> [UInt8] {
        var out: [UInt8] = []
        var start = values.startIndex
        /// Where the bit-packed groups begin that are not written yet.
        var pending = start
        while start < values.endIndex {
            var end = start + 1
            while end < values.endIndex, values[end] == values[start] { end += 1 }
            if end - start >= 8 || end == values.endIndex {
                pack(values[pending..<start], width, &out)
                append(UInt64(end - start) << 1, &out)
                for byte in 0..<(width + 7) / 8 { out.append(UInt8(truncatingIfNeeded: values[start] >> UInt32(8 * byte))) }
                start = end
                pending = start
            } else {
                start = min(start + 8, values.endIndex)
            }
        }
        pack(values[pending..<start], width, &out)
        return out
    }

    /// Groups of eight values; the last one is filled up with zeros.
    private static func pack(_ values: ArraySlice<UInt32>, _ width: Int, _ out: inout [UInt8]) {
        guard !values.isEmpty else { return }
        let groups = (values.count + 7) / 8
        append(UInt64(groups) << 1 | 1, &out)
        var bits: UInt64 = 0
        var count = 0
        for index in 0..<groups * 8 {
            let value = index < values.count ? values[values.startIndex + index] : 0
            bits |= UInt64(value) << UInt64(count)
            count += width
            while count >= 8 {
                out.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
                count -= 8
            }
        }
    }

    private static func append(_ header: UInt64, _ out: inout [UInt8]) {
        var rest = header
        while rest >= 0x80 {
            out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        out.append(UInt8(truncatingIfNeeded: rest))
    }
}
