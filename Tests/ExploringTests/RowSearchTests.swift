import Exploring
import Searching
import Tables
import Testing

@Suite struct RowSearchTests {
    private let table = Table(columns: [
        Column(name: "age", kind: .integer, storage: .numbers([45, 41, .nan, 30, 40])),
        Column(name: "smoker", kind: .boolean, storage: .codes([1, 0, 1, 1, -1], dictionary: ["no", "yes"])),
        Column(
            name: "home town", kind: .categorical,
            storage: .codes([0, 1, 2, 0, 1], dictionary: ["New York", "york", "Leeds"])),
        // 2024-02-28, 2024-03-01, 1969-07-20, missing, 2024-03-31T12:00.
        Column(
            name: "joined", kind: .date,
            storage: .numbers([1_709_078_400, 1_709_251_200, -14_256_000, .nan, 1_711_886_400])),
        Column(name: "nothing", kind: .numeric, storage: .numbers([.nan, .nan, .nan, .nan, .nan])),
    ])

    private func rows(_ text: String) throws -> [Int] {
        let columns = table.columns.map {
            RowColumn(name: $0.name, kind: $0.kind, isEmptyAtFirst: $0.missingCount == $0.rowCount)
        }
        return try RowSearch(parsing: text, columns: columns).rows(of: table, clock: SearchClock(now: 1_711_972_800))
    }

    @Test(arguments: [
        ("", [0, 1, 2, 3, 4]), ("age > 40 and smoker = yes", [0]), ("age > 40 or smoker = YES", [0, 1, 2, 3]),
        ("age >= 40", [0, 1, 4]), ("age between 40 and 41", [1, 4]),
        ("age not between 40 and 41 and age > 30", [0]), ("not (age between 40 and 50)", [2, 3]),
        ("age in 40..41", [1, 4]), ("age in (30, 45)", [0, 3]), ("not age > 40", [2, 3, 4]),
        ("age != 45", [1, 3, 4]), ("AGE = 45", [0]), ("has:age", [0, 1, 3, 4]), ("not has:smoker", [4]),
        ("smoker != yes", [1]), (#""home town" = york"#, [1, 4]), (#""home town" ~ york"#, [0, 1, 3, 4]),
        (#""home town" ~ "l*s""#, [2]), ("york", [0, 1, 3, 4]), ("-york", [2]), ("45", [0]), ("has:nothing", []),
        (#"has:"home town" age = 30"#, [3]),
        ("joined = 2024-03", [1, 4]), ("joined < 1970-01-01", [2]), ("joined > 2024-03-01", [4]), ("joined >= -1d", [4]),
        ("age > 40 (smoker = no or smoker = yes)", [0, 1]),
    ])
    func `finds the rows that a condition is true of`(_ text: String, _ expected: [Int]) throws {
        #expect(try rows(text) == expected)
    }

    @Test(arguments: [
        ("aeg > 40", "there is no column aeg: did you mean age?", 0..<3),
        ("age > forty", "age is a number, such as 12, 1e-3 or 10k", 6..<11),
        ("age >", "expected a value", 5..<5), ("smoker > no", "smoker is text: use = != ~ or in", 0..<6),
        ("age > 3 and", "expected a condition, such as age > 0", 11..<11),
    ])
    func `says what is wrong and where`(_ text: String, _ message: String, _ range: Range<Int>) {
        let error = #expect(throws: SearchError.self) { try rows(text) }
        #expect(error?.message == message)
        #expect(error?.range == range)
    }
}
