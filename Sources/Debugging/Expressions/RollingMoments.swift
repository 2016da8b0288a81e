/// Mean and standard deviation of the newest values.
///
/// Sums are of differences from a value of the window, and are made anew each time that the window has passed, so that they do not wear
/// out however long it goes.
/// - Complexity: O(1) amortised a value.
struct RollingMoments: Sendable {
    private let window: Int
    private var ring: [Double] = []
    private var next = 0
    private(set) var count = 0
    private var origin = 0.0, sum = 0.0, squares = 0.0

    init(window: Int) { self.window = window }

    /// - Returns: mean and standard deviation (of a sample: over n − 1; 0 of one value); nil until there are as many values as the
    ///   window is long.
    mutating func add(_ value: Double) -> (mean: Double, deviation: Double)? {
        count = min(count + 1, window)
        if ring.count < window {
            ring.append(value)
        } else {
            let old = ring[next] - origin
            sum -= old
            squares -= old * old
            ring[next] = value
        }
        let difference = value - origin
        sum += difference
        squares += difference * difference
        next = next + 1 == window ? 0 : next + 1
        if next == 0 || ring.count == 1 { sumUp(from: value) }
        guard ring.count == window else { return nil }
        let size = Double(window), mean = sum / size
        let variance = window > 1 ? max(0, squares - sum * mean) / (size - 1) : 0
        return (origin + mean, variance.squareRoot())
    }

    private mutating func sumUp(from origin: Double) {
        (self.origin, sum, squares) = (origin, 0, 0)
        for value in ring {
            let difference = value - origin
            sum += difference
            squares += difference * difference
        }
    }
}
