import Events
import Tables

/// Reads the first rows of data files in the vocabulary of events.
public enum DataPreviewing {
    /// Rows that are looked at to find out how a file is to be read, and those of them that are shown.
    public static let lookedAt = 200, shown = 24
    private static let longestValue = 80

    /// A file's first rows, read with options as a user writes them.
    public static func preview(path: String, reading request: [String: String]) -> DataPreview.Outcome {
        do throws(TableError) {
            var options = try ReadOptions(request)
            options.rowLimit = min(options.rowLimit ?? .max, lookedAt)
            options.threadCount = 1
            let (table, isWhole) = try Table.preview(of: path, options: options)
            var reading = DataReading(table)
            // That only so many rows are looked at is no decision about the file.
            if request[ReadOption.rows.rawValue] == nil {
                reading.choices.removeAll { $0.option == ReadOption.rows.rawValue }
            }
            return .preview(
                DataPreview(
                    reading: reading, columns: table.columns.map { column(of: table, $0) },
                    warnings: table.warnings.map { DataWarning($0) }, isWhole: isWhole))
        } catch {
            return error.code == .badOption || error.code == .columnNotFound
                ? .badOption(error.message) : .unreadable(error.message)
        }
    }

    private static func column(of table: Table, _ column: Column) -> DataPreview.Column {
        let written = table.schema.rule(for: column.name)?.written
        let values = (0..<min(shown, column.rowCount)).map { row in column.text(at: row).map { String($0.prefix(longestValue)) } }
        return DataPreview.Column(name: column.name, kind: column.kind.rawValue, written: written, values: values)
    }
}

extension ReadOptionDescription {
    /// Every option there is, in the order of the help.
    public static let all: [ReadOptionDescription] = ReadOption.allCases.map {
        ReadOptionDescription(
            $0.rawValue, placeholder: $0.placeholder, help: $0.help, choices: $0.choices, isRepeatable: $0.isRepeatable)
    }
}
