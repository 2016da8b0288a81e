extension Series {
    /// The value at an index smoothed with TensorBoard's debiased exponential moving average.
    /// - Parameters:
    ///   - weight: of the past, from 0 (off) to 0.999; values outside are clamped, NaN is off.
    ///   - axis: the axis whose distances weigh; nil weighs each sample alike.
    /// - Complexity: O(1 / (1 - weight)).
    public func smoothedValue(at index: Int, weight: Double, along axis: XAxis? = nil) -> Double {
        smoothed(weight: weight, along: axis, error: 1e-9)?.value(at: index) ?? raw.values[index]
    }

    /// The smoothed values; nil when smoothing is off.
    func smoothed(weight: Double, along axis: XAxis?, error: Double) -> SmoothedValues? {
        weight > 0 ? SmoothedValues(self, weight: min(weight, 0.999), along: axis, error: error) : nil
    }
}
