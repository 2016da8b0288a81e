import Testing

@testable import Numerics

@Suite struct MatrixTests {
    @Test func `elements lie row after row`() {
        let matrix = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
        #expect(matrix.rowCount == 2)
        #expect(matrix.columnCount == 3)
        #expect(matrix[1, 0] == 4)
        #expect(matrix.elements == [1, 2, 3, 4, 5, 6])
        #expect(Array(matrix.row(1)) == [4, 5, 6])
        #expect(matrix.selecting(rows: [1, 1, 0]).elements == [4, 5, 6, 4, 5, 6, 1, 2, 3])
    }

    @Test func `the first column with a NaN or an infinity is found`() {
        #expect(Matrix(rows: [[1, 2], [3, 4]]).firstNonFiniteColumn == nil)
        #expect(Matrix(rows: [[1, 2], [3, .infinity]]).firstNonFiniteColumn == 1)
        #expect(Matrix(rows: [[1, 2], [.nan, 3]]).firstNonFiniteColumn == 0)
        #expect(Matrix(rowCount: 0, columnCount: 0).firstNonFiniteColumn == nil)
    }
}
