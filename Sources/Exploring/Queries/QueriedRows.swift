import CheckedNumbers
import Databases
import Tables

/// A table in memory as a query reads it. Rows can be found by a column's value; what that takes is made when it is first asked for.
final class TableInMemory: QueriedTable {
    let columns: [QueriedColumn]
    fileprivate let fields: [ColumnFields]
    fileprivate let rowCount: Int
    private var lookups: [Int: RowLookup] = [:]

    init(_ table: Table) {
        columns = table.columns.map { QueriedColumn($0) }
        fields = table.columns.map { ColumnFields($0) }
        rowCount = table.rowCount
    }

    var estimatedRowCount: Int { rowCount }

    func distinctCount(_ column: Int) -> Int? {
        guard fields.indices.contains(column) else { return nil }
        return fields[column].distinctCount ?? max(1, rowCount / 4)
    }

    func cursor() -> any QueriedCursor { MemoryCursor(self) }

    /// The rows with a value; nil where they cannot be told that way, as where a text is asked of numbers.
    fileprivate func rows(_ column: Int, equal value: DatabaseField) -> [Int32]? {
        if lookups[column] == nil { lookups[column] = RowLookup(fields[column], rowCount: rowCount) }
        return lookups[column]?.rows(value)
    }
}

private final class MemoryCursor: QueriedCursor {
    private let table: TableInMemory
    private var chosen: [Int32]?
    private var place = 0

    init(_ table: TableInMemory) { self.table = table }

    func start(_ wanted: (column: Int, value: DatabaseField)?) {
        chosen = wanted.flatMap { table.rows($0.column, equal: $0.value) }
        place = 0
    }

    func advance() { place += 1 }
    var isAtEnd: Bool { place >= chosen?.count ?? table.rowCount }
    var row: Int { chosen.map { Int($0[place]) } ?? place }
    func field(_ column: Int) -> DatabaseField { table.fields[column].field(row) }
}

/// A file as a query reads it, a piece at a time: for files that do not belong into memory.
final class TableInPieces: QueriedTable {
    let columns: [QueriedColumn]
    fileprivate let rows: BrowsedRows

    init(_ rows: BrowsedRows) {
        self.rows = rows
        columns = rows.sample.columns.map { QueriedColumn($0) }
    }

    var estimatedRowCount: Int {
        let pieces = rows.pieces
        return pieces.progress > 0 ? Int(nearestWithin: Double(pieces.rowCount) / pieces.progress) : 1_000_000
    }

    func distinctCount(_ column: Int) -> Int? { nil }
    func cursor() -> any QueriedCursor { PieceCursor(rows) }
}

private final class PieceCursor: QueriedCursor {
    private let rows: BrowsedRows
    private var pieces: TablePieces
    private var piece = 0, place = 0
    private var fields: [ColumnFields] = [], count = 0, first = 0

    init(_ rows: BrowsedRows) { (self.rows, pieces) = (rows, rows.pieces) }

    func start(_ wanted: (column: Int, value: DatabaseField)?) throws(StoreError) {
        piece = -1
        try nextPiece()
    }

    func advance() throws(StoreError) {
        place += 1
        if place >= count { try nextPiece() }
    }

    private func nextPiece() throws(StoreError) {
        (piece, place, fields, count) = (piece + 1, 0, [], 0)
        do throws(TableError) {
            while piece >= pieces.count {
                guard !pieces.isComplete else { return }
                try rows.extend()
                pieces = rows.pieces
            }
            let table = try pieces.table(piece)
            first = pieces.rows(of: piece).lowerBound
            (fields, count) = (table.columns.map { ColumnFields($0) }, table.rowCount)
        } catch { throw StoreError(code: .failed, message: error.description, operation: "read rows") }
        if count == 0 { try nextPiece() }
    }

    var isAtEnd: Bool { place >= count }
    var row: Int { first + place }
    func field(_ column: Int) -> DatabaseField { fields.indices.contains(column) ? fields[column].field(place) : .null }
}

extension QueriedColumn {
    init(_ column: Column) {
        let type =
            switch column.kind {
            case .integer: "INTEGER"
            case .numeric: "REAL"
            case .boolean, .categorical, .text, .date: "TEXT"
            }
        self.init(name: column.name, type: type)
    }
}

/// A column's values as SQLite takes them: numbers as numbers, dates as texts of ISO form, so that its own functions of dates know
/// them, truth values as the words of the file.
struct ColumnFields {
    fileprivate enum Values {
        case integers([Double])
        case reals([Double])
        case dates(Column)
        case texts([Int32], [String])
    }

    fileprivate let values: Values

    init(_ column: Column) {
        switch column.storage {
        case .codes(let codes, let dictionary): values = .texts(codes, dictionary)
        case .numbers(let numbers):
            switch column.kind {
            case .date: values = .dates(column)
            case .integer: values = .integers(numbers)
            default: values = .reals(numbers)
            }
        }
    }

    /// nil = not known without a look at all of them.
    var distinctCount: Int? { if case .texts(_, let dictionary) = values { max(1, dictionary.count) } else { nil } }

    func field(_ row: Int) -> DatabaseField {
        switch values {
        case .integers(let numbers):
            if let whole = Int(exactly: numbers[row]) { return .integer(whole) }
            return numbers[row].isNaN ? .null : .real(numbers[row])
        case .reals(let numbers): return numbers[row].isNaN ? .null : .real(numbers[row])
        case .dates(let column): return column.text(at: row).map { .text($0) } ?? .null
        case .texts(let codes, let dictionary): return codes[row] < 0 ? .null : .text(dictionary[Int(codes[row])])
        }
    }
}

/// Where the values of a column are.
private struct RowLookup {
    private var byNumber: [Double: [Int32]] = [:]
    private var byText: [String: Int] = [:]
    private var byCode: [[Int32]] = []
    private let isText: Bool

    init?(_ fields: ColumnFields, rowCount: Int) {
        switch fields.values {
        case .dates: return nil
        case .integers(let numbers), .reals(let numbers):
            isText = false
            for row in numbers.indices where !numbers[row].isNaN { byNumber[numbers[row], default: []].append(Int32(row)) }
        case .texts(let codes, let dictionary):
            isText = true
            byCode = [[Int32]](repeating: [], count: dictionary.count)
            for row in codes.indices where codes[row] >= 0 { byCode[Int(codes[row])].append(Int32(row)) }
            byText = Dictionary(dictionary.enumerated().map { ($1, $0) }) { first, _ in first }
        }
    }

    func rows(_ value: DatabaseField) -> [Int32]? {
        switch value {
        case .null: []
        case .integer(let number): isText ? nil : byNumber[Double(number)] ?? []
        case .real(let number): isText ? nil : byNumber[number] ?? []
        case .text(let text): isText ? byText[text].map { byCode[$0] } ?? [] : nil
        }
    }
}
