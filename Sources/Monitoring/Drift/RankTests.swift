import Glibc

/// Whether values of two samples stand otherwise among each other: higher or lower, or further out.
struct RankTests {
    /// How likely chance alone brings values that stand so much higher or lower.
    ///
    /// - Source: Mann and Whitney (1947), by normal tails, with the correction for ties.
    private(set) var ofPlace = 1.0
    /// How likely chance alone brings values that stand so much further out or further in.
    ///
    /// - Source: Mood (1954), with the mean and variance of the squares that stand there.
    private(set) var ofSpread = 1.0

    init(_ first: QuantileSketch, _ second: QuantileSketch) {
        let (n, m) = (Double(first.count), Double(second.count)), all = n + m
        guard n > 1, m > 1 else { return }
        let left = first.weighted, right = second.weighted
        let middle = (all + 1) / 2
        var i = 0, j = 0, below = 0.0
        var rankSum = 0.0, squareSum = 0.0, allRanks = 0.0, allSquares = 0.0, rankSquares = 0.0, fourthPowers = 0.0
        while i < left.count || j < right.count {
            let value = min(i < left.count ? left[i].value : .infinity, j < right.count ? right[j].value : .infinity)
            var (own, theirs) = (0.0, 0.0)
            while i < left.count, left[i].value == value { (theirs, i) = (theirs + left[i].weight, i + 1) }
            while j < right.count, right[j].value == value { (own, j) = (own + right[j].weight, j + 1) }
            // Equal values share the mean of their ranks.
            let rank = below + (own + theirs + 1) / 2 - middle
            below += own + theirs
            let square = rank * rank
            rankSum += own * rank
            squareSum += own * square
            allRanks += (own + theirs) * rank
            rankSquares += (own + theirs) * square
            allSquares += (own + theirs) * square
            fourthPowers += (own + theirs) * square * square
        }
        ofPlace = Self.chance(rankSum, mean: allRanks / all, squares: rankSquares / all, n, m)
        ofSpread = Self.chance(squareSum, mean: allSquares / all, squares: fourthPowers / all, n, m)
    }

    /// Of a sum of scores of `m` values drawn from all without replacement.
    private static func chance(_ sum: Double, mean: Double, squares: Double, _ n: Double, _ m: Double) -> Double {
        let all = n + m
        let variance = n * m / (all - 1) * (squares - mean * mean)
        guard variance > 0 else { return 1 }
        return erfc(abs(sum - m * mean) / (2 * variance).squareRoot())
    }
}
