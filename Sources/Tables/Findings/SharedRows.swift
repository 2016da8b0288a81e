extension Table {
    /// Rows that stand in another table too, with the same value in every column that both have; in the file's order.
    ///
    /// Rows are compared by hashes of 64 bits. - Complexity: values of both.
    public func rowsIn(_ other: Table) -> [Int] {
        let names = columns.map(\.name).filter { other.column(named: $0) != nil }
        guard !names.isEmpty else { return [] }
        let known = Set(other.rowHashes(names))
        return rowHashes(names).enumerated().filter { known.contains($0.element) }.map(\.offset)
    }

    private func rowHashes(_ names: [String]) -> [UInt64] {
        RowHashes(names.compactMap { column(named: $0) }, rowCount: rowCount).values
    }
}
