import CheckedNumbers

/// How high something stood, second by second of the last hour.
public struct LevelHistory: Sendable {
    private var seconds: [(second: Int, sum: Double, count: Int)] = []

    public init() {}

    /// - Parameter now: seconds since 1970.
    public mutating func add(_ level: Double, now: Double) {
        let second = Int(roundedDownWithin: now)
        if let last = seconds.last, last.second == second {
            seconds[seconds.count - 1].sum += level
            seconds[seconds.count - 1].count += 1
            return
        }
        if seconds.count >= VariantMetrics.keptSeconds { seconds.removeFirst(VariantMetrics.keptSeconds / 8) }
        seconds.append((second, level, 1))
    }

    /// The mean over the seconds from one on and before another; nil where nobody looked.
    func mean(from first: Int, before last: Int) -> Double? {
        var sum = 0.0, count = 0
        for known in seconds where known.second >= first && known.second < last {
            sum += known.sum
            count += known.count
        }
        return count > 0 ? sum / Double(count) : nil
    }
}
