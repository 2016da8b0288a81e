import Testing

@testable import Explaining

@Suite("Drift of attributions")
struct AttributionDriftTests {
    /// The developer guide's example, and what scikit-learn 1.9's `ndcg_score` makes of ties.
    @Test func `gains are the guide's, and scikit-learn's where columns do the same`() throws {
        let before = ["a": 0.70, "b": 0.50, "c": 0.05]
        let gain = try #require(AttributionDrift.gain(baseline: before, live: ["a": 0.10, "b": 0.20, "c": 0.70]))
        #expect(abs(gain - 0.6876) < 0.0001)
        #expect(AttributionDrift.gain(baseline: before, live: before) == 1)
        // ndcg_score([[.7, .5, .05]], [[.2, .2, .7]])
        let tied = try #require(AttributionDrift.gain(baseline: before, live: ["a": 0.2, "b": 0.2, "c": 0.7]))
        #expect(abs(tied - 0.7002233985961953) < 1e-9)
        #expect(AttributionDrift.gain(baseline: ["a": 0], live: ["a": 1]) == nil)
        #expect(AttributionDrift.gain(baseline: ["a": 1, "b": .nan], live: ["a": .nan, "b": .nan, "c": 1]) == 0)
    }

    @Test func `a share that moved is seen where the ranking has kept`() throws {
        let before = ["a": 0.5, "b": 0.4, "c": 0.1], now = ["a": 0.9, "b": 0.08, "c": 0.02]
        #expect(AttributionDrift.gain(baseline: before, live: now) == 1)
        #expect(abs((AttributionDrift.movedShare(baseline: before, live: now) ?? 0) - 0.4) < 1e-12)
        #expect(AttributionDrift.movedShare(baseline: before, live: before) == 0)
    }
}
