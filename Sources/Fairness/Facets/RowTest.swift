import CheckedNumbers
import Tables

/// What a row must have to be meant: a value of a column, a number above or below another, or several such together.
///
/// Written `sex=Female`, `age>40`, `age<25`, `race=Black,Other`, and several with `&` between.
public struct RowTest: Sendable, Hashable {
    public enum Condition: Sendable, Hashable {
        case words([String])
        case above(Double)
        case below(Double)
    }

    public struct Part: Sendable, Hashable {
        public var column: String
        public var condition: Condition
    }

    public var parts: [Part]

    /// Reads a test.
    ///
    /// - Throws: `badRequest` with what is missing.
    public init(_ text: String) throws(FairnessError) {
        parts = []
        for piece in text.split(separator: "&", omittingEmptySubsequences: false) {
            guard let place = piece.firstIndex(where: { "=<>".contains($0) }), place > piece.startIndex else {
                throw FairnessError(.badRequest, "'\(piece)': give COLUMN=VALUE, COLUMN>NUMBER or COLUMN<NUMBER")
            }
            let column = String(piece[..<place]), value = String(piece[piece.index(after: place)...])
            guard !value.isEmpty else {
                throw FairnessError(.badRequest, "'\(piece)': a value is missing behind \(piece[place])")
            }
            parts.append(Part(column: column, condition: try Self.condition(piece[place], value, piece)))
        }
    }

    private static func condition(
        _ sign: Character, _ value: String, _ piece: Substring
    ) throws(FairnessError) -> Condition {
        if sign == "=" { return .words(value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)) }
        guard let number = Double(value), number.isFinite else {
            throw FairnessError(.badRequest, "'\(piece)': '\(value)' is no number")
        }
        return sign == ">" ? .above(number) : .below(number)
    }

    public init(column: String, condition: Condition) { parts = [Part(column: column, condition: condition)] }

    /// `sex`, or `sex & race`.
    public var name: String { parts.map(\.column).joined(separator: " & ") }

    /// How its rows are called in a sentence: `Female`, `age > 40`.
    public var phrase: String {
        parts.map { part in
            let value = RowTest(column: part.column, condition: part.condition).value
            if case .words(let words) = part.condition, !words.contains(where: Self.saysNothingAlone) { return value }
            return part.column + " " + value
        }.joined(separator: " & ")
    }

    /// Whether a value needs its column beside it, as a number and `no` do.
    private static func saysNothingAlone(_ word: String) -> Bool {
        Double(word) != nil || ["yes", "no", "true", "false", "y", "n"].contains(word.lowercased())
    }

    /// `Female`, `(40.0, +)`-like bounds in words, joined as the columns are.
    public var value: String {
        parts.map { part in
            switch part.condition {
            case .words(let words): words.joined(separator: ",")
            case .above(let number): "> \(Column.text(of: number))"
            case .below(let number): "< \(Column.text(of: number))"
            }
        }.joined(separator: " & ")
    }
}

/// A test as it holds on a table's rows.
public struct TestedRows: Sendable, Hashable {
    /// Whether each row is meant.
    public var matches: [Bool]
    /// Rows that lack a value that is asked for.
    public var missing: [Bool]
    /// How the test was taken where that had to be decided.
    public var notes: [String]
    /// The test, with what was decided.
    public var test: RowTest
}

extension RowTest {
    /// Most distinct numbers of a column for `column=40` to mean the number itself.
    public static let mostNumbers = 20

    /// Tells which rows of a table are meant.
    ///
    /// `column=40` of numbers means those that are 40 where the column has few distinct ones, 40 among them, and otherwise those above 40,
    /// with a note.
    ///
    /// - Throws: `badData` for a column that is not there, or a value that no row has.
    public func rows(of table: Table) throws(FairnessError) -> TestedRows {
        var found = TestedRows(
            matches: [Bool](repeating: true, count: table.rowCount), missing: [Bool](repeating: false, count: table.rowCount),
            notes: [], test: self)
        for (place, part) in parts.enumerated() {
            let column: Column
            do throws(TableError) { column = try table.column(matching: part.column) } catch {
                throw FairnessError(.badData, error.description)
            }
            let (condition, note) = try part.condition.settled(for: column)
            found.test.parts[place] = Part(column: column.name, condition: condition)
            if let note { found.notes.append(note) }
            for row in 0..<table.rowCount {
                if column.isMissing(at: row) { found.missing[row] = true }
                if !condition.holds(column, row) { found.matches[row] = false }
            }
        }
        return found
    }
}

