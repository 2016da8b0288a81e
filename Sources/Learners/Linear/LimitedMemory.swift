/// What L-BFGS remembers of its last steps: how parameters changed, and how the gradient did.
///
/// - Source: Nocedal and Wright, "Numerical Optimization" (2006), algorithm 7.4, with any first matrix.
struct LimitedMemory: Hashable {
    /// The parameters between steps, in double precision; empty before the first.
    var parameters: [Double] = []
    private(set) var steps: [[Double]] = [], changes: [[Double]] = []
    /// Whether another step would gain nothing.
    var isConverged = false

    private static let capacity = 10

    init() {}

    /// -H gradient, H the inverse curvature that the last steps suggest over `precondition`.
    func direction(_ gradient: [Double], precondition: ([Double]) -> [Double]) -> [Double] {
        var rest = gradient
        var shares: [Double] = []
        for (step, change) in zip(steps, changes).reversed() {
            let share = Self.dot(step, rest) / Self.dot(step, change)
            for index in rest.indices { rest[index] -= share * change[index] }
            shares.append(share)
        }
        rest = precondition(rest)
        for ((step, change), share) in zip(zip(steps, changes), shares.reversed()) {
            let correction = share - Self.dot(change, rest) / Self.dot(step, change)
            for index in rest.indices { rest[index] += correction * step[index] }
        }
        return rest.map { -$0 }
    }

    /// Remembers a step, unless it tells nothing about the curvature.
    mutating func remember(step: [Double], change: [Double]) {
        guard Self.dot(step, change) > 1e-12 * Self.dot(change, change).squareRoot() * Self.dot(step, step).squareRoot() else {
            return
        }
        if steps.count == Self.capacity {
            steps.removeFirst()
            changes.removeFirst()
        }
        steps.append(step)
        changes.append(change)
    }

    /// The curvature along the last step: a first matrix for want of a better one.
    var lastScale: Double? {
        guard let step = steps.last, let change = changes.last else { return nil }
        return Self.dot(step, change) / Self.dot(change, change)
    }

    /// Whether there are no steps to learn from.
    var isEmpty: Bool { steps.isEmpty }

    mutating func forgetSteps() {
        (steps, changes) = ([], [])
    }

    static func dot(_ first: [Double], _ second: [Double]) -> Double {
        var sum = 0.0
        for index in first.indices { sum += first[index] * second[index] }
        return sum
    }

    func write(to writer: inout ByteWriter) {
        writer.write(isConverged ? 1 : 0)
        writer.write(steps.count)
        writer.write(parameters.count)
        for value in parameters { writer.write(value) }
        for values in steps + changes { for value in values { writer.write(value) } }
    }

    /// - Parameter count: parameters there must be, if there are any.
    init?(from reader: inout ByteReader, count: Int) {
        guard let converged = reader.readInteger(), let stepCount = reader.readInteger(), (0...Self.capacity).contains(stepCount),
            let saved = reader.readInteger(), saved == 0 || saved == count
        else { return nil }
        func vector(_ length: Int, _ reader: inout ByteReader) -> [Double]? {
            var result: [Double] = []
            for _ in 0..<length {
                guard let value = reader.readDouble() else { return nil }
                result.append(value)
            }
            return result
        }
        guard let parameters = vector(saved, &reader) else { return nil }
        var vectors: [[Double]] = []
        for _ in 0..<stepCount * 2 {
            guard let values = vector(count, &reader) else { return nil }
            vectors.append(values)
        }
        self.parameters = parameters
        (steps, changes) = (Array(vectors[..<stepCount]), Array(vectors[stepCount...]))
        isConverged = converged == 1
    }
}
