extension TableSchema {
    /// How a piece of a file was read by what stands in it.
    public struct Piece: Sendable {
        let columns: [(rule: ColumnRule, present: Int)]

        /// A piece that was read as a table of its own.
        public init(_ table: Table) {
            columns = zip(table.schema.columns, table.columns).map { ($0, $1.rowCount - $1.missingCount) }
        }

        /// A piece whose columns are in the order of all pieces, with the number of values of each.
        init(_ columns: [(rule: ColumnRule, present: Int)]) { self.columns = columns }
    }

    /// One schema for a file whose pieces were each read by what stands in them.
    ///
    /// What a piece could only guess yields to what another knows; where most rows are of one kind the rest have to fit it, which
    /// reading the pieces by the result shows.
    public init(agreeing pieces: [Piece]) {
        columns = (pieces.first?.columns ?? []).indices.map { index in
            let rules = pieces.map { $0.columns[index] }
            return ColumnRule.agreed(rules.filter { $0.present > 0 }) ?? rules[0].rule
        }
    }

    /// Whether a piece was read as this says.
    public func holds(for piece: Piece) -> Bool {
        zip(columns, piece.columns).allSatisfy { own, read in
            let other = read.rule
            if own.isWords && other.isWords || read.present == 0 { return true }
            let isWhole = own.kind == .numeric && other.kind == .integer && other.numbers == nil
            return (own.kind == other.kind || isWhole && own.numbers == nil) && own.numbers == other.numbers
                && own.dates == other.dates && own.words == other.words
        }
    }

    /// Columns with more than a few values that are none of their kind, which make words of all (see `ColumnTyping`), and what is
    /// said about them.
    ///
    /// - Parameters:
    ///   - misfits: by column, how many such values there are in all pieces, which have so many rows.
    ///   - said: columns whose kind is given, and stays.
    public static func mixedColumns(
        _ misfits: [String: Int], rowCount: Int, said: Set<String>
    ) -> (names: [String], warnings: [TableWarning]) {
        let names = misfits.filter { $0.value > min(100, rowCount / 1000) && !said.contains($0.key) }.keys.sorted()
        let warnings = names.map { name in
            TableWarning(
                .mixedColumn, column: name,
                "\(name) holds values of several kinds: it is read as text; correct them, or say which with --type")
        }
        return (names, warnings)
    }

    /// The same with some columns of another kind.
    public func taking(_ names: some Sequence<String>, as kind: ColumnKind) -> TableSchema {
        let names = Set(names)
        var schema = self
        schema.columns = columns.map { names.contains($0.name) ? ColumnRule(name: $0.name, kind: kind) : $0 }
        return schema
    }
}

extension ColumnRule {
    var isWords: Bool { kind == .categorical || kind == .text }
    fileprivate var isNumber: Bool { kind == .numeric || kind == .integer }

    /// What fits most rows of pieces, with the number of rows that each has.
    fileprivate static func agreed(_ rules: [(rule: ColumnRule, present: Int)]) -> ColumnRule? {
        let sure = rules.contains { !$0.rule.isGuess } ? rules.filter { !$0.rule.isGuess } : rules
        var rows: [ColumnRule: Int] = [:], order: [ColumnRule] = []
        for (rule, count) in sure {
            var same = rule
            same.missing = []
            if rule.isWords { same.kind = .categorical }
            if rows[same] == nil { order.append(same) }
            rows[same, default: 0] += count
        }
        // Of two that fit as many rows the first is meant, every time.
        let most = { (some: [ColumnRule]) in some.max { rows[$0, default: 0] < rows[$1, default: 0] } }
        // Whole numbers are written as any numbers are.
        if let fractions = most(order.filter { $0.isNumber && !$0.isWhole }) {
            for rule in order where rule.isWhole {
                rows[fractions, default: 0] += rows[rule, default: 0]
                rows[rule] = nil
            }
        }
        // A year in front is one in any order.
        let dates = order.filter { rows[$0] != nil && $0.kind == .date && $0.dates?.epoch == nil }
        let open = dates.filter { $0.dates?.order != .ymd || $0.dates?.pattern != nil }
        if open.count == 1, let own = open.first {
            for rule in dates where rule != own {
                rows[own, default: 0] += rows[rule, default: 0]
                rows[rule] = nil
            }
        }
        guard var best = most(order.filter { rows[$0] != nil }) else { return rules.first?.rule }
        let orders = Set(rows.keys.compactMap { $0.kind == .date ? $0.dates?.order : nil })
        // Dates of which some can only be one thing and some only another are no dates.
        if best.kind == .date, orders.isSuperset(of: [.dmy, .mdy]) { best = ColumnRule(name: best.name, kind: .categorical) }
        if best.isWords { best.kind = rules.contains { $0.rule.kind == .text } ? .text : .categorical }
        best.missing = Set(rules.flatMap(\.rule.missing)).sorted()
        return best
    }

    private var isWhole: Bool { kind == .integer && numbers == nil }
}
