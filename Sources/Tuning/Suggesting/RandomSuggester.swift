import Numerics

/// Independent draws.
struct RandomSuggester: Suggester {
    func suggestion(after history: TrialHistory, number: Int, source: inout RandomSource) -> Suggestion? {
        Suggestion(point: history.space.randomPoint(&source), reason: "drawn at random")
    }
}
