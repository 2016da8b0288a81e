/// A dense matrix of single-precision numbers, row after row in one block of memory.
///
/// - Shape: [rowCount, columnCount]; element (r, c) is `elements[r * columnCount + c]`.
public struct Matrix: Sendable, Hashable {
    /// Rows and columns.
    public let rowCount: Int, columnCount: Int
    /// All elements, row after row.
    public private(set) var elements: [Float]

    /// A matrix of zeros.
    public init(rowCount: Int, columnCount: Int) {
        self.init(rowCount: rowCount, columnCount: columnCount, elements: [Float](repeating: 0, count: rowCount * columnCount))
    }

    /// A matrix over elements in row order.
    public init(rowCount: Int, columnCount: Int, elements: [Float]) {
        precondition(
            elements.count == rowCount * columnCount,
            "\(elements.count) elements do not fill \(rowCount) × \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.elements = elements
    }

    /// A matrix from rows of equal length.
    public init(rows: [[Float]]) {
        self.init(rowCount: rows.count, columnCount: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
    }

    /// A matrix whose elements `fill` writes; every element must be written.
    public init(rowCount: Int, columnCount: Int, filledBy fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
        let count = rowCount * columnCount
        let elements = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            initialized = count
        }
        self.init(rowCount: rowCount, columnCount: columnCount, elements: elements)
    }

    /// The element in a row and a column.
    public subscript(row: Int, column: Int) -> Float {
        get { elements[row * columnCount + column] }
        set { elements[row * columnCount + column] = newValue }
    }

    /// One row.
    public func row(_ index: Int) -> ArraySlice<Float> { elements[index * columnCount..<(index + 1) * columnCount] }

    /// The given rows, in the given order.
    public func selecting(rows: [Int]) -> Matrix {
        let columnCount = columnCount
        return Matrix(rowCount: rows.count, columnCount: columnCount) { target in
            elements.withUnsafeBufferPointer { source in
                for (position, row) in rows.enumerated() {
                    for column in 0..<columnCount {
                        target[position * columnCount + column] = source[row * columnCount + column]
                    }
                }
            }
        }
    }

    /// The same rows, with another's columns behind their own.
    ///
    /// - Shape: other [rowCount, any].
    public func adding(_ other: Matrix) -> Matrix {
        precondition(other.rowCount == rowCount, "columns of \(other.rowCount) rows for \(rowCount)")
        let (own, added) = (columnCount, other.columnCount)
        return Matrix(rowCount: rowCount, columnCount: own + added) { target in
            elements.withUnsafeBufferPointer { first in
                other.elements.withUnsafeBufferPointer { second in
                    for row in 0..<rowCount {
                        let start = row * (own + added)
                        for column in 0..<own { target[start + column] = first[row * own + column] }
                        for column in 0..<added { target[start + own + column] = second[row * added + column] }
                    }
                }
            }
        }
    }

    /// Column of the first element that is NaN or infinite.
    public var firstNonFiniteColumn: Int? { firstColumn(0x7f80_0000) { !$0.isFinite } }

    /// Column of the first element that is infinite.
    public var firstInfiniteColumn: Int? { firstColumn(0x7fff_ffff, \.isInfinite) }

    /// `mask` keeps the bits in which an element that is sought equals infinity.
    @inline(__always)
    private func firstColumn(_ mask: UInt32, _ isSought: (Float) -> Bool) -> Int? {
        elements.withUnsafeBufferPointer { elements in
            // Blocks without an early exit become vector code.
            for start in stride(from: 0, to: elements.count, by: 4096) {
                let end = min(elements.count, start + 4096)
                var bad: UInt32 = 0
                for index in start..<end { bad |= elements[index].bitPattern & mask == 0x7f80_0000 ? 1 : 0 }
                if bad != 0 { return (start..<end).first { isSought(elements[$0]) }.map { $0 % columnCount } }
            }
            return nil
        }
    }
}
