/// The median of the newest values.
///
/// Two heaps over one ring: the lower half with its largest on top, the upper half with its smallest. Each value knows its place, so that
/// the oldest one is found and replaced where it stands.
/// - Complexity: O(log n) a value, for a window of n.
struct RollingMedian: Sendable {
    private let window: Int
    private var values: [Double] = []
    private var next = 0
    /// Slots of the ring: `lower` in falling order of a heap, `upper` in rising order.
    private var lower = SlotHeap(isRising: false), upper = SlotHeap(isRising: true)
    /// Of each slot whether it is in the lower half, and its place in that heap.
    private var isLower: [Bool] = []
    private var places: [Int] = []

    init(window: Int) { self.window = window }

    /// - Returns: the median (the mean of the middle two where the window is even); nil until there are as many values as it is long.
    mutating func add(_ value: Double) -> Double? {
        if values.count < window {
            values.append(value)
            isLower.append(true)
            places.append(0)
            let goesLower = lower.first.map { value <= values[$0] } ?? true
            insert(values.count - 1, intoLower: goesLower)
        } else {
            let slot = next
            next = next + 1 == window ? 0 : next + 1
            remove(slot)
            values[slot] = value
            insert(slot, intoLower: upper.first.map { value < values[$0] } ?? true)
        }
        balance()
        guard values.count == window, let low = lower.first else { return nil }
        guard window.isMultiple(of: 2), let high = upper.first else { return values[low] }
        return values[low] + (values[high] - values[low]) / 2
    }

    /// The lower half has as many as the upper one, or one more.
    private mutating func balance() {
        while let top = lower.first, let bottom = upper.first, values[top] > values[bottom] {
            remove(top)
            remove(bottom)
            insert(bottom, intoLower: true)
            insert(top, intoLower: false)
        }
        while lower.count > upper.count + 1, let top = lower.first {
            remove(top)
            insert(top, intoLower: false)
        }
        while upper.count > lower.count, let top = upper.first {
            remove(top)
            insert(top, intoLower: true)
        }
    }

    private mutating func insert(_ slot: Int, intoLower goesLower: Bool) {
        isLower[slot] = goesLower
        if goesLower { lower.insert(slot, values, &places) } else { upper.insert(slot, values, &places) }
    }

    private mutating func remove(_ slot: Int) {
        if isLower[slot] {
            lower.remove(at: places[slot], values, &places)
        } else {
            upper.remove(at: places[slot], values, &places)
        }
    }
}

/// A heap of slots, ordered by their values.
private struct SlotHeap: Sendable {
    private let isRising: Bool
    private var slots: [Int] = []

    init(isRising: Bool) { self.isRising = isRising }

    var first: Int? { slots.first }
    var count: Int { slots.count }

    mutating func insert(_ slot: Int, _ values: [Double], _ places: inout [Int]) {
        slots.append(slot)
        places[slot] = slots.count - 1
        rise(slots.count - 1, values, &places)
    }

    mutating func remove(at place: Int, _ values: [Double], _ places: inout [Int]) {
        let last = slots.removeLast()
        guard place < slots.count else { return }
        slots[place] = last
        places[last] = place
        rise(place, values, &places)
        sink(places[last], values, &places)
    }

    private func isBefore(_ first: Double, _ second: Double) -> Bool { isRising ? first < second : first > second }

    private mutating func rise(_ start: Int, _ values: [Double], _ places: inout [Int]) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(values[slots[place]], values[slots[parent]]) else { return }
            swap(place, parent, &places)
            place = parent
        }
    }

    private mutating func sink(_ start: Int, _ values: [Double], _ places: inout [Int]) {
        var place = start
        while true {
            var best = place
            for child in (2 * place + 1)...(2 * place + 2) where child < slots.count {
                if isBefore(values[slots[child]], values[slots[best]]) { best = child }
            }
            if best == place { return }
            swap(place, best, &places)
            place = best
        }
    }

    private mutating func swap(_ first: Int, _ second: Int, _ places: inout [Int]) {
        slots.swapAt(first, second)
        places[slots[first]] = first
        places[slots[second]] = second
    }
}
