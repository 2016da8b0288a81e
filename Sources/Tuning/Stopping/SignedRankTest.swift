/// Whether paired differences tend to lie above zero.
///
/// - Source: Wilcoxon, "Individual Comparisons by Ranking Methods" (1945); zeros are left out, ties share their ranks, and the
///   distribution is counted exactly.
enum SignedRankTest {
    /// How likely a sum of positive ranks as large is if signs fall by chance; 1 without differences.
    /// - Complexity: count³.
    static func chance(above differences: [Double]) -> Double {
        let left = differences.filter { $0 != 0 && !$0.isNaN }
        guard !left.isEmpty else { return 1 }
        // Twice the rank, so that shared ranks are whole.
        let ranks = left.map { value in
            left.count { $0.magnitude < value.magnitude } * 2 + left.count { $0.magnitude == value.magnitude } + 1
        }
        let seen = zip(left, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }, total = ranks.reduce(0, +)
        // Of each sum the share of all signs that gives it.
        var shares = [Double](repeating: 0, count: total + 1)
        shares[0] = 1
        for rank in ranks {
            for sum in stride(from: total, through: 0, by: -1) {
                shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2
            }
        }
        return min(1, shares[seen...].reduce(0, +))
    }
}