extension RowTest.Condition {
    fileprivate func settled(for column: Column) throws(FairnessError) -> (RowTest.Condition, note: String?) {
        switch self {
        case .above, .below:
            guard column.numbers != nil else {
                throw FairnessError(.badData, "\(column.name) has no numbers to be above or below: give \(column.name)=VALUE")
            }
            return (self, nil)
        case .words(let words):
            guard let numbers = column.numbers, column.kind != .date else {
                let known = Set(column.dictionary ?? [])
                if let unknown = words.first(where: { !known.contains($0) }) {
                    let some = (column.dictionary ?? []).prefix(8).joined(separator: ", ")
                    throw FairnessError(.badData, "no row has '\(unknown)' in \(column.name): it has \(some)")
                }
                return (self, nil)
            }
            let wanted = words.compactMap { Double($0) }
            guard wanted.count == words.count else {
                throw FairnessError(
                    .badData,
                    "\(column.name) has numbers, and '\(words.joined(separator: ","))' is none: give one, or \(column.name)>NUMBER"
                )
            }
            let known = Set(numbers.filter { !$0.isNaN })
            if wanted.allSatisfy(known.contains), known.count <= RowTest.mostNumbers { return (self, nil) }
            guard wanted.count == 1 else {
                throw FairnessError(.badData, "\(column.name) has \(known.count) different numbers: give \(column.name)>NUMBER")
            }
            let text = Column.text(of: wanted[0])
            return (
                .above(wanted[0]),
                "\(column.name)=\(text) is taken as \(column.name)>\(text), as the column has \(known.count) different numbers"
            )
        }
    }

    fileprivate func holds(_ column: Column, _ row: Int) -> Bool {
        switch self {
        case .words(let words):
            column.text(at: row).map { text in words.contains { $0 == text || Self.isSame($0, column, row) } } ?? false
        case .above(let bound): column.numbers.map { $0[row] > bound } ?? false
        case .below(let bound): column.numbers.map { $0[row] < bound } ?? false
        }
    }

    /// `1.0` and `1` are one number.
    private static func isSame(_ word: String, _ column: Column, _ row: Int) -> Bool {
        guard let numbers = column.numbers, column.kind != .date, let number = Double(word) else { return false }
        return numbers[row] == number
    }
}

extension RowTest {
    /// Most values of a column that are compared each with all others.
    public static let mostValues = 100

    /// A test for each value of a column of words, against all others.
    ///
    /// - Throws: `badData` for a column that is not there, has one value, or more values than are compared.
    public static func eachValue(of name: String, in table: Table) throws(FairnessError) -> [RowTest] {
        let column: Column
        do throws(TableError) { column = try table.column(matching: name) } catch {
            throw FairnessError(.badData, error.description)
        }
        var words = column.dictionary ?? []
        if let numbers = column.numbers {
            let known = Set(numbers.filter { !$0.isNaN }).sorted()
            guard known.count <= mostNumbers else {
                throw FairnessError(
                    .badData, "\(column.name) has \(known.count) different numbers: say from which on with \(column.name)>NUMBER")
            }
            words = known.map(Column.text)
        }
        let present = Set((0..<table.rowCount).compactMap { column.text(at: $0) })
        let used = words.filter(present.contains)
        guard used.count <= mostValues else {
            throw FairnessError(.badData, "\(column.name) has \(used.count) values: say which with \(column.name)=VALUE")
        }
        guard used.count > 1 else {
            throw FairnessError(.badData, "\(column.name) has one value only: there is nobody to compare with")
        }
        return used.map { RowTest(column: column.name, condition: .words([$0])) }
    }
}
