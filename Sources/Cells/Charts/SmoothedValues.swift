/// What a curve is drawn from: a value for each sample, and the extremes of stretches of samples.
protocol CurveValues {
    func value(at index: Int) -> Double
    func extremes(_ range: Range<Int>) -> MinMaxPyramid.Extremes
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
    private let values: [Double]
    private let weight: Double
    /// `(1 - weight) · weight^j` for j = 0, 1, …
    private let weights: [Double]
    private let allFinite: Bool

    /// - Parameters:
    ///   - weight: of the past, in (0, 0.999].
    ///   - error: relative weight of the samples that are left out.
    init(_ series: Series, weight: Double, error: Double) {
        values = series.raw.values
        self.weight = weight
        allFinite = series.nonFiniteCount == 0
        var weights: [Double] = []
        var share = 1.0
        while share > error, weights.count < values.count {
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
