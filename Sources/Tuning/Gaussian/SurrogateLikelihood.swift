import Glibc
import Numerics

/// How well parameters explain what was seen: minus the logarithm of the posterior density, up to a constant, with its slopes.
///
/// - Complexity: n³ + n² d for n points in d dimensions.
struct SurrogateLikelihood {
    let space: SurrogateSpace
    /// Points one after another.
    let points: [Double]
    /// Values with mean 0 and variance 1.
    let values: [Double]

    init(_ space: SurrogateSpace, points: [[Double]], values: [Double]) {
        (self.space, self.points, self.values) = (space, points.flatMap { $0 }, values)
    }

    func value(_ logs: [Double], _ gradient: inout [Double]) -> Double {
        let count = values.count, dimension = space.dimension
        guard let parameters = SurrogateParameters(logs, dimension: dimension) else { return .infinity }
        let warped = Warped(points, parameters, space)
        let weights = parameters.weights, variance = parameters.variance, noise = parameters.noise
        var matrix = [Double](repeating: 0, count: count * count), slopes = matrix
        for row in 0..<count {
            for column in 0..<row {
                var square = 0.0
                for index in 0..<dimension {
                    square +=
                        weights[index]
                        * space.square(warped.values[row * dimension + index], warped.values[column * dimension + index], index)
                }
                let found = Matern.value(square)
                matrix[row * count + column] = variance * found.value
                slopes[row * count + column] = variance * found.slope
            }
            matrix[row * count + row] = variance + noise
        }
        guard let cholesky = Cholesky(matrix, order: count) else { return .infinity }
        let solved = cholesky.solve(values)
        var fit = 0.5 * cholesky.logDeterminant
        for index in 0..<count { fit += 0.5 * values[index] * solved[index] }
        for index in gradient.indices { gradient[index] = 0 }
        let prior = parameters.logPrior(addingTo: &gradient)
        for index in gradient.indices { gradient[index] = -gradient[index] }
        addSlopes(&gradient, matrix, slopes, cholesky.inverse(), solved, warped, weights, parameters)
        return fit - prior
    }

    /// Half of the trace of (K⁻¹ - α αᵀ) dK, for every parameter.
    private func addSlopes(
        _ gradient: inout [Double], _ matrix: [Double], _ slopes: [Double], _ inverse: [Double], _ solved: [Double],
        _ warped: Warped, _ weights: [Double], _ parameters: SurrogateParameters
    ) {
        let count = values.count, dimension = space.dimension
        var byPlace = [Double](repeating: 0, count: count * dimension), byVariance = 0.0, byNoise = 0.0
        var byWeight = [Double](repeating: 0, count: dimension)
        for row in 0..<count {
            for column in 0..<row {
                let share = inverse[row * count + column] - solved[row] * solved[column]
                byVariance += share * matrix[row * count + column]
                let slope = share * slopes[row * count + column]
                for index in 0..<dimension {
                    let left = warped.values[row * dimension + index], right = warped.values[column * dimension + index]
                    byWeight[index] += slope * space.square(left, right, index)
                    let pull = slope * (left - right)
                    byPlace[row * dimension + index] += pull
                    byPlace[column * dimension + index] -= pull
                }
            }
            let share = inverse[row * count + row] - solved[row] * solved[row]
            byVariance += 0.5 * share * parameters.variance
            byNoise += 0.5 * share * parameters.noise
        }
        gradient[dimension] += byVariance
        gradient[dimension + 1] += byNoise
        for index in 0..<dimension {
            gradient[index] += byWeight[index] * weights[index]
            guard !space.isWord[index] else { continue }
            for row in 0..<count {
                let pull = 2 * weights[index] * byPlace[row * dimension + index]
                gradient[dimension + 2 + index] += pull * warped.byLogA[row * dimension + index]
                gradient[2 * dimension + 2 + index] += pull * warped.byLogB[row * dimension + index]
            }
        }
    }

    /// Points after warping, with their slopes by the warping's exponents.
    private struct Warped {
        var values: [Double], byLogA: [Double], byLogB: [Double]

        init(_ points: [Double], _ parameters: SurrogateParameters, _ space: SurrogateSpace) {
            (values, byLogA, byLogB) = (points, points, points)
            for index in 0..<space.dimension where !space.isWord[index] {
                let a = parameters.firstExponent(index), b = parameters.secondExponent(index)
                for place in stride(from: index, to: points.count, by: space.dimension) {
                    let warped = SurrogateSpace.warp(points[place], a, b)
                    (values[place], byLogA[place], byLogB[place]) = (warped.value, warped.byLogA, warped.byLogB)
                }
            }
        }
    }
}
