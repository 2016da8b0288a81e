extension FolderReader {
    func table(_ agreed: TableSchema) throws(TableError) -> Table {
        let rowCount = pieces.reduce(0) { $0 + $1.table.rowCount }
        let names = agreed.columns.map(\.name)
        try MemoryBudget.check(rowCount: rowCount, columnCount: names.count, path: files.path)
        let places = pieces.map { Dictionary(zip($0.names, $0.names.indices), uniquingKeysWith: { first, _ in first }) }
        var columns: [Column] = [], schema = agreed
        for index in names.indices {
            let parts = zip(pieces, places).map { piece, places in
                (column: places[names[index]].map { piece.table.columns[$0] }, rowCount: piece.table.rowCount)
            }
            let isFixed = options.kinds[names[index]] != nil || self.schema?.rule(for: names[index]) != nil
            let column = Column.joined(parts, by: agreed.columns[index], keepsKind: isFixed)
            schema.columns[index].kind = column.kind
            columns.append(column)
        }
        let partitions = try Partitions(pieces, beside: Set(names), options: options, schema: self.schema)
        columns += partitions.columns
        schema.columns += partitions.rules
        var all = warnings + sameFiles + fileWarnings + missingColumns(names, places) + partitions.warnings
        if rowCount == 0 { all.append(TableWarning(.noRows, "the files have columns and no rows")) }
        let shapes = Set(pieces.map(\.table.imageShape))
        return Table(
            columns: columns, path: files.path, reading: reading(partitions.names), schema: schema,
            imageShape: shapes.count == 1 ? pieces.first?.table.imageShape : nil,
            byteCount: pieces.reduce(0) { $0 + $1.table.byteCount }, fingerprint: try fingerprint(), warnings: all)
    }

    private func reading(_ partitions: Set<String>) -> TableReading {
        var reading = pieces.first?.table.reading ?? TableReading()
        reading.records = nil
        reading.hasHeader = pieces.contains { $0.table.hasHeader }
        reading.fileCount = pieces.count
        reading.isCut = isCut
        reading.misfits = [:]
        for piece in pieces { reading.misfits.merge(piece.table.reading.misfits.renamed(piece)) { $0 + $1 } }
        reading.files = pieces.map { piece in
            FilePiece(
                path: piece.member.path, fingerprint: piece.table.fingerprint, rowCount: piece.table.rowCount,
                reading: piece.table.reading, names: piece.names,
                partitions: Dictionary(
                    piece.member.partitions.compactMap { key, value in
                        value.flatMap { partitions.contains(key) ? (key, $0) : nil }
                    }, uniquingKeysWith: { $1 }))
        }
        return reading
    }

    private func fingerprint() throws(TableError) -> String {
        // Files that were not read, as there were rows enough before them, count all the same.
        guard !isCut else { return try DataFingerprint.of(files) }
        return DataFiles.fingerprint(pieces.map { ($0.member, $0.table.fingerprint) })
    }

    // MARK: - Warnings

    /// Files whose rows are there twice, such as a packed one beside the plain one.
    private var sameFiles: [TableWarning] {
        var known: [[String]: String] = [:]
        let pairs = pieces.compactMap { piece -> (String, String)? in
            let key = [piece.table.fingerprint] + piece.member.partitions.flatMap { [$0.key, $0.value ?? "\0"] }
            guard piece.table.rowCount > 0, let first = known.updateValue(piece.member.name, forKey: key) else { return nil }
            return (first, piece.member.name)
        }
        guard let (one, other) = pairs.first else { return [] }
        let more = pairs.count == 1 ? "" : ", and so have \(pairs.count - 1) more files"
        return [TableWarning(.duplicateRows, "\(one) and \(other) have the same content\(more): their rows are there twice")]
    }

    /// What was odd about files: of each kind and column the first, with the number of files.
    private var fileWarnings: [TableWarning] {
        var found: [(warning: TableWarning, file: String, count: Int)] = []
        var places: [[String]: Int] = [:]
        for piece in pieces {
            var own: Set<[String]> = []
            for warning in piece.table.warnings {
                let key = [warning.code.rawValue, warning.column ?? ""]
                guard own.insert(key).inserted else { continue }
                if let place = places[key] {
                    found[place].count += 1
                } else {
                    places[key] = found.count
                    found.append((warning, piece.member.name, 1))
                }
            }
        }
        return found.map { warning, file, count in
            let others = count == 1 ? "" : count == 2 ? " and another file" : " and \(count - 1) other files"
            return TableWarning(warning.code, column: warning.column, "\(file)\(others): \(warning.message)")
        }
    }

    private func missingColumns(_ names: [String], _ places: [[String: Int]]) -> [TableWarning] {
        let most = 10
        let lacking = names.compactMap { name -> TableWarning? in
            let without = pieces.indices.filter { places[$0][name] == nil }
            guard let first = without.first else { return nil }
            return TableWarning(
                .missingColumn, column: name,
                "\(name) is missing in \(without.count) of \(pieces.count) files, such as \(pieces[first].member.name): its rows have no value there"
            )
        }
        guard lacking.count > most else { return lacking }
        return lacking.prefix(most) + [
            TableWarning(.missingColumn, "\(lacking.count - most) more columns are missing in some of the files")
        ]
    }
}
