import Glibc

/// The factor L of a positive definite matrix K = L Lᵀ, and what is solved with it.
///
/// - Shape: [order, order], rows one after another; above the diagonal stands nothing of use.
public struct Cholesky: Sendable {
    public let order: Int
    public private(set) var factor: [Double]

    /// nil where the matrix is not positive definite to double precision.
    /// - Complexity: order³ / 3 products.
    public init?(_ matrix: [Double], order: Int) {
        precondition(matrix.count == order * order, "\(matrix.count) numbers are no matrix of order \(order)")
        var factor = matrix
        let isDefinite = factor.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let base = buffer.baseAddress else { return true }
            for row in 0..<order {
                let this = base + row * order
                for column in 0..<row {
                    let other = base + column * order
                    this[column] = (this[column] - VectorArithmetic.dot(this, other, column)) / other[column]
                }
                let rest = this[row] - VectorArithmetic.dot(this, this, row)
                guard rest > 0, rest.isFinite else { return false }
                this[row] = rest.squareRoot()
            }
            return true
        }
        guard isDefinite else { return nil }
        (self.order, self.factor) = (order, factor)
    }

    /// The logarithm of K's determinant.
    public var logDeterminant: Double { (0..<order).reduce(0) { $0 + 2 * Self.log(factor[$1 * order + $1]) } }

    /// Puts L⁻¹ v in the place of v.
    public func solveLower(_ vector: UnsafeMutablePointer<Double>) {
        factor.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for row in 0..<order {
                let this = base + row * order
                vector[row] = (vector[row] - VectorArithmetic.dot(this, vector, row)) / this[row]
            }
        }
    }

    /// Puts L⁻ᵀ v in the place of v.
    public func solveUpper(_ vector: UnsafeMutablePointer<Double>) {
        factor.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for row in stride(from: order - 1, through: 0, by: -1) {
                let this = base + row * order
                vector[row] /= this[row]
                VectorArithmetic.add(-vector[row], this, to: vector, row)
            }
        }
    }

    /// K⁻¹ v.
    public func solve(_ vector: [Double]) -> [Double] {
        var solved = vector
        solved.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            solveLower(base)
            solveUpper(base)
        }
        return solved
    }

    /// K⁻¹, of which the lower triangle is filled.
    /// - Complexity: order³ · 2 / 3 products.
    public func inverse() -> [Double] {
        // Row i of `rows` is column i of L⁻¹ from its diagonal on, so that sums go along rows.
        var rows = [Double](repeating: 0, count: order * order), inverse = rows
        rows.withUnsafeMutableBufferPointer { rowBuffer in
            inverse.withUnsafeMutableBufferPointer { inverseBuffer in
                factor.withUnsafeBufferPointer { factorBuffer in
                    guard let rows = rowBuffer.baseAddress, let inverse = inverseBuffer.baseAddress,
                        let factor = factorBuffer.baseAddress
                    else { return }
                    for column in 0..<order {
                        let this = rows + column * order
                        this[column] = 1 / factor[column * order + column]
                        for row in (column + 1)..<max(order, column + 1) {
                            let line = factor + row * order
                            this[row] = -VectorArithmetic.dot(line + column, this + column, row - column) / line[row]
                        }
                    }
                    for row in 0..<order {
                        for column in 0...row {
                            inverse[row * order + column] = VectorArithmetic.dot(
                                rows + row * order + row, rows + column * order + row, order - row)
                        }
                    }
                }
            }
        }
        return inverse
    }
}

extension Cholesky {
    private static func log(_ value: Double) -> Double { Glibc.log(value) }
}
