/// The rows of a file that is read once more, every value as a text: for formats that are not worth a walk of their own.
struct TextRows: SourceRows {
    let names: [String]
    let texts = SourceTexts.anything
    private(set) var row = 0
    private let columns: [Column]
    private var choice: RowChoice

    /// - Throws: `unreadable` when the file is no longer what the table was read from.
    init(_ source: SourceFile, _ choice: RowChoice) throws(TableError) {
        var options = source.reading.options
        (options.keepsTexts, options.kinds, options.isStrict) = (true, [:], false)
        if let part = source.reading.part { options.part = part }
        let again = try Table.read(source.path, options: options, schema: nil)
        guard again.fingerprint == source.fingerprint else { throw .changed(source.path) }
        (columns, self.choice) = (again.columns, choice)
        // Files of a folder have the folder's names; lists that became columns are lists here.
        names = columns.count == source.names.count ? source.names : columns.map(\.name)
    }

    mutating func next() -> Bool {
        guard let next = choice.row else { return false }
        row = next
        choice.advance()
        return true
    }

    func value(_ column: Int) -> SourceValue { columns[column].text(at: row).map { .text($0) } ?? .missing }
}
