/// Linear equations with a symmetric positive matrix.
enum Cholesky {
    /// - Shape: matrix [order, order], of which only the upper triangle is read; right [order, columns], as what is returned.
    /// - Returns: nil where the matrix is not positive.
    static func solve(_ matrix: [Double], order: Int, _ right: [Double], columns: Int) -> [Double]? {
        // matrix = upper' · upper
        var upper = matrix, solution = right
        for pivot in 0..<order {
            let diagonal = upper[pivot * order + pivot]
            guard diagonal > 1e-12, diagonal.isFinite else { return nil }
            let root = diagonal.squareRoot()
            for column in pivot..<order { upper[pivot * order + column] /= root }
            for row in pivot + 1..<max(pivot + 1, order) {
                let factor = upper[pivot * order + row]
                for column in row..<order { upper[row * order + column] -= factor * upper[pivot * order + column] }
            }
        }
        for row in 0..<order {
            for column in 0..<columns {
                var rest = solution[row * columns + column]
                for before in 0..<row { rest -= upper[before * order + row] * solution[before * columns + column] }
                solution[row * columns + column] = rest / upper[row * order + row]
            }
        }
        for row in (0..<order).reversed() {
            for column in 0..<columns {
                var rest = solution[row * columns + column]
                for after in row + 1..<max(row + 1, order) {
                    rest -= upper[row * order + after] * solution[after * columns + column]
                }
                solution[row * columns + column] = rest / upper[row * order + row]
            }
        }
        return solution
    }
}
