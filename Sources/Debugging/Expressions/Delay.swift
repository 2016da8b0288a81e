/// Hands out what it was given some values ago.
struct Delay: Sendable {
    private let distance: Int
    private var ring: [Double] = []
    private var next = 0

    init(_ distance: Int) { self.distance = distance }

    /// - Returns: the value that was added `distance` before this one; nil until there is one.
    mutating func add(_ value: Double) -> Double? {
        if ring.count < distance {
            ring.append(value)
            return nil
        }
        defer {
            ring[next] = value
            next = next + 1 == distance ? 0 : next + 1
        }
        return ring[next]
    }
}
