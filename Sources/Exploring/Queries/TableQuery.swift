import Databases
import Tables

/// Why a query gives no answer, and where in it.
public struct QueryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened: what to do.
    public var message: String
    /// Characters before the place at fault; nil where it has none.
    public var place: Int?
    /// Whether nobody wanted the answer any more.
    public var isCancelled = false

    public init(_ message: String, at place: Int? = nil) { (self.message, self.place) = (message, place) }

    public var description: String { message }

    init(_ fault: QueryFault) {
        self.init(fault.message, at: fault.place)
        isCancelled = fault.isCancelled
    }
}

/// SQL over tables: `select region, avg(charges) from insurance group by region`.
///
/// SQLite answers, by tables that are ours and can only be read; nothing on a disk can be reached through it. A file of up to
/// `mostBytesInMemory` is read whole, a larger one piece by piece as often as the query goes through it. What is sorted or grouped
/// takes 64 MB and goes into files without a name from there on; the answer is in memory, of at most `mostValues`.
public struct TableQuery {
    /// Bytes of a file that is read whole.
    public static let mostBytesInMemory = 256 << 20
    /// Rows times columns of an answer.
    public static let mostValues = 100_000_000

    private let database: QueryDatabase
    /// What the tables are called, and their columns, for whoever asks.
    public let tables: [(name: String, columns: [String])]

    /// - Parameter tables: each under a name of its own, whatever the case of its letters.
    /// - Throws: a name that is there twice, or a table that cannot be one.
    public init(_ tables: [(name: String, rows: BrowsedRows)]) throws(QueryError) {
        var names: Set<String> = []
        for (name, _) in tables where !names.insert(name.lowercased()).inserted {
            throw QueryError("two tables are called \(name): give one another name")
        }
        self.tables = tables.map { ($0.name, $0.rows.columns.map(\.name)) }
        do throws(QueryFault) {
            database = try QueryDatabase(
                tables.map { name, rows in
                    let pieces = rows.pieces
                    let isWhole = pieces.isComplete && rows.sample.rowCount == pieces.rowCount
                    return (name, isWhole ? TableInMemory(rows.sample) : TableInPieces(rows))
                })
        } catch { throw QueryError(error) }
    }

    /// The rows of a file for queries: whole where it is small enough.
    public static func rows(path: String, options: ReadOptions = ReadOptions()) throws(TableError) -> BrowsedRows {
        let rows = try BrowsedRows(path: path, options: options)
        let pieces = rows.pieces
        if pieces.isComplete, rows.sample.rowCount == pieces.rowCount { return rows }
        guard rows.byteCount <= mostBytesInMemory else { return rows }
        return BrowsedRows(try Table(contentsOf: path, options: options))
    }

    /// The answer as a table.
    ///
    /// - Parameters:
    ///   - isWanted: asked now and then whether anybody still wants to know.
    ///   - limit: more rows are left out, and the answer says so.
    /// - Throws: what is wrong with the query.
    public func answer(
        _ sql: String, limit: Int = .max, isWanted: @escaping () -> Bool = { true }
    ) throws(QueryError) -> (table: Table, isCut: Bool) {
        var columns: [AnswerColumn] = [], rowCount = 0, isCut = false, isTooLarge = false
        do throws(QueryFault) {
            try database.run(sql, isWanted: isWanted) { names in
                columns = QueriedColumn.unique(names).map { AnswerColumn($0) }
            } row: { fields in
                guard rowCount < limit else {
                    isCut = true
                    return false
                }
                isTooLarge = (rowCount + 1) * fields.count > Self.mostValues
                guard !isTooLarge else { return false }
                for index in fields.indices { columns[index].append(fields[index]) }
                rowCount += 1
                return true
            }
        } catch { throw QueryError(error) }
        if isTooLarge {
            throw QueryError(
                "the answer has more than \(Self.mostValues / max(1, columns.count)) rows: group them, or end with limit")
        }
        // Texts become dates and truth values where all of them are.
        return (Table.joined([Table(columns: columns.map(\.column))]), isCut)
    }
}

extension BrowsedRows {
    /// Bytes of the file; 0 for a table in memory.
    public var byteCount: Int { pieces.byteCount }
}

/// A column of an answer while it comes: numbers for as long as there is nothing else.
private struct AnswerColumn {
    private let name: String
    private var numbers: [Double] = []
    private var isWhole = true, hasNumbers = false
    private var codes: [Int32] = [], dictionary: [String] = [], places: [String: Int32] = [:]
    private var isText = false

    init(_ name: String) { self.name = name }

    mutating func append(_ field: DatabaseField) {
        if !isText, case .text = field { becomeText() }
        if !isText, case .integer(let number) = field, Int(exactly: Double(number)) != number { becomeText() }
        switch field {
        case .null: if isText { codes.append(-1) } else { numbers.append(.nan) }
        case .integer(let number): if isText { append(text: String(number)) } else { append(Double(number)) }
        case .real(let number): if isText { append(text: Column.text(of: number)) } else { append(number) }
        case .text(let text): append(text: text)
        }
    }

    private mutating func append(_ number: Double) {
        numbers.append(number)
        hasNumbers = true
        isWhole = isWhole && number == number.rounded() && abs(number) < 9e15
    }

    private mutating func append(text: String) {
        let next = Int32(dictionary.count), code = places[text, default: next]
        if code == next {
            places[text] = next
            dictionary.append(text)
        }
        codes.append(code)
    }

    private mutating func becomeText() {
        isText = true
        for number in numbers { if number.isNaN { codes.append(-1) } else { append(text: Column.text(of: number)) } }
        numbers = []
    }

    var column: Column {
        isText
            ? Column(name: name, kind: .categorical, storage: .codes(codes, dictionary: dictionary))
            : Column(name: name, kind: isWhole && hasNumbers ? .integer : .numeric, storage: .numbers(numbers))
    }
}
