/// The mean and the peak of a system metric over a run.
public struct SystemUse: Hashable, Sendable {
    public var mean: Double
    public var peak: Double

    /// nil when no value is finite.
    public init?(_ values: some Sequence<Double>) {
        var count = 0.0, sum = 0.0, peak = -Double.infinity
        for value in values where value.isFinite {
            count += 1
            sum += value
            peak = max(peak, value)
        }
        guard count > 0 else { return nil }
        (self.mean, self.peak) = (sum / count, peak)
    }
}
