import NearestNames
import Numerics

/// A data file in memory, column by column.
///
/// Memory: 8 bytes a numeric value, 4 bytes a text value plus each distinct text once. The whole file is read, so a file of
/// 10 GB of single-precision-like numbers needs about as much memory again; `CSVBlocks` reads one in pieces.
public struct Table: Sendable {
    /// The file it came from; empty for one made in memory.
    public let path: String
    /// Records, without the header.
    public let rowCount: Int
    /// Columns, in the file's order; names are unique.
    public let columns: [Column]
    /// What was decided when the file was read.
    public internal(set) var reading: TableReading
    /// How each column's texts became values: what to read other files of the same kind by.
    public let schema: TableSchema
    /// Height, width and channels of the images that its columns but `label` are, such as `28x28x1`; nil for other data.
    public let imageShape: String?
    /// Size of the file.
    public let byteCount: Int
    /// 64-bit hash of the file's bytes, unpacked ones of a compressed file, as 16 hexadecimal digits.
    public let fingerprint: String
    /// What reading found odd.
    public let warnings: [TableWarning]
    /// What made its columns of those of its file, by a mark of its own; nil = they are the file's.
    package var preparation: String?
    private let positions: [String: Int]

    /// A table over finished columns of equal length and unique names.
    public init(
        columns: [Column], path: String = "", reading: TableReading = TableReading(), schema: TableSchema = TableSchema(),
        imageShape: String? = nil, byteCount: Int = 0, fingerprint: String = "", warnings: [TableWarning] = []
    ) {
        let rowCount = columns.first?.rowCount ?? 0
        for column in columns {
            precondition(column.rowCount == rowCount, "column \(column.name): \(column.rowCount) rows, not \(rowCount)")
        }
        self.path = path
        self.rowCount = rowCount
        self.columns = columns
        self.reading = reading
        self.schema = schema
        self.imageShape = imageShape
        self.byteCount = byteCount
        self.fingerprint = fingerprint
        self.warnings = warnings
        positions = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// How the file holds its rows.
    public var format: DataFormat { reading.format }
    /// What separates fields of delimited text.
    public var delimiter: Character { reading.delimiter }
    /// Whether a record names the columns. Without one they are `column_1`, `column_2`, …
    public var hasHeader: Bool { reading.hasHeader }

    /// The column with exactly this name.
    public func column(named name: String) -> Column? { positions[name].map { columns[$0] } }

    /// The column a user means: its name or, in a file without a header, its 1-based number or `last`.
    ///
    /// - Throws: `columnNotFound`, with the nearest names.
    public func column(matching name: String) throws(TableError) -> Column {
        if let column = column(named: name) { return column }
        if !hasHeader {
            if name == "last", let last = columns.last { return last }
            if let number = Int(name), number >= 1, number <= columns.count { return columns[number - 1] }
        }
        throw TableError(.columnNotFound, "no column named '\(name)': \(advice(for: name))", path: path.isEmpty ? nil : path)
    }

    private func advice(for name: String) -> String {
        let names = columns.map(\.name)
        let near = NearestName.suggestions(for: name, among: names, limit: 3)
        if !near.isEmpty { return "did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?" }
        if !hasHeader { return "the file has no header; say column_1 to column_\(columns.count), a number, or last" }
        let shown = names.prefix(8).joined(separator: ", ")
        return "the columns are \(shown)\(names.count > 8 ? ", … (\(names.count) in all)" : "")"
    }
}
