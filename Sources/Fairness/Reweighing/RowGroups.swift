import Tables

/// The group that each row of a table belongs to.
public struct RowGroups: Sendable, Hashable {
    /// Places in `names`; nil where a row lacks a value that is asked for.
    public let places: [Int?]
    public let names: [String]
    /// What decides: one column, or several with ` & ` between.
    public let column: String
    /// How a test was taken where that had to be decided.
    public let notes: [String]

    /// - Parameter text: a column, each of whose values is a group; or a test as `RowTest` reads it, whose rows are one group, and all
    ///   others the other.
    /// - Throws: `badData` for columns or values that are not there, or a column of one value; `badRequest`.
    public init(_ text: String, in table: Table) throws(FairnessError) {
        if RowTest.isColumn(text, in: table) {
            let tests = try RowTest.eachValue(of: text, in: table)
            var places = [Int?](repeating: nil, count: table.rowCount)
            for (place, test) in tests.enumerated() {
                let found = try test.rows(of: table)
                for row in places.indices where found.matches[row] { places[row] = place }
            }
            (self.places, names, column, notes) = (places, tests.map(\.value), tests[0].name, [])
        } else {
            let found = try RowTest(text).rows(of: table)
            places = found.matches.indices.map { found.missing[$0] ? nil : found.matches[$0] ? 0 : 1 }
            (names, column, notes) = ([found.test.value, "others"], found.test.name, found.notes)
        }
    }
}

extension RowTest {
    /// Whether a text names a column, whose name may have signs of tests in it, or can be nothing else.
    static func isColumn(_ text: String, in table: Table) -> Bool {
        table.column(named: text) != nil || !text.contains { "=<>".contains($0) }
    }

    /// The test that a text is, or one for each value of the column that it names.
    ///
    /// - Throws: as `init(_:)` and `eachValue(of:in:)`.
    public static func facets(_ text: String, in table: Table) throws(FairnessError) -> [RowTest] {
        isColumn(text, in: table) ? try eachValue(of: text, in: table) : [try RowTest(text)]
    }

    /// As it is written: `sex=Female`, `age>40&race=Black,Other`.
    public var text: String {
        parts.map { part in
            switch part.condition {
            case .words(let words): part.column + "=" + words.joined(separator: ",")
            case .above(let number): part.column + ">" + Column.text(of: number)
            case .below(let number): part.column + "<" + Column.text(of: number)
            }
        }.joined(separator: "&")
    }
}
