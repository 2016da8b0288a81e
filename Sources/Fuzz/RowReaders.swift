import Exploring
import Searching
import Tables
import TextScanning

/// What users write to find rows of data.
enum RowReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "row search") { _ in rowSearch() }, FuzzedReader(name: "queries") { _ in queries() },
        ]
    }

    private static let people = Table(columns: [
        Column(name: "age", kind: .integer, storage: .numbers([45, .nan, 30])),
        Column(name: "home town", kind: .categorical, storage: .codes([0, 1, -1], dictionary: ["York", "Leeds"])),
        Column(name: "joined", kind: .date, storage: .numbers([0, 1e9, .nan])),
    ])

    private static func rowSearch() -> Subject {
        let columns = people.columns.map { RowColumn(name: $0.name, kind: $0.kind) }
        return Subject(
            samples: [
                "age > 40 and \"home town\" = york", "age in 1..1e308 or not has:joined", "joined > 2024-03-01T10:00:00",
                "-york (has:\"home town\" age != 3)", "\"home town\" ~ \"*e?d*\"",
            ].map { Sample("search", text: $0) }
        ) { sample in
            do throws(TextFault) {
                let search = try RowSearch(parsing: sample.text, columns: columns)
                let found = search.rows(of: people, clock: SearchClock(now: 1.8e9))
                return found.allSatisfy((0..<3).contains) ? .accepted : .wrong("a row is found that is not there")
            } catch {
                _ = error.underline
                return .refused(error.message)
            }
        }
    }

    private static func queries() -> Subject {
        Subject(
            samples: [
                "select * from people where age > 40", "select \"home town\", count(*) from people group by 1 order by 2 desc",
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9) select i, age from n, people",
                "select age, sum(age) over (order by joined) from people; -- all", "select strftime('%Y', joined) from people",
            ].map { Sample("query", text: $0) }
        ) { sample in
            do throws(QueryError) {
                var looks = 0
                _ = try TableQuery([("people", BrowsedRows(people))]).answer(sample.text, limit: 1000) {
                    looks += 1
                    return looks < 100
                }
                return .accepted
            } catch { return .refused(error.message) }
        }
    }
}
