import Numerics
import Testing

@testable import Tables

@Suite struct RowSplitTests {
    static func table(rowCount: Int, seed: UInt64) -> Table {
        var random = RandomSource(seed: seed)
        let codes = (0..<rowCount).map { _ in Int32(random.integer(below: 7)) / 2 - (random.uniform() < 0.1 ? 10 : 0) }
        let label = Column(
            name: "label", kind: .categorical, storage: .codes(codes.map { max(-1, $0) }, dictionary: ["a", "b", "c", "d"]))
        let number = Column(name: "x", kind: .numeric, storage: .numbers((0..<rowCount).map(Double.init)))
        return Table(columns: [label, number])
    }

    @Test func `every split is a partition in the file's order`() throws {
        var random = RandomSource(seed: 5)
        for trial in 0..<200 {
            let rowCount = 10 + random.integer(below: 300), fraction = 0.1 + 0.8 * random.uniform()
            let table = RowSplitTests.table(rowCount: rowCount, seed: UInt64(trial))
            let methods: [RowSplit.Method] = [.random, .ordered, .stratified(by: "label")]
            let split = try RowSplit(table, method: methods[trial % 3], fraction: fraction, seed: UInt64(trial))
            #expect(split.training == split.training.sorted())
            #expect(split.heldOut == split.heldOut.sorted())
            #expect((split.training + split.heldOut).sorted() == Array(0..<rowCount))
            #expect(split.heldOut.count == Int((Double(rowCount) * fraction).rounded()))
        }
    }

    @Test func `a stratified split keeps each class's share to within a row`() throws {
        for seed in 0..<50 as Range<UInt64> {
            let table = RowSplitTests.table(rowCount: 137, seed: seed)
            let split = try RowSplit(table, method: .stratified(by: "label"), fraction: 0.3, seed: seed)
            let labels = Labels(table.columns[0])
            for label in -1..<Int32(labels.count) {
                let all = labels.values.filter { $0 == label }.count
                let held = split.heldOut.filter { labels.values[$0] == label }.count
                #expect(abs(Double(held) - Double(all) * 41 / 137) < 1)
            }
        }
    }

    @Test func `the seed decides, and ordered takes the last rows`() throws {
        let table = RowSplitTests.table(rowCount: 100, seed: 1)
        let first = try RowSplit(table, method: .random, fraction: 0.2, seed: 1)
        #expect(try RowSplit(table, method: .random, fraction: 0.2, seed: 1) == first)
        #expect(try RowSplit(table, method: .random, fraction: 0.2, seed: 2) != first)
        #expect(try RowSplit(table, method: .ordered, fraction: 0.2, seed: 1).heldOut == Array(80..<100))
        #expect(try RowSplit(table, method: .random, fraction: 0, seed: 1).heldOut.isEmpty)
    }

    @Test func `a split that leaves a part empty is refused`() {
        let table = RowSplitTests.table(rowCount: 10, seed: 1)
        #expect(throws: TableError.self) { try RowSplit(table, method: .random, fraction: 1.2, seed: 1) }
        #expect(throws: TableError.self) { try RowSplit(table, method: .random, fraction: 0.01, seed: 1) }
        #expect(throws: TableError.self) { try RowSplit(table, method: .stratified(by: "x"), fraction: 0.2, seed: 1) }
        #expect(throws: TableError.self) { try RowSplit(table, method: .stratified(by: "nothing"), fraction: 0.2, seed: 1) }
    }
}
