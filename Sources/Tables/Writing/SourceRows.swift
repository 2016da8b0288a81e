/// A value as its own file writes it.
enum SourceValue: Hashable {
    case missing
    /// A number, perhaps not one that JSON knows (`+5`, `inf`).
    case number(String)
    case truth(Bool)
    case text(String)
    /// What is no UTF-8.
    case bytes([UInt8])

    /// A field's bytes; nil = missing.
    var field: String? {
        switch self {
        case .missing: nil
        case .number(let text), .text(let text): text
        case .truth(let truth): truth ? "true" : "false"
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// The chosen rows of a table's file, one after another, every value in the file's own words.
protocol SourceRows {
    /// The names of the file's columns, each once.
    var names: [String] { get }
    /// What its texts may be.
    var texts: SourceTexts { get }
    /// The number of the row at hand in the table.
    var row: Int { get }
    /// Goes to the next chosen row; false when there is none.
    mutating func next() throws(TableError) -> Bool
    /// A value of the row at hand.
    func value(_ column: Int) -> SourceValue
}

/// What the texts of a file may be.
enum SourceTexts {
    /// Texts and nothing else: the format has numbers of its own.
    case texts
    /// Anything: the format has only texts.
    case anything
    /// What the table itself shows, which is not how a file has it.
    case shown
}

/// Which rows of a table are written: in the file's order, and each once.
struct RowChoice {
    /// nil = all of them.
    private let rows: [Int]?
    private let rowCount: Int
    private var position = 0

    init(_ rows: [Int]?, of rowCount: Int) {
        self.rowCount = rowCount
        guard let rows else {
            self.rows = nil
            return
        }
        var sorted = rows.sorted()
        // A split's rows are there once; whoever asks for a row twice gets it once.
        if zip(sorted, sorted.dropFirst()).contains(where: ==) { sorted = Array(Set(sorted)).sorted() }
        self.rows = sorted
    }

    /// How many rows that are.
    var count: Int { rows?.count ?? rowCount }

    /// The next chosen row, nil when there is none.
    var row: Int? {
        if let rows { return position < rows.count ? rows[position] : nil }
        return position < rowCount ? position : nil
    }

    /// Goes on to the chosen row behind `row`.
    mutating func advance() { position += 1 }

    /// The chosen ones of a range that begins at or before the next chosen row; they are passed.
    mutating func take(_ range: Range<Int>) -> [Int] {
        var taken: [Int] = []
        while let row, row < range.upperBound {
            taken.append(row)
            advance()
        }
        return taken
    }
}

/// The values of a table itself, for formats whose files have no words of their own, and for tables made in memory.
struct TableRows: SourceRows {
    let names: [String]
    let texts = SourceTexts.shown
    private(set) var row = 0
    private let table: Table
    private var choice: RowChoice

    init(_ table: Table, _ choice: RowChoice) {
        (self.table, self.choice) = (table, choice)
        names = table.columns.map(\.name)
    }

    mutating func next() -> Bool {
        guard let next = choice.row else { return false }
        row = next
        choice.advance()
        return true
    }

    func value(_ column: Int) -> SourceValue {
        let column = table.columns[column]
        guard let text = column.text(at: row) else { return .missing }
        switch column.kind {
        case .numeric, .integer: return .number(text)
        case .boolean, .categorical, .text, .date: return .text(text)
        }
    }
}
