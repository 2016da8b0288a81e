import Cells
import Experiments
import Exploring
import JSON
import OutputFiles
import PrintableText
import Searching
import Studio
import Tables

/// `descent data query`: SQL over data files.
enum QueryCommand {
    static let specification = CommandSpecification(
        words: ["data", "query"], summary: "ask data files in SQL: groups, joins, windows; the answer is a data set of its own",
        details: """
            SQL is that of SQLite, and each file a table. A query can only read: no file, setting or extension is in its reach. \
            Dates are texts such as 2024-03-01T12:00:00Z, which SQLite's strftime knows, and truth values the file's own words.

            Files of up to 256 MB are read whole. A larger one is gone through in pieces as often as the query needs it, by what its \
            columns are in its first rows; what is grouped or sorted takes 64 MB, and goes into files without a name from there on. The \
            answer is kept in memory.
            """,
        positionals: [.init(name: "SQL", help: "one query, in quotes")],
        options: [
            .init(
                name: "--data", value: "NAME=FILE",
                help: "a file and what the query calls it; FILE alone is called by its name without its ending",
                isRepeatable: true),
            .init(
                name: "--out", value: "FILE", help: "write the answer: .csv, .tsv, .jsonl, .json or .parquet, also packed",
                isOutput: true),
        ],
        examples: [
            "descent data query 'select region, smoker, avg(charges) from insurance group by 1, 2' --data sample-data/insurance.csv",
            "descent data query 'select *, avg(x) over (order by day rows 6 preceding) week from d' --data d=days.csv --out week.parquet",
        ],
        readsData: true,
        run: run)

    /// Rows that are shown; --out and --json give all of them.
    private static let mostShown = 200

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let options = try arguments.readOptions()
        let files = arguments.values("--data").map(named)
        guard !files.isEmpty else {
            throw CommandError.usage("there is no data: name a file with --data FILE or --data NAME=FILE")
        }
        let inputs = try files.map { (name: $0.name, input: try DataInput($0.file)) }
        let tables = try inputs.map { name, input in
            (name: name ?? RowsFile.tableName(input.stem), rows: try TableQuery.rows(path: input.path, options: options))
        }
        for table in tables { table.rows.sample.noteRounding(table.name + ": ") }
        let sql = arguments.positionals[0], out = arguments.value("--out")
        let isShown = out == nil && !arguments.flag("--json")
        let answer: (table: Table, isCut: Bool)
        do throws(QueryError) {
            answer = try TableQuery(tables).answer(sql, limit: isShown ? mostShown : .max)
        } catch { throw usage(error, sql) }
        if let out {
            try TableWriter.write(columnsOf: answer.table, to: out)
            let count = NumberFormat.grouped(answer.table.rowCount)
            if !arguments.flag("--quiet") { Console.note("\(out)  \(count) rows × \(answer.table.columns.count) columns") }
        }
        if arguments.flag("--json") {
            printJSON(answer.table)
        } else if out == nil {
            print(answer.table)
            if answer.isCut, !arguments.flag("--quiet") {
                Console.note("only the first \(mostShown) rows: --out FILE or --json gives all")
            }
        }
        return .done
    }

    private static func named(_ text: String) -> (name: String?, file: String) {
        guard let mark = text.firstIndex(of: "="), mark != text.startIndex else { return (nil, text) }
        let name = text[..<mark]
        // A folder called `year=2024` is a file's name and no table's.
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return (nil, text) }
        return (String(name), String(text[text.index(after: mark)...]))
    }

    static func usage(_ error: QueryError, _ sql: String) -> CommandError {
        guard let place = error.place else { return .usage("the query cannot be answered: \(error.message)") }
        let fault = SearchError(place..<(place + 1), error.message)
        let shown = fault.place(in: sql)
        return .usage("the query cannot be answered:\n  \(shown.text)\n  \(shown.carets) \(error.message)")
    }

    private static func printJSON(_ table: Table) {
        for row in 0..<table.rowCount {
            Console.print(
                JSONValue.object(table.columns.map { .init($0.name, RowText.json($0.text(at: row), $0.kind)) }).text)
        }
    }

    private static func print(_ table: Table) {
        let lines = (0..<table.rowCount).map { row in table.columns.map { RowText.short($0.text(at: row) ?? "·") } }
        let right = table.columns.indices.filter { RowText.isNumber(table.columns[$0].kind) }
        Console.printRaw(RunText.table([table.columns.map { RowText.short($0.name) }] + lines, rightAligned: Set(right)))
    }
}
