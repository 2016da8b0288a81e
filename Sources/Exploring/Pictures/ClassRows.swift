import Tables

/// Rows by the value that they have in a column, found piece by piece.
///
/// Memory: 8 bytes a row.
public struct ClassRows: Sendable {
    /// So many different values are classes.
    public static let mostClasses = 1_000

    /// The column; nil = all rows are of one class without a name.
    public let column: Int?
    /// Pieces that were looked at.
    public private(set) var pieceCount = 0
    private var places: [String: Int] = [:]
    private var found: [(label: String, rows: [Int])] = []
    private var missing: [Int] = []

    public init(column: Int?) { self.column = column }

    /// Looks at the next piece.
    /// - Throws: as `TablePieces.table`; `tooManyClasses`.
    public mutating func look(at pieces: TablePieces) throws(TableError) {
        let rows = pieces.rows(of: pieceCount)
        defer { pieceCount += 1 }
        guard let column else {
            if found.isEmpty { found.append(("", [])) }
            found[0].rows += rows
            return
        }
        let values = try pieces.table(pieceCount).columns[column]
        switch values.storage {
        case .numbers:
            for row in 0..<values.rowCount { try add(rows.lowerBound + row, values.text(at: row), values.name) }
        case .codes(let codes, let dictionary):
            // Each text is looked up once, and only where a row has it.
            var known = [Int?](repeating: nil, count: dictionary.count)
            for (row, code) in codes.enumerated() {
                guard code >= 0 else {
                    missing.append(rows.lowerBound + row)
                    continue
                }
                let own: Int
                if let place = known[Int(code)] { own = place } else { own = try place(of: dictionary[Int(code)], values.name) }
                known[Int(code)] = own
                found[own].rows.append(rows.lowerBound + row)
            }
        }
    }

    private mutating func add(_ row: Int, _ label: String?, _ name: String) throws(TableError) {
        guard let label else { return missing.append(row) }
        found[try place(of: label, name)].rows.append(row)
    }

    private mutating func place(of label: String, _ name: String) throws(TableError) -> Int {
        if let known = places[label] { return known }
        guard found.count < Self.mostClasses else {
            throw TableError(
                .tooManyClasses,
                "\(name) has more than \(Self.mostClasses) different values: give another column that tells classes")
        }
        places[label] = found.count
        found.append((label, []))
        return found.count - 1
    }

    /// The classes in order, numbers by their size, with their rows; last, without a label, those that have none.
    public var classes: [(label: String?, rows: [Int])] {
        let sorted = found.sorted { left, right in
            switch (Double(left.label), Double(right.label)) {
            case (let first?, let second?): first < second
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): left.label < right.label
            }
        }
        return sorted.map { ($0.label, $0.rows) } + (missing.isEmpty ? [] : [(nil, missing)])
    }
}
