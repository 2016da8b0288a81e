/// The columns that the names of folders make: `year=2024/month=1`.
struct Partitions {
    private(set) var columns: [Column] = []
    private(set) var rules: [ColumnRule] = []
    private(set) var warnings: [TableWarning] = []
    /// The columns' names.
    var names: Set<String> { Set(columns.map(\.name)) }

    /// - Parameter taken: the files' own columns, which come first where a folder has the name of one.
    init(
        _ pieces: [FolderReader.Piece], beside taken: Set<String>, options: ReadOptions, schema: TableSchema?
    ) throws(TableError) {
        var known: Set<String> = []
        let keys = pieces.flatMap { $0.member.partitions.map(\.key) }.filter { known.insert($0).inserted }
        var typed = TypedColumns(options: options, schema: schema)
        for key in keys {
            guard !taken.contains(key) else {
                warnings.append(
                    TableWarning(
                        .droppedColumn, column: key,
                        "\(key) is a column of the files and the name of folders: the folders' values are left out"))
                continue
            }
            var dictionary: [String] = [], places: [String: Int32] = [:], codes: [Int32] = []
            for piece in pieces {
                let value = piece.member.partitions.last { $0.key == key }?.value
                let code = value.map { value -> Int32 in
                    if let place = places[value] { return place }
                    places[value] = Int32(dictionary.count)
                    dictionary.append(value)
                    return Int32(dictionary.count - 1)
                }
                codes += [Int32](repeating: code ?? -1, count: piece.table.rowCount)
            }
            typed.add(TextColumn(name: key, codes: codes, dictionary: dictionary, mayRepeat: false))
        }
        try typed.finish()
        (columns, rules) = (typed.columns, typed.schema.columns)
        warnings += typed.warnings
    }
}

extension Column {
    /// The values of one column of several files, read by one rule; a file without it has missing values.
    ///
    /// - Parameter keepsKind: whether the rule's kind is not to be changed by how many texts there are in all.
    static func joined(_ parts: [(column: Column?, rowCount: Int)], by rule: ColumnRule, keepsKind: Bool) -> Column {
        let present = parts.compactMap(\.column).filter { $0.missingCount < $0.rowCount }
        let kinds = Set(present.map(\.kind))
        if kinds.isSubset(of: [.numeric, .integer]) || kinds == [.date] {
            var numbers: [Double] = []
            numbers.reserveCapacity(parts.reduce(0) { $0 + $1.rowCount })
            for part in parts { numbers += part.column?.numbers ?? [Double](repeating: .nan, count: part.rowCount) }
            let kind = kinds.count == 1 ? kinds.first ?? .numeric : .numeric
            return Column(name: rule.name, kind: kind, storage: .numbers(numbers))
        }
        let isTruth = kinds == [.boolean] && Set(present.map(\.dictionary)).count == 1
        guard isTruth || kinds.isSubset(of: [.categorical, .text]) else {
            // Kinds that do not go together: as texts, typed once more.
            let filled = parts.map { part in
                part.column
                    ?? Column(name: rule.name, kind: .numeric, storage: .numbers([Double](repeating: .nan, count: part.rowCount)))
            }
            let joined = Column.joined(filled)
            return Column(name: rule.name, kind: joined.kind, storage: joined.storage)
        }
        var dictionary = isTruth ? present.first?.dictionary ?? [] : []
        var places = Dictionary(zip(dictionary, dictionary.indices.map { Int32($0) }), uniquingKeysWith: { first, _ in first })
        var codes: [Int32] = []
        codes.reserveCapacity(parts.reduce(0) { $0 + $1.rowCount })
        for part in parts {
            guard case .codes(let own, let words)? = part.column?.storage else {
                codes += [Int32](repeating: -1, count: part.rowCount)
                continue
            }
            let renumbered = words.map { word in
                if let place = places[word] { return place }
                places[word] = Int32(dictionary.count)
                dictionary.append(word)
                return Int32(dictionary.count - 1)
            }
            codes += own.map { $0 < 0 ? -1 : renumbered[Int($0)] }
        }
        if isTruth { return Column(name: rule.name, kind: .boolean, storage: .codes(codes, dictionary: dictionary)) }
        return TextColumn(name: rule.name, codes: codes, dictionary: dictionary, mayRepeat: false)
            .categorised(as: keepsKind ? rule.kind : nil)
    }
}
