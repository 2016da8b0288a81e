import COpenBLAS

/// Products of dense row-major matrices that lie anywhere in memory.
public enum MatrixProduct {
    /// A factor, and how it is read.
    public enum Factor {
        case asStored(UnsafePointer<Float>), transposed(UnsafePointer<Float>)

        fileprivate var address: UnsafePointer<Float> {
            switch self {
            case .asStored(let address), .transposed(let address): address
            }
        }

        fileprivate var isTransposed: Bool {
            if case .transposed = self { true } else { false }
        }
    }

    /// c = a · b, or c += a · b.
    ///
    /// - Shape: a [rows, inner], or stored [inner, rows] and read transposed; b [inner, columns], or stored [columns, inner];
    ///   c [rows, columns]. All without gaps.
    /// - Range: the same bits on every call; see `LinearAlgebraLibrary`.
    /// - Source: BLAS sgemm.
    public static func multiply(
        _ a: Factor, _ b: Factor, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int, adding: Bool = false
    ) {
        precondition(max(rows, columns, inner) <= Int(Int32.max), "\(rows) × \(inner) × \(columns) is too large for the library")
        guard rows > 0, columns > 0, inner > 0 else { return }
        let (m, n, k) = (Int32(rows), Int32(columns), Int32(inner))
        OpenBLASLibrary.shared.sgemm(
            Int32(CX_ROW_MAJOR), a.isTransposed ? Int32(CX_TRANSPOSED) : Int32(CX_AS_STORED),
            b.isTransposed ? Int32(CX_TRANSPOSED) : Int32(CX_AS_STORED), m, n, k, 1,
            a.address, a.isTransposed ? m : k, b.address, b.isTransposed ? k : n, adding ? 1 : 0, c, n)
    }
}
