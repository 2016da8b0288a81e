/// What was decided when a file was read, beyond its columns: what the line after every reading says.
public struct TableReading: Sendable, Hashable {
    /// How the file holds its rows.
    public var format: DataFormat
    /// What separates fields of delimited text; a space stands for runs of blanks.
    public var delimiter: Character
    /// What stands around fields; nil = nothing.
    public var quote: Character?
    /// Whether a record names the columns.
    public var hasHeader: Bool
    /// Whether that is but a guess.
    public var isHeaderUnsure = false
    /// The encoding the text was converted from; nil = UTF-8.
    public var encoding: String?
    /// `.` or `,`.
    public var decimal: Character = "."
    /// Lines above the data that are not data, at its end, header lines that came again, lines of comments, and a line of units.
    public var skippedAbove = 0, skippedBelow = 0, repeatedHeaders = 0, comments = 0, unitLines = 0
    /// The sheet, table or member that was read, and all there are.
    public var part: String?
    public var parts: [String] = []
    /// By column, how many values are none of its kind and count as missing.
    public var misfits: [String: Int] = [:]
    /// Files that were read, when there are several.
    public var fileCount = 1
    /// Whether only the first records were read.
    public var isCut = false

    /// What was said about reading, to read the file once more.
    var options = ReadOptions()
    /// The columns of which a user says what they are.
    public var kindsSaid: [String] { Array(options.kinds.keys) }

    /// Where the records of delimited text are, for whoever writes them out again.
    var records: CSVRecordPlaces?
    /// The files of a folder or a pattern.
    var files: [FilePiece] = []

    /// What was decided, of which the rest is as usual.
    public init(
        format: DataFormat = .csv, delimiter: Character = ",", quote: Character? = "\"", hasHeader: Bool = true
    ) {
        self.format = format
        self.delimiter = delimiter
        self.quote = quote
        self.hasHeader = hasHeader
    }
}
