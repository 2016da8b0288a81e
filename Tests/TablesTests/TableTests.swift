import Testing

@testable import Tables

@Suite struct TableTests {
    @Test func `a column is found by name, and without a header by number or last`() throws {
        let named = try Table.of("age,charges\n1,2\n"), bare = try Table.of("1,2\n3,4\n")
        #expect(try named.column(matching: "charges").name == "charges")
        #expect(try bare.column(matching: "column_2").name == "column_2")
        #expect(try bare.column(matching: "1").name == "column_1")
        #expect(try bare.column(matching: "last").name == "column_2")
    }

    @Test(arguments: [
        ("chargs", "no column named 'chargs': did you mean 'charges'?"),
        ("Age", "no column named 'Age': did you mean 'age'?"),
        ("zzzzzzzz", "no column named 'zzzzzzzz': the columns are age, charges"),
    ])
    func `an unknown column names its neighbours`(name: String, message: String) throws {
        let table = try Table.of("age,charges\n1,2\n")
        do throws(TableError) {
            _ = try table.column(matching: name)
            Issue.record("found \(name)")
        } catch {
            #expect(error.message == message)
            #expect(error.code == .columnNotFound)
        }
    }

    @Test func `an error reads as place, what happened, what to do`() {
        let error = TableError(.fieldCount, "expected 15 fields, found 14: add one", path: "titanic.csv", line: 12, column: 5)
        #expect(error.description == "titanic.csv:12:5: expected 15 fields, found 14: add one")
        #expect(TableError(.noRows, "nothing: add rows").description == "nothing: add rows")
    }

    @Test func `dates go to seconds and back`() {
        for text in ["1970-01-01", "1969-12-31", "2000-02-29", "1600-03-01", "2026-11-20T18:07:39Z", "0001-01-01"] {
            let seconds = CalendarTime.seconds(iso: text)
            #expect(seconds.map(CalendarTime.isoText(seconds:)) == text)
        }
        #expect(CalendarTime.seconds(iso: "1970-01-02 01:00:00+01:00") == 86_400)
        for text in ["2021-02-29", "2020-13-01", "2020-1", "1.5", "2020-01-01 25:00", "10-20", "2020-01-01x"] {
            #expect(CalendarTime.seconds(iso: text) == nil, "\(text)")
        }
    }
}
