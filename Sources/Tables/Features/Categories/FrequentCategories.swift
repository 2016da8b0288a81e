import Glibc

/// One feature for each of the most frequent categories, one for missing values if training had any, one for all others together,
/// and how many training rows the value has: for learners to which the target is not known.
package struct FrequentCategories: Sendable, Hashable, Codable {
    package let slots: CategorySlots
    /// Training rows of each place.
    package let counts: [Int]
    /// Places that have a feature of their own, in ascending order.
    package let own: [Int]

    /// Categories with a feature of their own at most.
    static let limit = 50

    init(_ column: Column, _ slots: CategorySlots, rows: [Int]) {
        let slot = slots.ofRow(column)
        var counts = [Int](repeating: 0, count: slots.count)
        for row in rows { counts[slot(row)] += 1 }
        self.init(slots, counts: counts)
    }

    /// How many rows have each category, counted elsewhere.
    init(counts: [String: Int], missing: Int) {
        let slots = CategorySlots(categories: counts.keys.sorted(), hasMissing: missing > 0)
        self.init(slots, counts: slots.categories.map { counts[$0] ?? 0 } + (missing > 0 ? [missing] : []) + [0])
    }

    private init(_ slots: CategorySlots, counts: [Int]) {
        self.slots = slots
        self.counts = counts
        let frequent = slots.categories.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(Self.limit)
        own = frequent.sorted() + (slots.hasMissing ? [slots.categories.count] : [])
    }

    /// Features that are 0 or 1, which are the first ones.
    var indicatorCount: Int { own.count + 1 }
    package var width: Int { indicatorCount + 1 }

    func featureNames(_ column: String) -> [String] {
        (own + [slots.other]).map { slots.name(of: $0, column) } + ["\(column) (log count)"]
    }

    /// Writes the features of some rows. Position p begins at `p * stride + offset` of `target`.
    func write(
        _ column: Column, rows: [Int]?, positions: Range<Int>, into target: UnsafeMutableBufferPointer<Float>, offset: Int,
        stride: Int
    ) {
        let slot = slots.ofRow(column), logCounts = counts.map { Float(log1p(Double($0))) }
        var featureOfSlot = [Int](repeating: own.count, count: slots.count)
        for (feature, slot) in own.enumerated() { featureOfSlot[slot] = feature }
        for position in positions {
            let place = slot(rows?[position] ?? position), start = position * stride + offset
            for index in start..<start + indicatorCount { target[index] = 0 }
            target[start + featureOfSlot[place]] = 1
            target[start + indicatorCount] = logCounts[place]
        }
    }

    /// What cannot be true of categories that were learned; nil = all can.
    var fault: String? {
        if let fault = slots.fault { return fault }
        guard counts.count == slots.count, counts.allSatisfy({ $0 >= 0 }) else {
            return "has \(counts.count) counts for \(slots.count) categories"
        }
        let isOrdered = zip(own, own.dropFirst()).allSatisfy { $0 < $1 }
        return isOrdered && own.allSatisfy { counts.indices.contains($0) && $0 != slots.other }
            ? nil : "has frequent categories that are none"
    }
}
