import Glibc
import Numerics

/// What is believed of a function after some of its values were seen: at each point a mean and a deviation.
///
/// - Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), algorithm 2.1.
struct GaussianProcess {
    let space: SurrogateSpace
    let parameters: SurrogateParameters
    let count: Int
    private let warped: [Double]
    private let weights: [Double]
    private let cholesky: Cholesky
    /// K⁻¹ y.
    private let solved: [Double]

    /// nil where the points lie so close together that nothing can be computed.
    init?(_ space: SurrogateSpace, points: [[Double]], values: [Double], _ parameters: SurrogateParameters) {
        let count = points.count, dimension = space.dimension
        precondition(values.count == count, "\(values.count) values at \(count) points")
        let warped = space.warped(points, parameters), weights = parameters.weights
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0..<row {
                var square = 0.0
                for index in 0..<dimension {
                    square +=
                        weights[index] * space.square(warped[row * dimension + index], warped[column * dimension + index], index)
                }
                matrix[row * count + column] = parameters.variance * Matern.value(square).value
            }
            matrix[row * count + row] = parameters.variance + parameters.noise
        }
        guard let cholesky = Cholesky(matrix, order: count) else { return nil }
        (self.space, self.parameters, self.count, self.warped, self.weights) = (space, parameters, count, warped, weights)
        self.cholesky = cholesky
        solved = cholesky.solve(values)
    }

    /// Of each value, by how much it is missed where it is not known itself.
    ///
    /// - Source: Rasmussen and Williams, equation 5.12.
    var errorsLeftOut: [Double] {
        let inverse = cholesky.inverse()
        return (0..<count).map { solved[$0] / inverse[$0 * count + $0] }
    }

    struct Belief {
        var mean: Double
        /// Of the function itself, without noise.
        var deviation: Double
        /// By each coordinate of the point.
        var meanSlopes: [Double] = []
        var deviationSlopes: [Double] = []
    }

    /// - Complexity: n² / 2 + n d products.
    func belief(at point: [Double]) -> Belief {
        var room = Room(self)
        return belief(at: point, in: &room)
    }

    /// Room for one point's likeness to all others, to be used again.
    struct Room {
        fileprivate var likeness: [Double], slopes: [Double], solved: [Double]
        init(_ process: GaussianProcess) {
            likeness = [Double](repeating: 0, count: process.count)
            (slopes, solved) = (likeness, likeness)
        }
    }

    func belief(at point: [Double], in room: inout Room) -> Belief {
        fill(space.warped(point, parameters), &room)
        var mean = 0.0, reduction = 0.0
        for index in 0..<count { mean += room.likeness[index] * solved[index] }
        room.likeness.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            cholesky.solveLower(base)
            reduction = VectorArithmetic.dot(base, base, count)
        }
        return Belief(mean: mean, deviation: max(parameters.variance - reduction, Self.leastVariance).squareRoot())
    }

    /// The mean alone.
    func mean(at point: [Double]) -> Double {
        var room = Room(self)
        fill(space.warped(point, parameters), &room)
        return (0..<count).reduce(0) { $0 + room.likeness[$1] * solved[$1] }
    }

    private static let leastVariance = 1e-14

    private func fill(_ place: [Double], _ room: inout Room) {
        let dimension = space.dimension
        for row in 0..<count {
            var square = 0.0
            for index in 0..<dimension {
                square += weights[index] * space.square(place[index], warped[row * dimension + index], index)
            }
            let found = Matern.value(square)
            room.likeness[row] = parameters.variance * found.value
            room.slopes[row] = parameters.variance * found.slope
        }
    }

    /// The same with the slopes by the point's numbers; those by words are 0.
    /// - Complexity: n² + 3 n d products.
    func beliefWithSlopes(at point: [Double], in room: inout Room) -> Belief {
        let dimension = space.dimension
        let warps = (0..<dimension).map { index in
            space.isWord[index]
                ? (point[index], 0, 0, 0)
                : SurrogateSpace.warp(point[index], parameters.firstExponent(index), parameters.secondExponent(index))
        }
        fill(warps.map(\.0), &room)
        var belief = Belief(mean: 0, deviation: 0)
        for index in 0..<count { belief.mean += room.likeness[index] * solved[index] }
        room.solved.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<count { base[index] = room.likeness[index] }
            cholesky.solveLower(base)
            belief.deviation = parameters.variance - VectorArithmetic.dot(base, base, count)
            cholesky.solveUpper(base)
        }
        let isSure = belief.deviation <= Self.leastVariance
        belief.deviation = max(belief.deviation, Self.leastVariance).squareRoot()
        belief.meanSlopes = [Double](repeating: 0, count: dimension)
        belief.deviationSlopes = belief.meanSlopes
        for index in 0..<dimension where !space.isWord[index] {
            var byMean = 0.0, byVariance = 0.0
            let place = warps[index].0
            for row in 0..<count {
                let slope = 2 * room.slopes[row] * (place - warped[row * dimension + index])
                byMean += slope * solved[row]
                byVariance -= 2 * slope * room.solved[row]
            }
            let factor = weights[index] * warps[index].1
            belief.meanSlopes[index] = byMean * factor
            belief.deviationSlopes[index] = isSure ? 0 : byVariance * factor / (2 * belief.deviation)
        }
        return belief
    }
}
