import Events
import Studio

// A file as a German till writes it.
extension SampleStudio {
    static let readOptions: [ReadOptionDescription] = [
        .init("input-format", placeholder: "F", help: "what the file is: csv, json-lines, parquet", choices: ["csv", "parquet"]),
        .init(
            "delimiter", placeholder: "C", help: "what separates fields: a character, tab, or blanks (runs of spaces and tabs)",
            choices: [",", ";", "tab", "|", "blanks"]),
        .init("decimal", placeholder: "C", help: "the decimal mark: . or ,", choices: [".", ","]),
        .init(
            "thousands", placeholder: "C", help: "what groups the digits of large numbers: , . ' _ space, or none",
            choices: [",", ".", "'", "_", "space", "none"]),
        .init(
            "quote", placeholder: "C", help: "what stands around a field that holds the delimiter", choices: ["\"", "'", "none"]),
        .init("comment", placeholder: "C", help: "lines that begin with this character are left out", choices: ["#", "none"]),
        .init("encoding", placeholder: "E", help: "how characters are written", choices: ["utf-8", "cp1252", "latin1"]),
        .init("header", placeholder: "yes|no|ROW", help: "whether the first line names the columns", choices: ["yes", "no"]),
        .init("skip-rows", placeholder: "N", help: "lines at the top that are not data"),
        .init("missing", placeholder: "WORDS", help: "words for a missing value besides the usual ones, with commas between"),
        .init(
            "type", placeholder: "COL=KIND", help: "what a column is: numeric, integer, boolean, categorical, text, date",
            choices: ["numeric", "integer", "boolean", "categorical", "text", "date"], isRepeatable: true),
        .init("date-format", placeholder: "ORDER", help: "the order of dates: dmy, mdy or ymd", choices: ["dmy", "mdy", "ymd"]),
        .init("rows", placeholder: "N", help: "read only the first N records"),
        .init("sheet", placeholder: "NAME", help: "the sheet of a workbook"),
        .init("table", placeholder: "NAME", help: "the table of a database"),
        .init("strict", placeholder: nil, help: "refuse a value that does not fit its column", choices: ["yes", "no"]),
    ]

    static let till: DatasetProfile = {
        var profile = DatasetProfile(
            path: "data/kasse-süd.csv", byteCount: 163_000, fingerprint: "00000000000000cc", rowCount: 3000, delimiter: ";",
            hasHeader: true,
            columns: [("Datum", "date", "dmy"), ("Filiale", "categorical", nil), ("Umsatz", "numeric", "1.234,5")].map {
                var column = ColumnProfile(
                    name: $0.0, kind: $0.1, count: 3000, missing: 0, distinct: 360, statistics: nil,
                    mostFrequent: [.init(value: "2024-01-03", count: 9)])
                column.written = $0.2
                return column
            }, warnings: [])
        profile.reading = reading(rows: 3000)
        return profile
    }()

    static func reading(rows: Int) -> DataReading {
        DataReading(
            format: "csv", rowCount: rows, columnCount: 3,
            choices: [
                .init(option: "delimiter", value: ";"), .init(option: "header", value: "yes", isGuess: true),
                .init(option: "decimal", value: ","), .init(option: "date-format", value: "dmy"),
                .init(option: "encoding", value: "cp1252", isGuess: true), .init(option: "skip-rows", value: "2"),
            ], leftOut: 2)
    }

    static let tillPreview = DataPreview(
        reading: reading(rows: 200),
        columns: [
            .init(
                name: "Datum", kind: "date", written: "dmy",
                values: (0..<24).map { "2024-01-\($0 + 3 < 10 ? "0" : "")\($0 + 3)" }),
            .init(
                name: "Filiale", kind: "categorical",
                values: (0..<24).map { [nil, "München", "Köln", "Zürich"][$0 % 4] }),
            .init(
                name: "Umsatz", kind: "numeric", written: "1.234,5",
                values: (0..<24).map { "\(1000 + 337 * $0).\(10 + $0)" }),
        ],
        warnings: [DataWarning(code: "encoding", column: nil, message: "the text is read as CP1252: --encoding says another")],
        isWhole: false)
}

extension AppState {
    /// Opens a data set that was read, and selects it.
    mutating func openData(_ profile: DatasetProfile) {
        let event = StudioEvent(sequence: 9, wallTime: SampleStudio.start, run: nil, kind: .dataset(.profiled(profile)))
        _ = reduce(into: &self, .events([event], []))
        press("1", "G")
    }
}
