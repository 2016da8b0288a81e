import Monitoring
import Tables
import Testing

@Suite struct FileComparisonTests {
    /// 400 rows; `shift` moves x, and rows from `unknown` on have a town that others do not have.
    private func table(shift: Double = 0, unknown: Int = 400, seed: Int = 1, missing: Int = 0) -> Table {
        let rows = (0..<400).map { ($0 * 7919 + seed * 104_729) % 1009 }
        return Table(columns: [
            Column(name: "x", kind: .numeric, storage: .numbers(rows.map { Double($0) / 1009 + shift })),
            Column(
                name: "y", kind: .numeric,
                storage: .numbers(rows.indices.map { $0 < missing ? .nan : Double(rows[$0] * 31 % 97) })),
            Column(
                name: "town", kind: .categorical,
                storage: .codes(
                    rows.indices.map { $0 >= unknown ? 2 : Int32(rows[$0] % 2) }, dictionary: ["Bern", "Genf", "Olten"])),
        ])
    }

    @Test func filesOfOneKindAreAlike() throws {
        let found = try FileComparison(table(), table(shift: 1e-7, seed: 2))
        #expect(found.columns.map(\.drift.name) == ["x", "y", "town"] && !found.columns.contains(where: \.drift.isDrifted))
        #expect(found.sharedRows.isEmpty && found.missing.isEmpty && found.added.isEmpty)
    }

    @Test func whatChangedIsFoundInItsColumnAlone() throws {
        let found = try FileComparison(table(), table(shift: 0.4, unknown: 360, seed: 2, missing: 60))
        let (x, y, town) = (found.columns[0], found.columns[1], found.columns[2])
        #expect(x.drift.isDrifted && (x.drift.stabilityIndex ?? 0) > 0.2 && (x.chance ?? 1) < 1e-6)
        #expect(x.beyondRows > 100 && x.range?.upperBound ?? 0 > 1.3)
        #expect(y.drift.signs.map(\.kind) == [.missing] && y.drift.completeness == 0.85)
        #expect(town.unseen == ["Olten"] && town.unseenRows == 40 && town.drift.signs.contains { $0.kind == .unseen })
    }

    @Test func rowsOfBothAndColumnsOfOneAreTold() throws {
        let first = table(), half = table().selecting(rows: Array(0..<100))
        let mixed = Table.joined([half, table(seed: 5).selecting(rows: Array(0..<50))])
        let found = try FileComparison(first, mixed)
        #expect(Set(found.sharedRows).isSuperset(of: 0..<100))
        let other = Table(columns: Array(table(seed: 2).columns.dropFirst()))
        let less = try FileComparison(first, other)
        #expect(less.missing == ["x"] && less.columns.count == 2)
        #expect(try FileComparison(other, first).added == ["x"])
        #expect(throws: MonitoringError.self) { try FileComparison(first, Table(columns: [])) }
    }
}
