import Glibc
import Numerics
import Testing

@Suite("Cholesky factors")
struct CholeskyTests {
    @Test("a matrix times its inverse is the unit matrix")
    func cholesky() throws {
        let order = 21
        let matrix = (0..<order * order).map { place -> Double in
            let (row, column) = (place / order, place % order)
            return exp(-0.1 * Double((row - column) * (row - column))) + (row == column ? 0.1 : 0)
        }
        let cholesky = try #require(Cholesky(matrix, order: order)), inverse = cholesky.inverse()
        for row in 0..<order {
            for column in 0..<order {
                let sum = (0..<order).reduce(0.0) { sum, place in
                    sum + matrix[row * order + place] * inverse[max(place, column) * order + min(place, column)]
                }
                #expect((sum - (row == column ? 1 : 0)).magnitude < 1e-10)
            }
        }
        #expect(Cholesky([1, 2, 2, 1], order: 2) == nil)
    }
}
