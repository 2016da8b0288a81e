extension Table {
    /// Some rows, in the given order.
    public func selecting(rows: [Int]) -> Table { replacing(columns: columns.map { $0.selecting(rows: rows) }) }

    /// Other columns in the place of its own, with all that is known of the file and of what made them.
    package func replacing(columns: [Column]) -> Table {
        var table = Table(
            columns: columns, path: path, reading: reading, schema: schema, imageShape: imageShape, byteCount: byteCount,
            fingerprint: fingerprint, warnings: warnings)
        table.preparation = preparation
        return table
    }

    /// The rows of tables with the same columns, one table after the other. A column takes the kind that fits all its values,
    /// as if they had been read together.
    ///
    /// - Parameter tables: at least one; all with as many columns as the first, whose names and path count.
    public static func joined(_ tables: [Table]) -> Table {
        guard let first = tables.first else { return Table(columns: []) }
        let columns = first.columns.indices.map { index in Column.joined(tables.map { $0.columns[index] }) }
        return Table(
            columns: columns, path: first.path, reading: first.reading, schema: first.schema,
            byteCount: first.byteCount, fingerprint: first.fingerprint)
    }
}

extension Column {
    /// Some rows; a dictionary keeps just the texts they have.
    func selecting(rows: [Int]) -> Column {
        switch storage {
        case .numbers(let numbers): return Column(name: name, kind: kind, storage: .numbers(rows.map { numbers[$0] }))
        case .codes(let codes, let dictionary):
            if kind == .boolean {
                return Column(name: name, kind: kind, storage: .codes(rows.map { codes[$0] }, dictionary: dictionary))
            }
            var places = [Int32](repeating: -1, count: dictionary.count), used: [String] = []
            let selected = rows.map { row -> Int32 in
                let code = Int(codes[row])
                guard code >= 0 else { return -1 }
                if places[code] < 0 {
                    places[code] = Int32(used.count)
                    used.append(dictionary[code])
                }
                return places[code]
            }
            return Column(name: name, kind: kind, storage: .codes(selected, dictionary: used))
        }
    }

    /// The values of columns of one name, one column after the other.
    static func joined(_ columns: [Column]) -> Column {
        let present = columns.filter { $0.missingCount < $0.rowCount }
        let kinds = Set(present.map(\.kind)), name = columns.first?.name ?? ""
        if kinds.isSubset(of: [.numeric, .integer]) || kinds == [.date] {
            let numbers = columns.flatMap { $0.numbers ?? [Double](repeating: .nan, count: $0.rowCount) }
            let kind: ColumnKind = kinds.count == 1 ? (kinds.first ?? .numeric) : .numeric
            return Column(name: name, kind: kind, storage: .numbers(numbers))
        }
        var places: [String: Int32] = [:], dictionary: [String] = [], codes: [Int32] = []
        func place(_ text: String) -> Int32 {
            if let place = places[text] { return place }
            places[text] = Int32(dictionary.count)
            dictionary.append(text)
            return Int32(dictionary.count - 1)
        }
        for column in columns {
            if case .codes(let own, let words) = column.storage {
                let renumbered = words.map(place)
                codes += own.map { $0 < 0 ? -1 : renumbered[Int($0)] }
            } else {
                codes += (0..<column.rowCount).map { column.text(at: $0).map(place) ?? -1 }
            }
        }
        return TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: false).typed()
    }
}
