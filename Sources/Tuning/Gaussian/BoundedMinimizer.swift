/// Finds a minimum of a smooth function in a box, by L-BFGS on the numbers that are not held by a bound.
///
/// - Source: Nocedal and Wright, "Numerical Optimization" (2006), algorithms 7.4 and 3.1, with steps projected onto the box.
struct BoundedMinimizer {
    var lower: [Double]
    var upper: [Double]
    var iterationLimit = 60
    /// Ends when no number's slope is larger.
    var tolerance = 1e-5
    private static let memory = 8

    /// - Parameter evaluate: the value at a point, and its gradient written to the second argument; a value that is not
    ///   finite counts as infinitely bad.
    func minimum(
        from start: [Double], _ evaluate: ([Double], inout [Double]) -> Double
    ) -> (point: [Double], value: Double) {
        let count = start.count
        var point = projected(start), gradient = [Double](repeating: 0, count: count)
        var value = evaluate(point, &gradient)
        guard value.isFinite else { return (point, .infinity) }
        var steps: [[Double]] = [], changes: [[Double]] = []
        for _ in 0..<iterationLimit {
            let isFree = (0..<count).map { index in
                !(point[index] <= lower[index] && gradient[index] > 0) && !(point[index] >= upper[index] && gradient[index] < 0)
            }
            let steepest = (0..<count).reduce(0.0) { isFree[$1] ? max($0, gradient[$1].magnitude) : $0 }
            guard steepest > tolerance else { break }
            var direction = Self.direction(gradient, isFree, steps, changes)
            var slope = Self.dot(direction, gradient)
            if slope >= 0 {
                (steps, changes) = ([], [])
                direction = (0..<count).map { isFree[$0] ? -gradient[$0] : 0 }
                slope = Self.dot(direction, gradient)
            }
            var length = steps.isEmpty ? min(1, 1 / max(steepest, 1e-12)) : 1.0
            var isBetter = false, nextGradient = gradient
            for _ in 0..<20 {
                let next = projected((0..<count).map { point[$0] + length * direction[$0] })
                let nextValue = evaluate(next, &nextGradient)
                let moved = (0..<count).reduce(0.0) { $0 + gradient[$1] * (next[$1] - point[$1]) }
                if nextValue.isFinite, nextValue <= value + 1e-4 * min(moved, 0), moved < 0 {
                    let step = (0..<count).map { next[$0] - point[$0] }
                    let change = (0..<count).map { nextGradient[$0] - gradient[$0] }
                    if Self.dot(step, change) > 1e-10 * Self.dot(change, change).squareRoot() * Self.dot(step, step).squareRoot()
                    {
                        steps.append(step)
                        changes.append(change)
                        if steps.count > Self.memory {
                            steps.removeFirst()
                            changes.removeFirst()
                        }
                    }
                    isBetter = value - nextValue > 1e-9 * max(1, value.magnitude)
                    (point, value, gradient) = (next, nextValue, nextGradient)
                    break
                }
                length *= 0.4
            }
            guard isBetter else { break }
        }
        return (point, value)
    }

    private func projected(_ point: [Double]) -> [Double] {
        point.indices.map { min(max(point[$0], lower[$0]), upper[$0]) }
    }

    private static func dot(_ x: [Double], _ y: [Double]) -> Double {
        var sum = 0.0
        for index in x.indices { sum += x[index] * y[index] }
        return sum
    }

    private static func direction(
        _ gradient: [Double], _ isFree: [Bool], _ steps: [[Double]], _ changes: [[Double]]
    ) -> [Double] {
        var direction = gradient.indices.map { isFree[$0] ? -gradient[$0] : 0 }
        var shares = [Double](repeating: 0, count: steps.count)
        for index in steps.indices.reversed() {
            shares[index] = dot(steps[index], direction) / dot(steps[index], changes[index])
            for place in direction.indices { direction[place] -= shares[index] * changes[index][place] }
        }
        if let step = steps.last, let change = changes.last {
            let scale = dot(step, change) / dot(change, change)
            for place in direction.indices { direction[place] *= scale }
        }
        for index in steps.indices {
            let share = dot(changes[index], direction) / dot(steps[index], changes[index])
            for place in direction.indices { direction[place] += (shares[index] - share) * steps[index][place] }
        }
        return direction.indices.map { isFree[$0] ? direction[$0] : 0 }
    }
}
