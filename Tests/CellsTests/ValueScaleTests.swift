import Cells
import Testing

/// Where values stand between the smallest and the largest of them.
@Suite struct ValueScaleTests {
    @Test(arguments: [(-2.0, 6.0, false), (3.0, 4.0, false), (1.0, 1000.0, true), (0.0, 1000.0, false)])
    func aValueComesBackFromItsPlace(low: Double, high: Double, isLogarithmic: Bool) {
        let scale = ValueScale(low...high)
        #expect(scale.isLogarithmic == isLogarithmic)
        #expect(scale.share(of: low) == 0 && abs(scale.share(of: high) - 1) < 1e-12)
        for share in [0.1, 0.5, 0.9] { #expect(abs(scale.share(of: scale.value(at: share)) - share) < 1e-9) }
    }

    @Test func overMagnitudesEachFactorCountsTheSame() {
        #expect(abs(ValueScale(1...10_000).share(of: 100) - 0.5) < 1e-12)
    }
}
