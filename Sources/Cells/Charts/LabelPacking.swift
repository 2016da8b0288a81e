import CheckedNumbers

/// Places for labels that want to stand at given heights, each as high as the others, none on another.
enum LabelPacking {
    /// Labels that stand one under the other without a gap, since they wanted to stand closer than that.
    struct Block: Hashable {
        /// Where the first one stands.
        var start: Int
        /// The labels, counted as they were given.
        var labels: Range<Int>
        /// What the places they wanted add up to, each less the room of those above it in the block.
        fileprivate var sum: Double
    }

    /// Keeps the labels in their order and moves them as little as that allows (least squares).
    /// - Parameters:
    ///   - wanted: where each wants to stand, in ascending order.
    ///   - height: what each takes up.
    ///   - room: where labels may stand. Those that do not fit at all stand beyond its end.
    /// - Returns: the blocks from the first to the last.
    /// - Complexity: O(n).
    static func blocks(_ wanted: [Int], height: Int = 1, in room: Range<Int>) -> [Block] {
        var blocks: [Block] = []
        for (index, place) in wanted.enumerated() {
            var block = Block(start: place, labels: index..<(index + 1), sum: Double(place))
            block.place(height, room)
            while let above = blocks.last, above.start + above.labels.count * height > block.start {
                blocks.removeLast()
                block.sum += above.sum - Double(above.labels.count * height * block.labels.count)
                block.labels = above.labels.lowerBound..<block.labels.upperBound
                block.place(height, room)
            }
            blocks.append(block)
        }
        return blocks
    }
}

extension LabelPacking.Block {
    /// Puts the block where its labels stand nearest to what they want, within the room.
    fileprivate mutating func place(_ height: Int, _ room: Range<Int>) {
        let best = Int(nearestWithin: (sum / Double(labels.count)).rounded())
        start = max(room.lowerBound, min(best, room.upperBound - labels.count * height))
    }
}
