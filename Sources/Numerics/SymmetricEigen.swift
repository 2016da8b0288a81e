import CheckedNumbers

/// Eigenvalues and eigenvectors of a symmetric matrix.
public enum SymmetricEigen {
    /// All eigenvalues, the largest first, and the vector of each; `nil` if the library gives up, as on NaN.
    ///
    /// - Shape: matrix [order, order], of which only the upper triangle is read; values [order]; vectors [order, order], one a row,
    ///   each of length 1.
    /// - Source: LAPACK dsyevd.
    public static func solve(_ matrix: [Double], order: Int) -> (values: [Double], vectors: [Double])? {
        precondition(matrix.count == order * order, "\(matrix.count) elements are no matrix of order \(order)")
        guard order > 0 else { return ([], []) }
        // The library gives back something for NaN, or never returns.
        guard matrix.allSatisfy(\.isFinite) else { return nil }
        var vectors = matrix, values = [Double](repeating: 0, count: order)
        var n = Int32(order), status: Int32 = 0, size: Int32 = -1, integerSize: Int32 = -1
        var best = [0.0], bestInteger: [Int32] = [0]
        // The upper triangle of rows is the lower triangle of columns, which LAPACK counts in.
        OpenBLASLibrary.shared.dsyevd("V", "L", &n, &vectors, &n, &values, &best, &size, &bestInteger, &integerSize, &status)
        size = Int32(nearestWithin: best[0])
        integerSize = bestInteger[0]
        var work = [Double](repeating: 0, count: Int(size)), integers = [Int32](repeating: 0, count: Int(integerSize))
        OpenBLASLibrary.shared.dsyevd("V", "L", &n, &vectors, &n, &values, &work, &size, &integers, &integerSize, &status)
        guard status == 0 else { return nil }
        let falling = (0..<order).reversed().flatMap { vectors[$0 * order..<($0 + 1) * order] }
        return (values.reversed(), falling)
    }
}
