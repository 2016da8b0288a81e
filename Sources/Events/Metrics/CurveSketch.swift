/// A curve in at most `capacity` values, for a chart of one line: every value while there are few, then one of every two, of
/// every four, …
public struct CurveSketch: Hashable, Sendable {
    public static let capacity = 32

    public private(set) var values: [Double]
    /// How many values of the curve one value here stands for.
    public private(set) var stride: Int
    /// Values that came since the last one was kept.
    public private(set) var skipped: Int

    public init(values: [Double] = [], stride: Int = 1, skipped: Int = 0) {
        self.values = Array(values.suffix(Self.capacity))
        self.stride = max(1, stride)
        self.skipped = max(0, skipped)
    }

    /// Takes in the curve's next value.
    public mutating func append(_ value: Double) {
        skipped += 1
        guard skipped >= stride else { return }
        skipped = 0
        if values.count == Self.capacity {
            values = Swift.stride(from: 1, to: Self.capacity, by: 2).map { values[$0] }
            stride *= 2
        }
        values.append(value)
    }
}
