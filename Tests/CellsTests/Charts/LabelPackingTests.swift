import Testing

@testable import Cells

@Suite struct LabelPackingTests {
    /// The least sum of squares over all ways to keep the order, by trying them all.
    private func best(_ wanted: [Int], _ height: Int, _ room: Range<Int>) -> Int {
        func go(_ index: Int, _ from: Int) -> Int {
            guard index < wanted.count else { return 0 }
            let last = room.upperBound - (wanted.count - index) * height
            var least = Int.max
            for place in stride(from: from, through: last, by: 1) {
                let off = place - wanted[index], rest = go(index + 1, place + height)
                if rest < .max { least = min(least, off * off + rest) }
            }
            return least
        }
        return go(0, room.lowerBound)
    }

    @Test func `labels keep their order, lie in the room, never on each other, and are moved as little as can be`() {
        var generator = SampleGenerator(seed: 5)
        for _ in 0..<400 {
            let count = Int.random(in: 1...4, using: &generator), height = Int.random(in: 1...2, using: &generator)
            let room = 3..<(3 + count * height + Int.random(in: 0...6, using: &generator))
            let wanted = (0..<count).map { _ in Int.random(in: room, using: &generator) }.sorted()
            let blocks = LabelPacking.blocks(wanted, height: height, in: room)
            let places = blocks.flatMap { block in
                block.labels.indices.map { block.start + ($0 - block.labels.lowerBound) * height }
            }
            #expect(places.count == count)
            #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= height })
            #expect((places.first ?? 3) >= room.lowerBound && (places.last ?? 0) + height <= room.upperBound)
            let cost = zip(places, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            #expect(cost <= best(wanted, height, room) + count, "\(wanted) in \(room): \(places)")
        }
    }

    @Test func `labels that have room stay where they are`() {
        let blocks = LabelPacking.blocks([1, 4, 9], in: 0..<12)
        #expect(blocks.map(\.start) == [1, 4, 9])
    }
}
