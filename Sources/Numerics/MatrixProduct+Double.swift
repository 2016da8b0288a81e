import COpenBLAS

extension MatrixProduct {
    /// Which factor is stored with rows and columns exchanged.
    public enum Transposed { case first, second }

    /// c = a · b, or c += a · b, in double precision.
    ///
    /// - Shape: a [rows, inner], or stored [inner, rows] and read transposed; b [inner, columns], or stored [columns, inner];
    ///   c [rows, columns]. All without gaps.
    /// - Range: the same bits on every call; see `LinearAlgebraLibrary`.
    /// - Source: BLAS dgemm.
    public static func multiply(
        _ a: [Double], _ b: [Double], reading transposed: Transposed? = nil, into c: inout [Double], rows: Int, columns: Int,
        inner: Int, adding: Bool = false
    ) {
        precondition(max(rows, columns, inner) <= Int(Int32.max), "\(rows) × \(inner) × \(columns) is too large for the library")
        precondition(
            a.count >= rows * inner && b.count >= inner * columns && c.count >= rows * columns,
            "factors of \(a.count) and \(b.count) and a product of \(c.count) elements for \(rows) × \(inner) × \(columns)")
        guard rows > 0, columns > 0, inner > 0 else { return }
        let (m, n, k) = (Int32(rows), Int32(columns), Int32(inner))
        OpenBLASLibrary.shared.dgemm(
            Int32(CX_ROW_MAJOR), transposed == .first ? Int32(CX_TRANSPOSED) : Int32(CX_AS_STORED),
            transposed == .second ? Int32(CX_TRANSPOSED) : Int32(CX_AS_STORED), m, n, k, 1, a, transposed == .first ? m : k, b,
            transposed == .second ? k : n, adding ? 1 : 0, &c, n)
    }

    /// Adds the products of a matrix's columns with each other: c += a' · a. Only the upper triangle, i <= j, is written.
    ///
    /// - Shape: a [rows, columns], c [columns, columns].
    /// - Source: BLAS dsyrk.
    public static func addGram(of a: [Double], rows: Int, columns: Int, into c: inout [Double]) {
        precondition(max(rows, columns) <= Int(Int32.max), "\(rows) × \(columns) is too large for the library")
        precondition(
            a.count >= rows * columns && c.count == columns * columns,
            "\(a.count) and \(c.count) elements for \(rows) × \(columns)")
        guard rows > 0, columns > 0 else { return }
        let (n, k) = (Int32(columns), Int32(rows))
        OpenBLASLibrary.shared.dsyrk(
            Int32(CX_ROW_MAJOR), Int32(CX_UPPER), Int32(CX_TRANSPOSED), n, k, 1, a, n, 1, &c, n)
    }
}
