import Numerics

/// Points of a scrambled Sobol sequence: spread more evenly than random ones.
struct SobolSuggester: Suggester {
    let seed: UInt64

    func suggestion(after history: TrialHistory, number: Int, source: inout RandomSource) -> Suggestion? {
        let point = SobolSequence(dimension: history.space.dimension, seed: seed).point(number)
        return Suggestion(point: history.space.canonical(point), reason: "point \(number + 1) of an even spread over all ranges")
    }
}
