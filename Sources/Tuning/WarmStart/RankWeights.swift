import Numerics

/// How much models of earlier searches count beside that of this one: as often as a model puts trials of this search into their
/// right order better than all others, over trials drawn again and again with replacement.
///
/// - Source: Feurer, Letham and Bakshy, "Scalable Meta-Learning for Bayesian Optimization using Ranking-Weighted Gaussian Process
///   Ensembles" (2018). This search's own model is judged by trials left out of it, wins ties, and a model that puts more than
///   two fifths of all pairs into the wrong order counts nothing.
struct RankWeights {
    /// Of this search's model; the rest is shared by `earlier`.
    private(set) var own: Double
    private(set) var earlier: [Double]

    /// Without earlier searches.
    static let alone = RankWeights()

    private init() { (own, earlier) = (1, []) }

    private static let rounds = 64
    /// The newest count: all pairs of more are many.
    private static let mostCompared = 60
    private static let mostWrong = 0.4
    private static let leastJudged = 4
    /// From so many trials on only this search's own model counts.
    private static let lastCount = 24.0
    private static let leastWeight = 0.02

    init(
        _ process: GaussianProcess?, _ models: [TransferModel], points: [[Double]], values: [Double],
        _ source: inout RandomSource
    ) {
        (own, earlier) = (0, [Double](repeating: 1 / Double(max(1, models.count)), count: models.count))
        guard let process else { return }
        let kept = Array(values.indices.suffix(Self.mostCompared)), expected = kept.map { values[$0] }
        let errors = process.errorsLeftOut
        var guesses = [kept.map { values[$0] - errors[$0] }]
        for model in models { guesses.append(kept.map { model.mean(at: points[$0]) }) }
        let everyone = Array(expected.indices)
        let isOut = guesses.enumerated().map { place, guess in
            place > 0 && kept.count >= Self.leastJudged && Self.wrongShare(guess, expected, everyone) > Self.mostWrong
        }
        var wins = [Double](repeating: 0, count: guesses.count)
        for _ in 0..<Self.rounds {
            let drawn = everyone.map { _ in source.integer(below: everyone.count) }
            let losses = guesses.enumerated().map { isOut[$0] ? .infinity : Self.wrongShare($1, expected, drawn) }
            let least = losses.min() ?? 0
            let winners = losses[0] == least ? [0] : losses.indices.filter { losses[$0] == least }
            for winner in winners { wins[winner] += 1 / Double(winners.count) }
        }
        // Ranks say nothing of how exactly a model knows where the best lies; of this search's own that grows with its trials.
        let left = max(0, 1 - Double(values.count) / Self.lastCount)
        for place in wins.indices.dropFirst() { wins[place] *= left }
        var shares = wins.map { $0 / Double(Self.rounds) }.map { $0 < Self.leastWeight ? 0 : $0 }
        let sum = shares.reduce(0, +)
        shares = sum > 0 ? shares.map { $0 / sum } : shares.indices.map { $0 == 0 ? 1 : 0 }
        (own, earlier) = (shares[0], Array(shares.dropFirst()))
    }

    /// The share of pairs that are guessed the wrong way round.
    static func wrongShare(_ guesses: [Double], _ expected: [Double], _ rows: [Int]) -> Double {
        var wrong = 0.0, count = 0.0
        for (place, row) in rows.enumerated() {
            for other in rows[(place + 1)...] where expected[row] != expected[other] {
                count += 1
                if (guesses[row] < guesses[other]) != (expected[row] < expected[other]) { wrong += 1 }
            }
        }
        return count > 0 ? wrong / count : 0
    }
}
