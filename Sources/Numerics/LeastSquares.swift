import CheckedNumbers

/// The exact least-squares fit, rank-deficient or not: what iterative learners are checked against.
public enum LeastSquares {
    /// Coefficients of smallest norm that minimise |targets - features · coefficients|; `nil` if the library gives up.
    ///
    /// - Shape: features [n, d] row after row, targets [n], result [d].
    /// - Source: LAPACK dgelsd.
    public static func solve(features: [Double], targets: [Double], columnCount: Int) -> [Double]? {
        let rowCount = targets.count
        precondition(features.count == rowCount * columnCount, "features do not have \(rowCount) × \(columnCount) elements")
        guard rowCount > 0, columnCount > 0 else { return nil }
        var matrix = [Double](repeating: 0, count: features.count)
        for row in 0..<rowCount {
            for column in 0..<columnCount { matrix[column * rowCount + row] = features[row * columnCount + column] }
        }
        var right = targets + [Double](repeating: 0, count: max(0, columnCount - rowCount))
        var rows = Int32(rowCount), columns = Int32(columnCount), sides: Int32 = 1, rank: Int32 = 0, status: Int32 = 0
        var leading = Int32(rowCount), leadingRight = Int32(right.count), tolerance = 1e-12
        var singular = [Double](repeating: 0, count: min(rowCount, columnCount))
        var size: Int32 = -1, best = [0.0], bestInteger: [Int32] = [0]
        OpenBLASLibrary.shared.dgelsd(
            &rows, &columns, &sides, &matrix, &leading, &right, &leadingRight, &singular, &tolerance, &rank, &best, &size,
            &bestInteger, &status)
        size = Int32(nearestWithin: best[0])
        var work = [Double](repeating: 0, count: Int(size)), integers = [Int32](repeating: 0, count: Int(bestInteger[0]))
        OpenBLASLibrary.shared.dgelsd(
            &rows, &columns, &sides, &matrix, &leading, &right, &leadingRight, &singular, &tolerance, &rank, &work, &size,
            &integers, &status)
        return status == 0 ? Array(right[..<columnCount]) : nil
    }
}
