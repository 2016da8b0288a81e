import Cells
import Clocks
import Exploring
import JSON
import PrintableText
import Searching
import Tables

/// `descent data rows`: some rows of a data file of any size.
enum RowsCommand {
    static let specification = CommandSpecification(
        words: ["data", "rows"], summary: "rows of a data file of any size: some of them, those that meet a condition, or sorted",
        details: """
            Values are shown as they stand in the file. CSV and Parquet are read in pieces: without --where and --sort no further than \
            to the last row that is shown.

            EXPR is written as in a search of runs: `age > 40 and smoker = yes`, `region in (north, south) or not has:bmi`, \
            `joined > 2024-03`, `"home town" ~ "*ville"`. Names are those of columns; a bare word is looked for in all of them. A \
            condition does not hold where the value is missing.
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats)],
        options: [
            .init(name: "--from", value: "N", help: "the first row, from 1, of those that are found (default: 1)"),
            .init(name: "--count", value: "N", help: "how many rows (default: 20)"),
            .init(name: "--where", value: "EXPR", help: "only rows that meet a condition"),
            .init(name: "--sort", value: "COL", help: "by a column, the smallest first; -COL the largest first"),
            .init(name: "--columns", value: "A,B,…", help: "only these columns, in this order"),
        ],
        examples: [
            "descent data rows sample-data/insurance.csv --where 'age > 40 and smoker = yes' --sort -charges --count 5",
            "descent data rows sample-data/brokerage.csv --from 19001 --columns age,churned --json",
        ],
        readsData: true,
        run: { arguments in
            let options = try arguments.readOptions()
            let first = try arguments.count("--from", usual: 1), count = try arguments.count("--count", usual: 20)
            let input = try DataInput(arguments.positionals[0])
            let rows = try BrowsedRows(path: input.path, options: options)
            let columns = try chosenColumns(arguments, rows.sample)
            let found = try find(arguments, rows, first: first, count: count)
            try tell(found, rows, columns, arguments, named: input.name)
            return .done
        })

    /// The rows to show, and how many there are as far as that was found out.
    private struct Found {
        var numbers: [Int]
        var first: Int
        /// nil = not all were looked at.
        var count: Int?
        var isChosen = false
        var misfits: [String: Int] = [:]
        /// What may have been meant where nothing was found.
        var hint: String?
    }

    private static func chosenColumns(_ arguments: ParsedArguments, _ sample: Table) throws(TableError) -> [Int] {
        guard let text = arguments.value("--columns") else { return Array(sample.columns.indices) }
        return try text.split(separator: ",").map { name throws(TableError) in try place(String(name.trimmingSpaces), sample) }
    }

    private static func place(_ name: String, _ sample: Table) throws(TableError) -> Int {
        let column = try sample.column(matching: name)
        return sample.columns.firstIndex { $0.name == column.name } ?? 0
    }

    private static func order(_ arguments: ParsedArguments, _ sample: Table) throws(TableError) -> RowOrder? {
        guard let text = arguments.value("--sort") else { return nil }
        // A column may be called so.
        if sample.column(named: text) == nil, text.hasPrefix("-") {
            return RowOrder(column: try place(String(text.dropFirst()), sample), isDescending: true)
        }
        return RowOrder(column: try place(text, sample))
    }

    private static func find(
        _ arguments: ParsedArguments, _ rows: BrowsedRows, first: Int, count: Int
    ) throws -> Found {
        let order = try order(arguments, rows.sample)
        let text = arguments.value("--where") ?? ""
        let search: RowSearch
        do throws(SearchError) { search = try RowSearch(parsing: text, columns: rows.columns) } catch {
            throw CommandError.usage("the condition cannot be read:\n  \(text)\n  \(error.underline)")
        }
        let (wanted, isTooFar) = (first - 1).addingReportingOverflow(count)
        let last = isTooFar ? Int.max : wanted
        guard !search.isEmpty || order != nil else {
            try rows.extend(toRow: last)
            let known = rows.pieces
            return Found(
                numbers: Array(min(first - 1, known.rowCount)..<min(last, known.rowCount)), first: first,
                count: known.isComplete ? known.rowCount : nil)
        }
        var scan = RowScan(search, by: order, clock: SearchClock(now: WallClock.now()))
        while true {
            if scan.pieceCount < rows.pieces.count {
                try scan.look(at: rows.pieces)
                if order == nil, scan.rows.count > last { break }
            } else if rows.pieces.isComplete {
                scan.sort()
                break
            } else {
                try rows.extend()
            }
        }
        let isWhole = rows.pieces.isComplete && scan.pieceCount == rows.pieces.count
        return Found(
            numbers: Array(scan.rows.dropFirst(first - 1).prefix(count)), first: first, count: isWhole ? scan.rows.count : nil,
            isChosen: !search.isEmpty, misfits: scan.misfits, hint: scan.rows.isEmpty ? search.hint(rows.columns) : nil)
    }

    private static func tell(
        _ found: Found, _ rows: BrowsedRows, _ columns: [Int], _ arguments: ParsedArguments, named name: String
    ) throws {
        let cells = try rows.cells(rows: found.numbers, columns: columns)
        if arguments.flag("--json") {
            for (number, texts) in zip(found.numbers, cells) {
                let values = zip(columns, texts).map { column, text in
                    JSONValue.Member(rows.columns[column].name, RowText.json(text, rows.columns[column].kind))
                }
                Console.print(
                    JSONValue.object([
                        .init("kind", .string("row")), .init("row", .integer(number + 1)), .init("values", .object(values)),
                    ]).text)
            }
        } else if !found.numbers.isEmpty {
            let head = ["row"] + columns.map { RowText.short(rows.columns[$0].name) }
            let lines = zip(found.numbers, cells).map { number, texts in
                [NumberFormat.grouped(number + 1)] + texts.map { RowText.short($0 ?? "·") }
            }
            let right = columns.indices.filter { RowText.isNumber(rows.columns[columns[$0]].kind) }.map { $0 + 1 }
            Console.printRaw(RunText.table([head] + lines, rightAligned: Set([0] + right)))
        }
        for (column, count) in found.misfits.sorted(by: { $0.key < $1.key }) {
            Console.note(
                "warning: \(NumberFormat.grouped(count)) value\(count == 1 ? "" : "s") of \(column.printable) "
                    + "\(count == 1 ? "is" : "are") not of its kind and \(count == 1 ? "was" : "were") not compared")
        }
        guard !arguments.flag("--quiet") else { return }
        Console.note("\(name.printable): \(words(found))")
        if let hint = found.hint { Console.note(hint.printable) }
    }

    /// `rows 1 to 20 of 1,338 that meet the condition`.
    private static func words(_ found: Found) -> String {
        let all = found.count.map { "of \(NumberFormat.grouped($0))" } ?? "of more"
        let which = found.isChosen ? " that meet the condition" : ""
        guard !found.numbers.isEmpty else {
            return found.count == 0 ? (found.isChosen ? "no row meets the condition" : "no rows") : "no row there \(all)\(which)"
        }
        let last = found.first + found.numbers.count - 1
        return "rows \(NumberFormat.grouped(found.first)) to \(NumberFormat.grouped(last)) \(all)\(which)"
    }
}

/// How single values are told.
enum RowText {
    /// What fits a table.
    static func short(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

    static func isNumber(_ kind: ColumnKind) -> Bool { kind == .numeric || kind == .integer }

    /// A number as one where it reads as such, any other value as a text.
    static func json(_ text: String?, _ kind: ColumnKind) -> JSONValue {
        guard let text else { return .null }
        guard isNumber(kind), let number = Double(text), number.isFinite else { return .string(text) }
        return Int(text).map { .integer($0) } ?? .number(number)
    }
}

extension ParsedArguments {
    /// A whole number from 1 on.
    func count(_ name: String, usual: Int) throws(CommandError) -> Int {
        guard let text = value(name) else { return usual }
        guard let number = Int(text), number >= 1 else { throw .usage("\(name) is '\(text)': give a whole number from 1 on") }
        return number
    }
}
