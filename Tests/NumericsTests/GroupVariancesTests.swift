import Numerics
import Testing

@Suite struct GroupVariancesTests {
    private func variances(_ groups: [[Double]], weights: [[Double]]? = nil) -> GroupVariances? {
        let weights = weights ?? groups.map { $0.map { _ in 1 } }
        let pairs = zip(groups, weights).map { Array(zip($0, $1)) }
        return GroupVariances(
            weights: weights.map { $0.reduce(0, +) }, sums: pairs.map { $0.reduce(0) { $0 + $1.0 * $1.1 } },
            squares: pairs.joined().reduce(0) { $0 + $1.0 * $1.0 * $1.1 }, rowCount: groups.joined().count)
    }

    private let groups = [[1.0, 2, 3, 4], [6, 8, 7], [2, 2.5], [11, 12, 10, 13, 14]]

    /// With numpy: mean squares of groups and residuals, n0 = (N - Σ n² / N) / (k - 1); their ratio is scipy's `f_oneway`, 48.79388251651026.
    @Test func `both variances are those of the analysis of variance`() throws {
        let found = try #require(variances(groups))
        #expect(abs(found.within - 1.7125) < 1e-12)
        #expect(abs(found.between - 24.208274647887322) < 1e-9)
        #expect(abs(found.smoothing(in: 0...1000) - found.within / found.between) < 1e-12)
    }

    @Test func `scaling all weights changes nothing`() throws {
        let plain = try #require(variances(groups))
        let scaled = try #require(variances(groups, weights: groups.map { $0.map { _ in 8 } }))
        #expect(abs(plain.within - scaled.within) < 1e-12 && abs(plain.between - scaled.between) < 1e-12)
        #expect(scaled.unit == 0.125)
    }

    @Test func `groups that differ no more than chance are smoothed as far as may be`() throws {
        let found = try #require(variances([[1, -1], [1, -1], [2, -2]]))
        #expect(found.between < 0 && found.smoothing(in: 0.1...50) == 50)
    }

    @Test func `nothing is told of single rows or of one group`() {
        #expect(variances([[1], [2], [3]]) == nil && variances([[1, 2, 3]]) == nil && variances([]) == nil)
    }
}
