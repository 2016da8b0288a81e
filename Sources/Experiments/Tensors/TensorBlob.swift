import CheckedNumbers
import Events

/// Summaries as they lie in the store: a version, then one after the other. Whole numbers take as many bytes as they need (LEB128), other
/// numbers eight.
struct TensorBlob {
    private static let version: UInt8 = 1
    /// Which members a summary has that not all have.
    private struct Parts: OptionSet {
        let rawValue: UInt8
        static let extremes = Parts(rawValue: 1), ratio = Parts(rawValue: 2), units = Parts(rawValue: 4)
    }

    private(set) var bytes = [version]

    /// - Parameter tensor: the number that stands for its name and collection.
    mutating func append(_ summary: TensorSummary, as tensor: Int) {
        var parts: Parts = []
        if summary.minimum != nil, summary.maximum != nil { parts.insert(.extremes) }
        if summary.updateRatio != nil { parts.insert(.ratio) }
        if summary.units != nil { parts.insert(.units) }
        bytes.append(parts.rawValue)
        append(tensor)
        append(summary.shape)
        for count in [summary.count, summary.sampled, summary.zeros, summary.nans, summary.infinities] { append(count) }
        for number in [summary.mean, summary.standardDeviation, summary.meanMagnitude, summary.l2] { append(number) }
        if let minimum = summary.minimum, let maximum = summary.maximum {
            append(minimum)
            append(maximum)
        }
        if let ratio = summary.updateRatio { append(ratio) }
        if let units = summary.units { for count in [units.count, units.inactive, units.saturated] { append(count) } }
        // Signed: doubled, and the last bit says which way.
        let exponent = summary.histogram.firstExponent
        append(exponent < 0 ? -2 * exponent - 1 : 2 * exponent)
        append(summary.histogram.negative)
        append(summary.histogram.positive)
    }

    private mutating func append(_ numbers: [Int]) {
        append(numbers.count)
        for number in numbers { append(number) }
    }

    private mutating func append(_ number: Int) {
        var rest = UInt64(max(0, number))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func append(_ number: Double) {
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
        }
    }

    /// Reads summaries up to the end, or to where they make no sense.
    /// - Parameter tensor: what a number stands for; nil leaves the summary out.
    static func summaries(
        _ blob: UnsafeRawBufferPointer, _ tensor: (Int) -> (name: String, collection: TensorCollection)?
    ) -> [TensorSummary] {
        var reader = Reader(bytes: blob), summaries: [TensorSummary] = []
        guard reader.byte() == version else { return [] }
        while let (number, found) = reader.summary() {
            guard let (name, collection) = tensor(number) else { continue }
            var summary = found
            (summary.name, summary.collection) = (name, collection)
            if summary.isConsistent { summaries.append(summary) }
        }
        return summaries
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var position = 0

        mutating func byte() -> UInt8? {
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        mutating func whole() -> Int? {
            var value: UInt64 = 0, shift: UInt64 = 0
            while shift < 63, let next = byte() {
                value |= UInt64(next & 0x7f) << shift
                if next < 0x80 { return Int(exactly: value) }
                shift += 7
            }
            return nil
        }

        mutating func wholes(_ count: Int) -> [Int]? {
            guard count <= bytes.count - position else { return nil }
            var numbers: [Int] = []
            for _ in 0..<count {
                guard let number = whole() else { return nil }
                numbers.append(number)
            }
            return numbers
        }

        mutating func list(atMost limit: Int) -> [Int]? {
            guard let count = whole(), count <= limit else { return nil }
            return wholes(count)
        }

        mutating func numbers(_ count: Int) -> [Double]? {
            guard count * 8 <= bytes.count - position else { return nil }
            defer { position += count * 8 }
            return (0..<count).map { index in
                Double(
                    bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position + index * 8, as: UInt64.self)))
            }
        }

        mutating func summary() -> (tensor: Int, TensorSummary)? {
            guard let flags = byte(), let tensor = whole(), let shape = list(atMost: TensorSummary.mostDimensions),
                let counts = wholes(5), let moments = numbers(4)
            else { return nil }
            var summary = TensorSummary("", TensorCollection(rawValue: ""), shape: shape, count: counts[0], sampled: counts[1])
            (summary.zeros, summary.nans, summary.infinities) = (counts[2], counts[3], counts[4])
            (summary.mean, summary.standardDeviation) = (moments[0], moments[1])
            (summary.meanMagnitude, summary.l2) = (moments[2], moments[3])
            let parts = Parts(rawValue: flags)
            if parts.contains(.extremes) {
                guard let extremes = numbers(2) else { return nil }
                (summary.minimum, summary.maximum) = (extremes[0], extremes[1])
            }
            if parts.contains(.ratio) {
                guard let ratio = numbers(1) else { return nil }
                summary.updateRatio = ratio[0]
            }
            if parts.contains(.units) {
                guard let units = wholes(3) else { return nil }
                summary.units = TensorSummary.UnitActivity(count: units[0], inactive: units[1], saturated: units[2])
            }
            guard let sign = whole(), let negative = list(atMost: MagnitudeHistogram.mostCells),
                let positive = list(atMost: MagnitudeHistogram.mostCells),
                let histogram = MagnitudeHistogram(
                    firstExponent: sign % 2 == 0 ? sign / 2 : -(sign / 2) - 1, negative: negative, positive: positive)
            else { return nil }
            summary.histogram = histogram
            return (tensor, summary)
        }
    }
}
