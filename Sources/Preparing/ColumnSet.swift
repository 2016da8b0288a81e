import Tables

/// The columns that a pipeline has made so far, in their order.
struct ColumnSet: Sendable {
    private(set) var names: [String]
    private var columns: [String: Column]
    let rowCount: Int

    init(_ table: Table) {
        names = table.columns.map(\.name)
        columns = Dictionary(table.columns.map { ($0.name, $0) }) { first, _ in first }
        rowCount = table.rowCount
    }

    subscript(name: String) -> Column? { columns[name] }

    var all: [Column] { names.compactMap { columns[$0] } }

    /// Puts a column in the place of the one of its name, or at the end.
    mutating func put(_ column: Column) {
        if columns.updateValue(column, forKey: column.name) == nil { names.append(column.name) }
    }

    mutating func remove(_ gone: Set<String>) {
        guard gone.contains(where: { columns[$0] != nil }) else { return }
        names.removeAll { gone.contains($0) }
        for name in gone { columns[name] = nil }
    }

    /// Puts columns in the place of one.
    mutating func replace(_ name: String, with new: [Column]) {
        guard let place = names.firstIndex(of: name) else { return }
        columns[name] = nil
        names.replaceSubrange(place...place, with: new.map(\.name))
        for column in new { columns[column.name] = column }
    }
}
