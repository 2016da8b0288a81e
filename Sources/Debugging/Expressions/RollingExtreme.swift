/// The smallest or the largest of the newest values.
/// - Complexity: O(1) amortised a value.
struct RollingExtreme: Sendable {
    private let window: Int
    private let isMaximum: Bool
    /// Values that may still become the extreme, with their numbers: the extreme first, in a ring as long as the window.
    private var ring: [(value: Double, number: Int)] = []
    private var first = 0, length = 0
    private(set) var count = 0

    init(window: Int, isMaximum: Bool) { (self.window, self.isMaximum) = (window, isMaximum) }

    /// - Returns: the extreme of the window; nil until there are as many values as it is long.
    mutating func add(_ value: Double) -> Double? {
        if ring.isEmpty { ring = Array(repeating: (0, 0), count: window) }
        count += 1
        if length > 0, ring[first].number <= count - window {
            first = first + 1 == window ? 0 : first + 1
            length -= 1
        }
        // What is no better than the newest never becomes the extreme any more.
        while length > 0, isMaximum ? ring[place(length - 1)].value <= value : ring[place(length - 1)].value >= value {
            length -= 1
        }
        ring[place(length)] = (value, count)
        length += 1
        return count >= window ? ring[first].value : nil
    }

    private func place(_ distance: Int) -> Int {
        let place = first + distance
        return place >= window ? place - window : place
    }
}
