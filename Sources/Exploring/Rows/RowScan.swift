import CheckedNumbers
import Searching
import Tables

/// How rows are sorted: by a column, those without a value last, equal ones as they stand in the file.
public struct RowOrder: Hashable, Sendable {
    public var column: Int
    public var isDescending: Bool

    public init(column: Int, isDescending: Bool = false) { (self.column, self.isDescending) = (column, isDescending) }
}

/// Finds and sorts rows piece by piece, so that what was found is known before all was looked at.
///
/// Memory: 8 bytes a row that is found; sorted, 24 and each different text once.
public struct RowScan: Sendable {
    private let search: RowSearch
    private let order: RowOrder?
    private let clock: SearchClock
    /// Pieces that were looked at.
    public private(set) var pieceCount = 0
    /// Rows that were looked at.
    public private(set) var rowCount = 0
    /// The numbers of the rows found so far, in the file's order; after `sort`, in the wanted one.
    public private(set) var rows: [Int] = []
    /// By column, how many values are none of its kind, and so were not compared.
    public private(set) var misfits: [String: Int] = [:]
    private var keys: [Double] = []
    private var texts: [String: Int] = [:]
    /// Whether it is sorted by texts, as the first value says; nil until there is one.
    private var isByText: Bool?

    public init(_ search: RowSearch = RowSearch(), by order: RowOrder? = nil, clock: SearchClock) {
        (self.search, self.order, self.clock) = (search, order, clock)
    }

    /// Looks at the next piece.
    /// - Throws: as `TablePieces.table`.
    public mutating func look(at pieces: TablePieces) throws(TableError) {
        let first = pieces.rows(of: pieceCount).lowerBound
        let table = try pieces.table(pieceCount)
        let found = search.rows(of: table, clock: clock)
        rows += found.map { first + $0 }
        if let order { addKeys(of: table.columns[order.column], found) }
        misfits.merge(table.reading.misfits, uniquingKeysWith: +)
        pieceCount += 1
        rowCount = first + table.rowCount
    }

    private mutating func addKeys(of column: Column, _ found: [Int]) {
        let hasValue = column.missingCount < column.rowCount
        switch column.storage {
        case .numbers(let numbers):
            if hasValue { isByText = isByText ?? false }
            guard isByText == true else { return keys += found.map { numbers[$0] } }
            keys += found.map { column.text(at: $0).map { key($0) } ?? .nan }
        case .codes(let codes, let dictionary):
            if hasValue { isByText = isByText ?? true }
            let own = dictionary.map { isByText == false ? Double($0) ?? .nan : key($0) }
            keys += found.map { codes[$0] < 0 ? .nan : own[Int(codes[$0])] }
        }
    }

    /// The number of a text.
    private mutating func key(_ text: String) -> Double {
        let number = texts[text] ?? texts.count
        texts[text] = number
        return Double(number)
    }

    /// Brings what was found into the wanted order. Call once, after the last piece.
    public mutating func sort() {
        guard let order else { return }
        if isByText == true {
            var ranks = [Double](repeating: 0, count: texts.count)
            for (rank, entry) in texts.sorted(by: { $0.key < $1.key }).enumerated() { ranks[entry.value] = Double(rank) }
            keys = keys.map { $0.isNaN ? $0 : ranks[Int(nearestWithin: $0)] }
        }
        let places = rows.indices.sorted { left, right in
            let (a, b) = (keys[left], keys[right])
            if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? left < right : b.isNaN }
            if a == b { return left < right }
            return (a < b) != order.isDescending
        }
        rows = places.map { rows[$0] }
        (keys, texts) = ([], [:])
    }
}
