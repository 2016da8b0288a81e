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
            let methods: [RowSplit.Method] = [.random, .ordered(), .stratified(by: "label")]
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
        #expect(try RowSplit(table, method: .ordered(), fraction: 0.2, seed: 1).heldOut == Array(80..<100))
        #expect(try RowSplit(table, method: .random, fraction: 0, seed: 1).heldOut.isEmpty)
    }

    @Test func `a split that leaves a part empty is refused`() {
        let table = RowSplitTests.table(rowCount: 10, seed: 1)
        #expect(throws: TableError.self) { try RowSplit(table, method: .random, fraction: 1.2, seed: 1) }
        #expect(throws: TableError.self) { try RowSplit(table, method: .random, fraction: 0.01, seed: 1) }
        #expect(throws: TableError.self) { try RowSplit(table, method: .stratified(by: "x"), fraction: 0.2, seed: 1) }
        #expect(throws: TableError.self) { try RowSplit(table, method: .stratified(by: "nothing"), fraction: 0.2, seed: 1) }
    }

    @Test func `groups stay on one side, in a split and in folds`() throws {
        var random = RandomSource(seed: 3)
        for trial in 0..<50 as Range<UInt64> {
            let patients = (0..<200).map { _ in Double(random.integer(below: 23)) }
            let table = Table(columns: [Column(name: "patient", kind: .integer, storage: .numbers(patients))])
            let split = try RowSplit(table, method: .grouped(by: "patient"), fraction: 0.25, seed: trial)
            let held = Set(split.heldOut.map { patients[$0] })
            #expect(held.isDisjoint(with: split.training.map { patients[$0] }))
            #expect(abs(split.heldOut.count - 50) < 20, "\(split.heldOut.count)")
            let folds = try RowSplit.folds(table, rows: Array(0..<200), method: .grouped(by: "patient"), count: 4, seed: trial)
            #expect(folds.flatMap(\.heldOut).sorted() == Array(0..<200))
            for fold in folds {
                #expect(Set(fold.heldOut.map { patients[$0] }).isDisjoint(with: fold.training.map { patients[$0] }))
                #expect(abs(fold.heldOut.count - 50) < 15)
            }
        }
    }

    @Test func `a group that is most of the rows is learned from, and one group alone is refused`() throws {
        let table = Table(columns: [
            Column(name: "g", kind: .integer, storage: .numbers([Double](repeating: 1, count: 90) + [2, 2, 3, 3, 3]))
        ])
        for seed in 0..<20 as Range<UInt64> {
            let split = try RowSplit(table, method: .grouped(by: "g"), fraction: 0.2, seed: seed)
            #expect(split.heldOut.allSatisfy { $0 >= 90 } && !split.heldOut.isEmpty)
        }
        let alone = Table(columns: [Column(name: "g", kind: .integer, storage: .numbers([1, 1, 1, 1]))])
        #expect(throws: TableError.self) { try RowSplit(alone, method: .grouped(by: "g"), fraction: 0.25, seed: 1) }
        #expect(throws: TableError.self) {
            try RowSplit.folds(alone, rows: [0, 1, 2, 3], method: .grouped(by: "g"), count: 2, seed: 1)
        }
    }

    @Test func `an order holds the last rows out, and equal values stay together`() throws {
        let days: [Double] = [5, 3, 9, 1, 9, 7, 9, 2, 8, 4]
        let table = Table(columns: [Column(name: "day", kind: .date, storage: .numbers(days))])
        #expect(try RowSplit(table, method: .ordered(by: "day"), fraction: 0.4, seed: 1).heldOut == [2, 4, 6, 8])
        #expect(try RowSplit(table, method: .ordered(by: "day"), fraction: 0.2, seed: 1).heldOut == [2, 4, 6])
        // As scikit-learn's TimeSeriesSplit(4): each part is judged by a model of what came before it.
        let folds = try RowSplit.folds(table, rows: Array(0..<10), method: .ordered(by: "day"), count: 4, seed: 1)
        let values = folds.map { ($0.training.map { days[$0] }.sorted(), $0.heldOut.map { days[$0] }.sorted()) }
        #expect(values.map(\.0) == [[1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5, 7], [1, 2, 3, 4, 5, 7, 8, 9]])
        #expect(values.map(\.1) == [[3, 4], [5, 7], [8, 9], [9, 9]])
        let words = Table(columns: [Column(name: "w", kind: .categorical, storage: .codes([0, 1], dictionary: ["a", "b"]))])
        #expect(throws: TableError.self) { try RowSplit(words, method: .ordered(by: "w"), fraction: 0.5, seed: 1) }
    }

    @Test func `folds are of one size, and stratified ones keep the classes' shares`() throws {
        let table = RowSplitTests.table(rowCount: 103, seed: 4)
        let labels = Labels(table.columns[0])
        for method in [RowSplit.Method.random, .stratified(by: "label")] {
            let folds = try RowSplit.folds(table, rows: Array(0..<103), method: method, count: 5, seed: 9)
            #expect(folds.flatMap(\.heldOut).sorted() == Array(0..<103))
            #expect(folds.allSatisfy { $0.heldOut.count == 20 || $0.heldOut.count == 21 })
            #expect(folds.allSatisfy { ($0.heldOut + $0.training).sorted() == Array(0..<103) })
            guard method != .random else { continue }
            for label in 0..<Int32(labels.count) {
                let counts = folds.map { $0.heldOut.count { labels.values[$0] == label } }
                #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
            }
        }
        #expect(throws: TableError.self) { try RowSplit.folds(table, rows: [1, 2], method: .random, count: 3, seed: 1) }
    }
}
