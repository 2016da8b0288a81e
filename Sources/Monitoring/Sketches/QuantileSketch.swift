import CheckedNumbers

/// What is remembered of any number of values so that their distribution can be told: some of them, each for 1, 2, 4, … of them.
///
/// Up to `size` values are all remembered. Beyond that a share of values below a point is wrong by 3 / `size` at most, nearly always, and memory grows
/// with the logarithm of their number. The same values in the same order make the same sketch.
///
/// - Source: Karnin, Lang and Liberty, "Optimal quantile approximation in streams" (2016), with alternating offsets.
public struct QuantileSketch: Sendable, Hashable {
    /// Deequ's defaults.
    public static let usualSize = 2048, usualShrinking = 0.64

    /// How many values the highest level may have.
    public let size: Int
    /// How much fewer values each level below may have.
    public let shrinking: Double
    /// Values by level; one of level i stands for 2^i.
    public private(set) var levels: [[Double]]
    /// Values seen.
    public private(set) var count: Int
    private var offsets: [Bool]
    private var room: Int
    private var held: Int

    /// - Range: size of at least 8, shrinking from 0.5 to below 1.
    public init(size: Int = usualSize, shrinking: Double = usualShrinking) {
        precondition(size >= 8 && shrinking >= 0.5 && shrinking < 1, "a sketch of \(size) values, shrinking by \(shrinking)")
        (self.size, self.shrinking) = (size, shrinking)
        (levels, offsets, count, held) = ([[]], [false], 0, 0)
        room = Self.room(0, of: 1, size, shrinking)
    }

    /// A sketch that was written down.
    ///
    /// - Returns: nil for values that are no numbers, and for sizes and levels that no sketch has.
    public init?(levels: [[Double]], size: Int, shrinking: Double) {
        guard size >= 8, size <= 1 << 24, shrinking >= 0.5, shrinking < 1, !levels.isEmpty, levels.count <= 48,
            levels.allSatisfy({ $0.allSatisfy(\.isFinite) })
        else { return nil }
        var count = 0
        for (level, values) in levels.enumerated() {
            let (weighed, tooMany) = values.count.multipliedReportingOverflow(by: 1 << level)
            let (sum, overflow) = count.addingReportingOverflow(weighed)
            guard !tooMany, !overflow else { return nil }
            count = sum
        }
        (self.size, self.shrinking, self.levels, self.count) = (size, shrinking, levels, count)
        offsets = [Bool](repeating: false, count: levels.count)
        held = levels.reduce(0) { $0 + $1.count }
        room = Self.room(of: levels.count, size, shrinking)
    }

    /// - Range: a finite value.
    public mutating func add(_ value: Double) {
        levels[0].append(value)
        count += 1
        held += 1
        if held > room { compact() }
    }

    /// Adds what another sketch has seen.
    public mutating func merge(_ other: QuantileSketch) {
        while levels.count < other.levels.count { grow() }
        for (level, values) in other.levels.enumerated() { levels[level] += values }
        count += other.count
        held += other.held
        while held > room { compact() }
    }

    /// The values in ascending order, each with how many it stands for.
    public var weighted: [(value: Double, weight: Double)] {
        var all: [(value: Double, weight: Double)] = []
        all.reserveCapacity(held)
        for (level, values) in levels.enumerated() {
            let weight = Double(1 << level)
            for value in values { all.append((value, weight)) }
        }
        return all.sorted { $0.value < $1.value }
    }

    // MARK: - Levels

    private static func room(_ level: Int, of count: Int, _ size: Int, _ shrinking: Double) -> Int {
        var room = Double(size)
        for _ in level..<(count - 1) { room *= shrinking }
        return max(2, Int(nearestWithin: room))
    }

    private static func room(of count: Int, _ size: Int, _ shrinking: Double) -> Int {
        (0..<count).reduce(0) { $0 + room($1, of: count, size, shrinking) }
    }

    private mutating func grow() {
        levels.append([])
        offsets.append(false)
        room = Self.room(of: levels.count, size, shrinking)
    }

    /// Every other value of the lowest level that is full goes up, and stands for both.
    private mutating func compact() {
        let count = levels.count
        let full = levels.indices.first { levels[$0].count > Self.room($0, of: count, size, shrinking) } ?? levels.count - 1
        if full + 1 == levels.count { grow() }
        var values = levels[full].sorted()
        // One that has no partner stays: the highest, or the lowest, by turns.
        let kept = values.count % 2 == 1 ? [offsets[full] ? values.removeFirst() : values.removeLast()] : []
        for place in stride(from: offsets[full] ? 1 : 0, to: values.count, by: 2) { levels[full + 1].append(values[place]) }
        offsets[full].toggle()
        levels[full] = kept
        held = levels.reduce(0) { $0 + $1.count }
    }
}
