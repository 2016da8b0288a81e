import NearestNames
import Searching
import Tables

/// A search over the rows of a table, in the language in which runs are searched: `age > 40 and smoker = yes`.
///
/// Names are those of columns, in quotes where they have spaces; `has:age` finds rows with a value. Numbers are compared as numbers,
/// dates as moments of UTC (`joined > 2024-03`), texts without regard to case, `~` as a part or a pattern with `*` and `?`. A bare
/// word is looked for in all columns. A comparison with a missing value does not hold, nor does its opposite.
public struct RowSearch: Hashable, Sendable {
    private let node: SearchNode<RowField>

    /// Accepts every row.
    public init() { node = .all([]) }

    /// - Throws: `SearchError` with the place and what was expected there, also for a name that no column has.
    public init(parsing text: String, columns: [RowColumn]) throws(SearchError) {
        let example = columns.first { $0.kind == .numeric || $0.kind == .integer }.map { "\($0.name) > 0" }
        let words = Dictionary(columns.map { ($0.name, 1) }, uniquingKeysWith: +)
        var parser = SearchParser(text, example: example ?? "\(columns.first?.name ?? "name") = word") {
            RowField(word: $0, columns)
        }
        node = try parser.parse()
        if let unknown = parser.mentions.first {
            let near = NearestName.suggestions(for: unknown.field.word, among: Array(words.keys).sorted()).first
            throw SearchError(
                unknown.range, "there is no column \(unknown.field.word)" + (near.map { ": did you mean \($0)?" } ?? ""))
        }
    }

    /// What may have been meant where nothing is found: words that are no condition are looked for in all columns. nil without such words.
    ///
    /// - Parameter columns: those that it was read for.
    public func hint(_ columns: [RowColumn]) -> String? {
        guard let word = Self.words(node).first else { return nil }
        let start = "'\(word)' is no condition, and is looked for as a word in all columns"
        let near =
            columns.first { $0.name.lowercased() == word }?.name
            ?? NearestName.suggestions(for: word, among: columns.map(\.name)).first
        guard let column = columns.first(where: { $0.name == near }) else {
            let example = columns.first.map(Self.example) ?? "age > 40"
            return "\(start): write a condition, such as \(example)"
        }
        return "\(start): did you mean the column \(column.name), as in \(Self.example(column))?"
    }

    private static func example(_ column: RowColumn) -> String {
        let name = SearchWord.name(column.name)
        return column.kind == .numeric || column.kind == .integer ? "\(name) > 0" : "\(name) = word"
    }

    private static func words(_ node: SearchNode<RowField>) -> [String] {
        switch node {
        case .all(let parts), .any(let parts): parts.flatMap(words)
        case .not(let inner): words(inner)
        case .word(let pattern): [pattern.text]
        case .has, .compare: []
        }
    }

    /// Whether it lets every row through.
    public var isEmpty: Bool { node == .all([]) }

    /// The rows that it finds, in order.
    ///
    /// - Parameter table: of the columns that it was read for.
    public func rows(of table: Table, clock: SearchClock) -> [Int] {
        if isEmpty { return Array(0..<table.rowCount) }
        let holds = RowConditions(table, clock).test(node)
        return (0..<table.rowCount).filter(holds)
    }
}

/// The conditions of a search over one table, made ready: what a text has to be is asked once for each different text.
private struct RowConditions {
    let table: Table
    let clock: SearchClock

    init(_ table: Table, _ clock: SearchClock) { (self.table, self.clock) = (table, clock) }

    func test(_ node: SearchNode<RowField>) -> (Int) -> Bool {
        switch node {
        case .all(let parts):
            let tests = parts.map(test)
            return { row in tests.allSatisfy { $0(row) } }
        case .any(let parts):
            let tests = parts.map(test)
            return { row in tests.contains { $0(row) } }
        case .not(let inner):
            let inner = test(inner)
            return { !inner($0) }
        case .word(let pattern):
            let tests = table.columns.map { texts($0) { pattern.matches($0) } }
            return { row in tests.contains { $0(row) } }
        case .has(let field):
            guard let column = column(field) else { return { _ in false } }
            return { !column.isMissing(at: $0) }
        case .compare(let field, let comparison, let operand):
            guard let column = column(field) else { return { _ in false } }
            return compare(column, comparison, operand)
        }
    }

    private func column(_ field: RowField) -> Column? {
        field.place.flatMap { table.columns.indices.contains($0) ? table.columns[$0] : nil }
    }

    /// Whether the text of a row's value is as wanted.
    private func texts(_ column: Column, _ isWanted: @escaping (String) -> Bool) -> (Int) -> Bool {
        switch column.storage {
        case .numbers: return { row in column.text(at: row).map(isWanted) ?? false }
        case .codes(let codes, let dictionary):
            let wanted = dictionary.map(isWanted)
            return { row in codes[row] >= 0 && wanted[Int(codes[row])] }
        }
    }

    private func compare(
        _ column: Column, _ comparison: SearchComparison, _ operand: SearchOperand
    ) -> (Int) -> Bool {
        if case .text(let pattern) = operand {
            return texts(column) { pattern.matches($0) != comparison.isOpposite }
        }
        let clock = clock
        func holds(_ number: Double) -> Bool {
            operand.holds(number, comparison, clock: clock) ?? comparison.isOpposite
        }
        switch column.storage {
        case .numbers(let numbers): return { row in !numbers[row].isNaN && holds(numbers[row]) }
        case .codes: return texts(column) { text in Double(text).map(holds) ?? comparison.isOpposite }
        }
    }
}

extension RowSearch {
    /// Whether it compares with a time that is counted from now, so that it finds other rows another day.
    public var countsFromNow: Bool { Self.countsFromNow(node) }

    private static func countsFromNow(_ node: SearchNode<RowField>) -> Bool {
        switch node {
        case .all(let parts), .any(let parts): parts.contains(where: countsFromNow)
        case .not(let inner): countsFromNow(inner)
        case .word, .has: false
        case .compare(_, _, .time(let time)):
            switch time {
            case .ago, .day: true
            case .date: false
            }
        case .compare: false
        }
    }
}
