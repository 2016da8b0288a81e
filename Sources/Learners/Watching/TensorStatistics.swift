import CLearnerKernels

/// What the numbers of a tensor are like.
///
/// Of a large tensor some thousand numbers, evenly spread, stand for all; smallest and largest are of all of them.
public struct TensorStatistics: Sendable, Hashable {
    /// At most so many numbers of a tensor are summed up.
    public static let mostSampled = 4096

    public var count: Int
    public var sampled: Int
    public var mean = 0.0, standardDeviation = 0.0, meanMagnitude = 0.0
    /// Of all, as the sample tells it.
    public var l2 = 0.0
    /// nil where no number is finite.
    public var minimum: Double?, maximum: Double?
    public var zeros: Int, nans: Int, infinities: Int
    /// How many numbers there are by binary exponent, from `firstExponent` on, and by sign.
    public var negative: [Int], positive: [Int]
    /// What the first cell holds: magnitudes below twice the smallest normal number.
    public static let firstExponent = -127

    /// Sums up numbers in memory.
    /// - Parameters:
    ///   - row: how many numbers a row of the tensor has, so that a sample does not see the same columns of each.
    ///   - scale: what each number is multiplied by.
    ///   - before: what is subtracted from those that are sampled.
    init(_ base: UnsafePointer<Float>, count: Int, row: Int = 0, scale: Float = 1, before: [Float]? = nil) {
        var summary = dt_summary()
        let stride = Self.stride(count: count, row: row)
        if let before {
            precondition(before.count == (count + stride - 1) / stride, "\(before.count) numbers of \(count) by \(stride)")
            before.withUnsafeBufferPointer { dt_sum_up(base, count, stride, scale, $0.baseAddress, &summary) }
        } else {
            dt_sum_up(base, count, stride, scale, nil, &summary)
        }
        self.count = count
        sampled = summary.sampled
        (zeros, nans, infinities) = (summary.zeros, summary.nans, summary.infinities)
        let cells = withUnsafeBytes(of: &summary.cells) { Array($0.bindMemory(to: UInt32.self)).map { Int($0) } }
        (positive, negative) = (Array(cells[..<255]), Array(cells[256..<511]))
        let finite = positive.reduce(0, +) + negative.reduce(0, +) + zeros
        guard finite > 0 else { return }
        mean = summary.sum / Double(finite)
        let squares = summary.squares / Double(finite)
        standardDeviation = max(0, squares - mean * mean).squareRoot()
        meanMagnitude = summary.magnitudes / Double(finite)
        l2 = (squares * Double(count)).squareRoot()
        if summary.low <= summary.high { (minimum, maximum) = (Double(summary.low), Double(summary.high)) }
    }

    public init(_ values: [Float]) {
        self = values.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { TensorStatistics($0, count: buffer.count) } ?? TensorStatistics(empty: 0)
        }
    }

    private init(empty count: Int) {
        (self.count, sampled, zeros, nans, infinities) = (count, 0, 0, 0, 0)
        (negative, positive) = ([], [])
    }

    /// The distance between two sampled numbers: a prime, and none that divides a row's length.
    static func stride(count: Int, row: Int) -> Int {
        guard count > mostSampled else { return 1 }
        var stride = (count + mostSampled - 1) / mostSampled
        while !isPrime(stride) || row > 0 && row % stride == 0 { stride += 1 }
        return stride
    }

    private static func isPrime(_ number: Int) -> Bool {
        var divisor = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return number > 1
    }
}

/// How the units of a layer behave over some rows.
public struct UnitActivity: Sendable, Hashable {
    public var count: Int
    /// Units that put out something for less than 1 % of the rows.
    public var inactive: Int
    /// Units whose function is flat for more than 99 % of the rows.
    public var saturated: Int

    /// - Shape: outputs [rowCount, unitCount].
    init(_ outputs: UnsafePointer<Float>, rowCount: Int, unitCount: Int, _ activation: Activation) {
        let limits = activation.activeLimits
        var active = [UInt32](repeating: 0, count: unitCount), flat = active
        dt_activity(outputs, rowCount, unitCount, limits.least, limits.low, limits.high, &active, &flat)
        count = unitCount
        inactive = active.count { UInt64($0) * 100 < UInt64(rowCount) }
        saturated = flat.count { UInt64($0) * 100 > 99 * UInt64(rowCount) }
    }
}

extension Activation {
    /// The magnitude beyond which a unit counts as active, and the outputs outside which its function's slope is below 1 % of its largest.
    var activeLimits: (least: Float, low: Float, high: Float) {
        switch self {
        // Far below 0 it approaches 0 and never is it.
        case .gelu: (1e-4, -.infinity, .infinity)
        case .relu, .identity: (0, -.infinity, .infinity)
        // 1 - y² < 0.01
        case .tanh: (0, -0.994_987_4, 0.994_987_4)
        // 4 y (1 - y) < 0.01
        case .sigmoid: (0, 0.002_506_3, 0.997_493_7)
        }
    }
}
