import Numerics

/// Where to try next.
struct Suggestion {
    var point: [Double]
    var reason: String
    /// What is kept with the trial (`Trial.memory`).
    var memory: [Double] = []
}

/// A way to search. It decides from the history, the trial's number and random numbers that depend on the seed and the number
/// alone, so that the same history gives the same suggestion in whatever process.
protocol Suggester: Sendable {
    /// nil when there is nothing left to try.
    func suggestion(after history: TrialHistory, number: Int, source: inout RandomSource) -> Suggestion?
}
