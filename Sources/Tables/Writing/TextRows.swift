/// The rows of a file that is read once more, every value as a text: for formats that are not worth a walk of their own.
struct TextRows: SourceRows {
    let names: [String]
    let texts = SourceTexts.anything
    private(set) var row = 0
    private let columns: [Column]
    private var choice: RowChoice

    /// - Throws: `unreadable` when the file is no longer what the table was read from.
    init(_ table: Table, _ choice: RowChoice) throws(TableError) {
        var options = table.reading.options
        (options.keepsTexts, options.kinds, options.isStrict) = (true, [:], false)
        // A table that the file's owner makes meanwhile is not to be taken for the one that was read.
        if let part = table.reading.part { options.part = part }
        let again = try Table(contentsOf: table.path, options: options)
        guard again.fingerprint == table.fingerprint, again.rowCount == table.rowCount else { throw .changed(table.path) }
        (columns, self.choice) = (again.columns, choice)
        names = columns.map(\.name)
    }

    mutating func next() -> Bool {
        guard let next = choice.row else { return false }
        row = next
        choice.advance()
        return true
    }

    func value(_ column: Int) -> SourceValue { columns[column].text(at: row).map { .text($0) } ?? .missing }
}
