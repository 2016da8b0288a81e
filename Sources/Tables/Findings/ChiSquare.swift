import Glibc

/// The distribution of sums of squares of normal deviates.
enum ChiSquare {
    /// How likely a sum at least this large is.
    ///
    /// - Range: freedom at least 1.
    /// - Source: the normal approximation of Wilson and Hilferty (1931); of one degree of freedom exactly.
    static func tail(_ sum: Double, freedom: Double) -> Double {
        if freedom <= 1 { return erfc((max(0, sum) / 2).squareRoot()) }
        let spread = 2 / (9 * freedom)
        let score = (pow(max(0, sum) / freedom, 1 / 3) - (1 - spread)) / spread.squareRoot()
        return erfc(score / 2.0.squareRoot()) / 2
    }
}
