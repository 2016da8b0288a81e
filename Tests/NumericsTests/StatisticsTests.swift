import Testing

@testable import Numerics

@Suite struct StatisticsTests {
    @Test func `quantiles are numpy's`() {
        // numpy 2.4.6: np.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0.25, 0.5, 0.75, 0.1]) = 1.75, 3.5, 5.25, 1.0
        let values = Statistics.sorted([3, 1, 4, 1, 5, 9, 2, 6])
        #expect(values == [1, 1, 2, 3, 4, 5, 6, 9])
        #expect(Statistics.quantile(0.25, ofSorted: values) == 1.75)
        #expect(Statistics.quantile(0.5, ofSorted: values) == 3.5)
        #expect(Statistics.quantile(0.75, ofSorted: values) == 5.25)
        #expect(Statistics.quantile(0, ofSorted: values) == 1)
        #expect(Statistics.quantile(1, ofSorted: values) == 9)
        #expect(Statistics.quantile(0.5, ofSorted: []).isNaN)
    }

    @Test(arguments: [0, 1, 2, 511, 512, 5000])
    func `sorting gives the standard library's order`(count: Int) {
        var source = RandomSource(seed: UInt64(count))
        var values = (0..<count).map { _ in source.normal() * (source.uniform() < 0.5 ? 1e-300 : 1e12) }
        if count > 4 { values[1...3] = [-.infinity, .infinity, 0] }
        #expect(Statistics.sorted(values) == values.sorted())
    }

    @Test(arguments: [1, 2, 3, 10, 999, 5000])
    func `the median is the middle of the sorted values`(count: Int) {
        var source = RandomSource(seed: UInt64(count))
        for spread in [0.0, 1, 1e9] {
            let values = (0..<count).map { _ in source.normal() * spread + Double(source.integer(below: 3)) }
            #expect(Statistics.median(values) == Statistics.quantile(0.5, ofSorted: values.sorted()))
        }
        #expect(Statistics.median([]).isNaN)
    }

    @Test(arguments: [1, 2, 3, 10, 999])
    func `a weighted median is that of values repeated as often as they weigh`(count: Int) {
        var source = RandomSource(seed: UInt64(count))
        let values = (0..<count).map { _ in source.normal() },
            weights = (0..<count).map { _ in Float(1 + source.integer(below: 4)) }
        let repeated = zip(values, weights).flatMap { [Double](repeating: $0, count: Int($1)) }
        #expect(Statistics.median(values, weights: weights) == Statistics.median(repeated))
        #expect(Statistics.median(values, weights: weights.map { $0 / 3 }) == Statistics.median(repeated))
        #expect(Statistics.median(values, weights: values.map { _ in 1 }) == Statistics.median(values))
        #expect(Statistics.median([], weights: []).isNaN)
    }

    @Test func `moments are those of the textbook, far from zero too`() {
        var moments = Moments()
        for value in [4.0, 7, 13, 16] { moments.add(value + 1e9) }
        #expect(moments.mean == 1e9 + 10)
        #expect(moments.populationDeviation == 22.5.squareRoot())
    }

    @Test func `correlation passes over missing values and is zero for constants`() {
        #expect(Statistics.correlation([1, 2, .nan, 3], [2, 4, 5, 6]) == 1)
        #expect(Statistics.correlation([1, 2, 3], [5, 5, 5]) == 0)
        #expect(abs(Statistics.correlation([1, 2, 3, 4], [4, 3, 2, 1]) + 1) < 1e-15)
    }
}
