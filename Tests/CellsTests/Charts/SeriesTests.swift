import Cells
import Testing

@testable import Cells

@Suite struct SeriesTests {
    @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 511, 512, 513, 5000])
    func `the pyramid knows the extremes of every stretch`(_ count: Int) {
        var generator = SampleGenerator(seed: UInt64(count))
        var pyramid = MinMaxPyramid()
        for _ in 0..<count {
            let isBad = Int.random(in: 0..<20, using: &generator) == 0
            pyramid.append(isBad ? .nan : Double.random(in: -9...9, using: &generator))
        }
        for _ in 0..<300 {
            let first = Int.random(in: 0...count, using: &generator), second = Int.random(in: 0...count, using: &generator)
            let range = min(first, second)..<max(first, second)
            var expected = MinMaxPyramid.Extremes()
            for value in pyramid.values[range] { expected.add(value) }
            #expect(pyramid.extremes(range) == expected, "\(range) of \(count)")
        }
        #expect(pyramid.extremes(-5..<(count + 5)) == pyramid.extremes(0..<count))
        for first in stride(from: 0, to: count, by: 37) {
            let values = pyramid.values[first...].filter(\.isFinite)
            let mean = pyramid.mean(first..<count)
            #expect(values.isEmpty ? mean.isNaN : abs(mean - values.reduce(0, +) / Double(values.count)) < 1e-12)
        }
    }

    @Test(arguments: [0.3, 0.6, 0.9, 0.99])
    func `the mean of a stretch that is smoothed is that of its averages`(weight: Double) throws {
        var values = Samples.noisy(6000, seed: 8)
        for index in stride(from: 50, to: 6000, by: 411) { values[index] = .nan }
        let series = Samples.series(values)
        let smoothed = try #require(series.smoothed(weight: weight, along: nil, error: 1e-9))
        for range in [5000..<5300, 3000..<3150, 2500..<2999] {
            let averages = range.map { smoothed.value(at: $0) }.filter(\.isFinite)
            let expected = averages.reduce(0, +) / Double(averages.count)
            #expect(abs(smoothed.mean(range) - expected) < 1e-6)
        }
        // Where it is not told from sums it is close: at the beginning, and over less than the average's own length.
        for range in [0..<40, 4000..<4004] {
            let averages = range.map { smoothed.value(at: $0) }.filter(\.isFinite)
            #expect(abs(smoothed.mean(range) - averages.reduce(0, +) / Double(averages.count)) < 0.05)
        }
        #expect(Samples.series([.nan, .nan]).smoothed(weight: 0.5, along: nil, error: 1e-4)?.mean(0..<2).isNaN == true)
    }

    @Test func `smoothing is TensorBoard's: debiased, and not moved on by what is not finite`() {
        let series = Samples.series([4, 2, .nan, 6])
        // By hand: last/(1 - 0.5^k) with k = 1, 2, 3 finite samples.
        let expected: [Double] = [2.0 / 0.5, 2.0 / 0.75, .nan, 4.0 / 0.875]
        for index in 0..<4 where index != 2 {
            #expect(abs(series.smoothedValue(at: index, weight: 0.5) - expected[index]) < 1e-12)
        }
        #expect(series.smoothedValue(at: 2, weight: 0.5).isNaN)
    }

    @Test(arguments: [0.1, 0.6, 0.9, 0.99, 0.999]) func `far into a series smoothing is still the average from its start`(
        weight: Double
    ) {
        let values = Samples.noisy(5000, seed: 3)
        let series = Samples.series(values)
        var last = 0.0, missing = 1.0
        for index in 0..<values.count {
            last = last * weight + (1 - weight) * values[index]
            missing *= weight
            guard index % 97 == 0 || index < 20 else { continue }
            let difference = abs(series.smoothedValue(at: index, weight: weight) - last / (1 - missing))
            #expect(difference < 1e-7, "\(index)")
        }
    }

    @Test func `a constant stays constant when smoothed, whatever the weight`() {
        for weight in [0.1, 0.9, 0.999, 1, 2, .nan, -1] {
            let series = Samples.series([3, 3, 3, 3])
            for index in 0..<4 { #expect(abs(series.smoothedValue(at: index, weight: weight) - 3) < 1e-9) }
        }
    }

    @Test func `values a chart cannot place are counted`() {
        let series = Samples.series([1, .nan, -2, .infinity, 0])
        #expect(series.nonFiniteCount == 2)
        #expect(series.firstNonFinite == 1)
        #expect(series.nonPositiveCount == 2)
    }

    @Test func `the nearest point is found on ascending and on jumbled axes`() {
        let ascending = Samples.series([1, 2, 3, 4], every: 10)
        #expect([-5.0, 4, 6, 26, 99].map { ascending.nearestIndex(to: $0, on: .step) } == [0, 0, 1, 3, 3])
        let jumbled = Series([30.0, 10, 20].map { SeriesPoint(step: $0, epoch: 0, time: 0, value: 1) })
        #expect(jumbled.nearestIndex(to: 12, on: .step) == 1)
        #expect(jumbled.xExtent(on: .step) == 10...30)
        #expect(Series().nearestIndex(to: 1, on: .step) == nil)
    }

    @Test func `searching gallops to the same index from any guess`() {
        let values = [1.0, 2, 2, 2, 5, 8, 13]
        for bound in stride(from: 0.5, through: 14, by: 0.5) {
            let expected = values.firstIndex { $0 >= bound } ?? values.count
            for guess in -1...9 { #expect(Search.firstIndex(in: values, notBelow: bound, guess: guess) == expected) }
        }
    }
}
