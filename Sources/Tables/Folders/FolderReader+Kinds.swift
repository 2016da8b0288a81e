extension FolderReader {
    /// The folder's names of the columns: the first file's, and behind them those of others as they come.
    private var columnNames: [String] {
        var known: Set<String> = []
        return pieces.flatMap(\.names).filter { known.insert($0).inserted }
    }

    /// Reads again what was not read by the rules that fit most of all rows, until every file is.
    ///
    /// - Returns: those rules, in the order of the columns.
    mutating func settleKinds() throws(TableError) -> TableSchema {
        let names = columnNames
        for index in pieces.indices {
            pieces[index].wasDate = Set(
                zip(pieces[index].names, pieces[index].table.columns).filter { $1.kind == .date }.map(\.0))
        }
        var agreed = try readAgain(by: fixed(TableSchema(agreeing: aligned(names))), names)
        let rowCount = pieces.reduce(0) { $0 + $1.table.rowCount }
        var misfits: [String: Int] = [:]
        for piece in pieces { misfits.merge(piece.table.reading.misfits.renamed(piece)) { $0 + $1 } }
        let said = Set(options.kinds.keys).union(schema?.columns.map(\.name) ?? [])
        let (mixed, mixedWarnings) = TableSchema.mixedColumns(misfits, rowCount: rowCount, said: said)
        for rule in agreed.columns where rule.kind == .categorical && !said.contains(rule.name) {
            let dates = pieces.filter { $0.wasDate.contains(rule.name) }
            guard let first = dates.first, !mixed.contains(rule.name) else { continue }
            warnings.append(
                TableWarning(
                    .ambiguousDates, column: rule.name,
                    "\(rule.name) holds dates in \(first.member.name), but not dates of one order in all files: it is read as text; --date-format says how they are written"
                ))
        }
        guard !mixed.isEmpty, !options.isStrict else { return agreed }
        // What is none of its kind counts as missing, so that a file of nothing else seems to fit.
        let stray = pieces.indices.filter { index in
            let own = pieces[index].table.reading.misfits.renamed(pieces[index])
            return mixed.contains { own[$0] != nil }
        }
        agreed = try readAgain(by: agreed.taking(mixed, as: .categorical), names, always: Set(stray))
        warnings += mixedWarnings
        return agreed
    }

    /// How each file was read, with all columns in the same order.
    private func aligned(_ names: [String]) -> [TableSchema.Piece] {
        var known: [String: ColumnRule] = [:]
        for piece in pieces {
            for (name, var rule) in zip(piece.names, piece.table.schema.columns) where known[name] == nil {
                rule.name = name
                known[name] = rule
            }
        }
        return pieces.map { piece in
            var own: [String: (rule: ColumnRule, present: Int)] = [:]
            for (name, (var rule, column)) in zip(piece.names, zip(piece.table.schema.columns, piece.table.columns)) {
                rule.name = name
                own[name] = (rule, column.rowCount - column.missingCount)
            }
            return TableSchema.Piece(names.map { own[$0] ?? (known[$0] ?? ColumnRule(name: $0, kind: .numeric), 0) })
        }
    }

    /// What is known of a column holds whatever its files say.
    private func fixed(_ agreed: TableSchema) -> TableSchema {
        var agreed = agreed
        agreed.missing = schema?.missing ?? options.missing
        agreed.encoding = pieces.first?.table.schema.encoding
        agreed.columns = agreed.columns.map { rule in
            guard let known = schema?.rule(for: rule.name), !known.isBare else { return rule }
            return known
        }
        return agreed
    }

    private mutating func readAgain(
        by agreed: TableSchema, _ names: [String], always: Set<Int> = []
    ) throws(TableError) -> TableSchema {
        let before = pieces
        let wrong = zip(before.indices, aligned(names)).filter { always.contains($0) || !agreed.holds(for: $1) }.map(\.0)
        let tables = try Self.sideBySide(wrong.count, options) { index, options throws(TableError) -> Table in
            let piece = before[wrong[index]]
            var own = piece.options
            own.threadCount = options.threadCount
            var schema = agreed
            schema.encoding = piece.table.schema.encoding
            let ownNames = Dictionary(zip(piece.names, piece.table.columns.map(\.name)), uniquingKeysWith: { first, _ in first })
            schema.columns = agreed.columns.compactMap { rule in
                var rule = rule
                guard let name = ownNames[rule.name] else { return nil }
                rule.name = name
                return rule
            }
            return try Self.read(piece.member, own, schema)
        }
        for (index, table) in zip(wrong, tables) {
            guard table.columns.map(\.name) == pieces[index].table.columns.map(\.name) else {
                throw TableError.changed(pieces[index].member.path)
            }
            pieces[index].table = table
        }
        return agreed
    }
}

extension [String: Int] {
    /// What is said of a file's columns, by the folder's names of them.
    func renamed(_ piece: FolderReader.Piece) -> [String: Int] {
        let names = [String: String](zip(piece.table.columns.map(\.name), piece.names), uniquingKeysWith: { first, _ in first })
        return [String: Int](map { (names[$0.key] ?? $0.key, $0.value) }, uniquingKeysWith: { $0 + $1 })
    }
}
