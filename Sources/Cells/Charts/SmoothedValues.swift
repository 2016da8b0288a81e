import Glibc

/// What a curve is drawn from: a value for each sample, and the extremes and the mean of stretches of samples.
protocol CurveValues {
    func value(at index: Int) -> Double
    func extremes(_ range: Range<Int>) -> MinMaxPyramid.Extremes
    /// The mean over the finite samples of a stretch; NaN where there is none.
    func mean(_ range: Range<Int>) -> Double
    /// Samples in one dot column from which their extremes are asked for instead of each value.
    var denseCount: Int { get }
}

extension MinMaxPyramid: CurveValues {
    var denseCount: Int { 17 }
    func value(at index: Int) -> Double { values[index] }
}

/// A series' debiased exponential moving average, computed where it is looked at.
///
/// The average at a sample is a weighted sum of the samples before it, and weights die out: it is taken over the last so many
/// samples that what is left out weighs less than `error`. Nothing is stored, so a million points may be smoothed anew with
/// every key; at the beginning of a series it is exactly TensorBoard's.
/// - Source: TensorBoard, line chart `resmoothDataset`.
struct SmoothedValues: CurveValues {
    private let raw: MinMaxPyramid
    private var values: [Double] { raw.values }
    private let weight: Double
    /// `(1 - weight) · weight^j` for j = 0, 1, …
    private let weights: [Double]
    private let allFinite: Bool
    /// The recorded x values when distances weigh, and how fast weights die out with them.
    private let distances: (xs: [Double], decay: Double, least: Double)?
    /// Samples that one average is taken over at most where distances weigh.
    private static let farthest = 4096
    /// Samples that a mean is taken over where it cannot be told from sums.
    private static let meanSamples = 8

    /// - Parameters:
    ///   - weight: of the past, in (0, 0.999].
    ///   - axis: the axis whose distances weigh: a sample as far back as samples lie apart on average weighs `weight`.
    ///   - error: relative weight of the samples that are left out.
    init(_ series: Series, weight: Double, along axis: XAxis? = nil, error: Double) {
        raw = series.raw
        self.weight = weight
        allFinite = series.nonFiniteCount == 0
        distances = axis.flatMap { axis in
            guard series.ascends(on: axis), series.count > 1 else { return nil }
            let xs = series.xValues(on: axis).recorded
            let spacing = (xs[xs.count - 1] - xs[0]) / Double(xs.count - 1)
            return spacing > 0 ? (xs, log(weight) / spacing, error) : nil
        }
        var weights: [Double] = []
        var share = 1.0
        while share > error, weights.count < series.count {
            weights.append((1 - weight) * share)
            share *= weight
        }
        self.weights = weights
    }

    /// A long average hardly changes within a column, and each of its values is dear.
    var denseCount: Int { weights.count > 64 ? 4 : 17 }

    /// The average at a sample. One that is not finite passes through and counts for nothing.
    func value(at index: Int) -> Double {
        let own = values[index]
        guard own.isFinite else { return own }
        if let distances { return weighed(index, distances.xs, distances.decay, least: distances.least) }
        let count = min(weights.count, index + 1)
        return allFinite ? windowed(index, count) : skipping(index)
    }

    /// Where samples lie dense, three of them say how far the average strays: it hardly changes from one to the next.
    func extremes(_ range: Range<Int>) -> MinMaxPyramid.Extremes {
        var extremes = MinMaxPyramid.Extremes()
        guard let first = range.first, let last = range.last else { return extremes }
        for index in [first, (first + last) / 2, last] { extremes.add(value(at: index)) }
        return extremes
    }

    /// The mean of the averages in a stretch, from the sum of its samples and the averages at its two ends.
    ///
    /// An average m follows from `m[i] = w · m[i-1] + (1 - w) · x[i]`; summed over a stretch of n samples,
    /// `mean(m) = mean(x) + w / (1 - w) · (m before - m last) / n`.
    func mean(_ range: Range<Int>) -> Double {
        let total = raw.total(range), count = Double(total.count)
        guard total.count > 0 else { return .nan }
        // An average over more than the stretch hardly changes in it; at the beginning of a series it is no plain average yet.
        let isShort = count * (1 - weight) < 1
        guard !isShort, total.sum.isFinite else { return sampledMean(range) }
        if distances != nil { return count * (1 - weight) < 4 ? sampledMean(range) : total.sum / count }
        guard range.lowerBound > weights.count, let before = finite(before: range.lowerBound),
            let last = finite(before: range.upperBound)
        else { return sampledMean(range) }
        return total.sum / count + weight / (1 - weight) * (value(at: before) - value(at: last)) / count
    }

    /// The mean of a few averages, evenly taken.
    private func sampledMean(_ range: Range<Int>) -> Double {
        var total = MinMaxPyramid.Total()
        let samples = min(range.count, Self.meanSamples)
        // The middles of equal parts.
        for sample in 0..<samples { total.add(value(at: range.lowerBound + (2 * sample + 1) * range.count / (2 * samples))) }
        if total.count == 0, let last = finite(before: range.upperBound), last >= range.lowerBound { return value(at: last) }
        return total.count > 0 && total.sum.isFinite ? total.sum / Double(total.count) : .nan
    }

    /// The last finite sample before an index; nil if there is none close by.
    private func finite(before index: Int) -> Int? {
        if allFinite { return index > 0 ? index - 1 : nil }
        return (max(0, index - Self.farthest)..<index).last { values[$0].isFinite }
    }

    /// Four sums side by side, so that the processor need not wait for one addition to begin the next.
    private func windowed(_ index: Int, _ count: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            weights.withUnsafeBufferPointer { weights in
                var sums = SIMD4<Double>.zero
                var position = 0
                while position + 4 <= count {
                    let base = index - position
                    let samples = SIMD4(values[base], values[base - 1], values[base - 2], values[base - 3])
                    let shares = SIMD4(weights[position], weights[position + 1], weights[position + 2], weights[position + 3])
                    sums += samples * shares
                    position += 4
                }
                var sum = sums.sum()
                while position < count {
                    sum += values[index - position] * weights[position]
                    position += 1
                }
                // The shares of the samples taken add up to 1 - weight^count.
                let total = 1 - weights[count - 1] / (1 - weight) * weight
                return sum / total
            }
        }
    }

    /// Goes back until what is left weighs nothing.
    private func weighed(_ index: Int, _ xs: [Double], _ decay: Double, least: Double) -> Double {
        var sum = 0.0, total = 0.0
        for position in stride(from: index, through: max(0, index - Self.farthest), by: -1) {
            let share = exp((xs[index] - xs[position]) * decay)
            if share < least { break }
            guard values[position].isFinite else { continue }
            sum += values[position] * share
            total += share
        }
        return sum / total
    }

    /// Goes back over samples that are not finite without counting them.
    private func skipping(_ index: Int) -> Double {
        var sum = 0.0, total = 0.0
        var taken = 0, position = index
        while position >= 0, taken < weights.count {
            if values[position].isFinite {
                sum += values[position] * weights[taken]
                total += weights[taken]
                taken += 1
            }
            position -= 1
        }
        return sum / total
    }
}
