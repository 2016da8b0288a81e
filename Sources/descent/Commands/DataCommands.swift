import Cells
import Clocks
import Events
import Experiments
import Files
import JSON
import PrintableText
import Tables
import Training

/// `descent data …`: looking at data files and splitting them.
enum DataCommands {
    static let profile = CommandSpecification(
        words: ["data", "profile"],
        summary: "rows, types, missing values, statistics, scale, outliers and warnings of a data file",
        positionals: [.init(name: "FILE", help: DataFile.formats)],
        options: [
            .init(
                name: "--target", value: "COL",
                help: "the column to predict: warns about order, leakage, imbalance; advises on validation and metric"),
            .init(
                name: "--against", value: "FILE",
                help:
                    "compare with another file of the same kind instead: drift of each column, new values, rows that are in both"),
        ] + EngineArguments.options,
        examples: [
            "descent data profile sample-data/brokerage.csv --target churned", "descent data profile train.csv --against new.csv",
            "descent data profile rows/ --engine spark --master spark://head:7077",
        ],
        readsData: true,
        run: { arguments in
            if let size = try EngineArguments.size(arguments) {
                guard let profile = try SparkProfileCommand.profile(arguments, on: size) else { return .interrupted }
                tell(profile, arguments)
                return .done
            }
            if let other = arguments.value("--against") {
                guard !arguments.flag("--target") else {
                    throw CommandError.usage(
                        "--against compares columns, and --target is for the profile of one file: give one of them")
                }
                return try AgainstText.run(arguments.positionals[0], against: other, arguments)
            }
            let options = try arguments.readOptions()
            let input = try DataInput(arguments.positionals[0])
            var profile = try DatasetProfiling.profile(path: input.path, target: arguments.value("--target"), options: options)
            profile.path = input.name
            tell(profile, arguments)
            return .done
        })

    private static func tell(_ profile: DatasetProfile, _ arguments: ParsedArguments) {
        if arguments.flag("--json") {
            let event = StudioEvent(sequence: 1, wallTime: WallClock.now(), run: nil, kind: .dataset(.profiled(profile)))
            Console.print(event.json.text)
        } else {
            Console.printRaw(text(profile))
        }
    }

    private static func text(_ profile: DatasetProfile) -> String {
        var out = "\(profile.name.printable)  \(NumberFormat.bytes(profile.byteCount))"
        if let reading = profile.reading { out += "  \(reading.line(grouped: NumberFormat.grouped).printable)" }
        out += profile.hasHeader ? "\n\n" : "\nno header: columns are column_1…column_\(profile.columns.count)\n\n"
        var rows = [
            ["column", "type", "missing", "distinct", "mean", "sd", "min", "q1", "median", "q3", "max", "", "most frequent"]
        ]
        for column in profile.columns { rows.append(row(column, rowCount: profile.rowCount)) }
        out += RunText.table(rows, rightAligned: [2, 3, 4, 5, 6, 7, 8, 9, 10])
        if !profile.warnings.isEmpty { out += "\n" }
        for warning in profile.problems {
            let answer = warning.answer.map { "   → \($0.words.printable)" } ?? ""
            out += "! \(warning.code): \(warning.message.printable)\(answer)\n"
        }
        for notice in profile.notices { out += "  \(notice.message.printable)\n" }
        if !profile.advice.isEmpty { out += "\n" }
        for advice in profile.advice { out += "→ \(advice.topic): \(advice.reason.printable)   \(advice.words.printable)\n" }
        return out
    }

    /// What fits a table.
    private static func short(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

    private static func row(_ column: ColumnProfile, rowCount: Int) -> [String] {
        let missing =
            column.missing == 0 ? "·" : NumberFormat.percent(Double(column.missing) / Double(max(1, rowCount)), decimals: 1)
        var cells = [short(column.name), column.kindAsWritten, missing, NumberFormat.grouped(column.distinct)]
        if let statistics = column.statistics, column.kind == "date" {
            let days = [
                statistics.minimum, statistics.lowerQuartile, statistics.median, statistics.upperQuartile, statistics.maximum,
            ].map { String(CalendarTime.isoText(seconds: $0).prefix(10)) }
            cells += ["", ""] + days + [""]
        } else if let statistics = column.statistics {
            cells += [
                statistics.mean, statistics.standardDeviation, statistics.minimum, statistics.lowerQuartile, statistics.median,
                statistics.upperQuartile, statistics.maximum,
            ].map { NumberFormat.significant($0) }
            let glyphs = Sparkline.text(values: statistics.histogram.map { Double($0) }, width: 12, glyphs: .block, isCount: true)
            cells.append(glyphs)
        } else {
            cells += Array(repeating: "", count: 8)
        }
        let top = column.mostFrequent.prefix(3).map { "\(short($0.value)) (\(NumberFormat.grouped($0.count)))" }
        cells.append(column.statistics == nil || column.distinct <= 20 ? top.joined(separator: ", ") : "")
        return cells
    }

    static let split = CommandSpecification(
        words: ["data", "split"], summary: "split a data file into a training and a test file",
        details: """
            Writes NAME-train and NAME-test in the file's own format and with its extension: records are kept as they are, in \
            their order, and a header goes into both. Of compressed text it writes plain text; of formats that are only read, such as IDX, CSV.
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats)],
        options: [
            .init(name: "--test", value: "F", help: "share of rows in the test file (default: 0.2)"),
            .init(name: "--stratify", value: "COL", help: "keep the shares of this column's values in both files"),
            .init(name: "--ordered", value: nil, help: "the last rows are the test file, as for a time series"),
            .init(
                name: "--group", value: "COL",
                help: "keep rows with equal values of a column together, such as those of a patient"),
            .init(name: "--out", value: "DIR", help: "folder to write to (default: .)"), .force,
        ],
        examples: ["descent data split sample-data/insurance.csv --test 0.2 --out /tmp/insurance"],
        readsData: true,
        run: runSplit)

    private static func runSplit(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard ["--ordered", "--stratify", "--group"].count(where: arguments.flag) <= 1 else {
            throw CommandError.usage("--ordered, --stratify and --group exclude each other: give one of them")
        }
        let fraction = try arguments.number("--test", in: 0.0001...0.9999) ?? 0.2
        let options = try arguments.readOptions()
        let input = try DataInput(arguments.positionals[0])
        let table = try Table(contentsOf: input.path, options: options)
        arguments.say(table, input)
        var method = RowSplit.Method.random
        if arguments.flag("--ordered") { method = .ordered() }
        if let column = arguments.value("--group") { method = .grouped(by: try table.column(matching: column).name) }
        if let column = arguments.value("--stratify") { method = .stratified(by: try table.column(matching: column).name) }
        let split = try RowSplit(table, method: method, fraction: fraction, seed: try arguments.seed())
        let folder = arguments.value("--out") ?? "."
        do { try Workspace.makeFolder(folder) } catch {
            throw CommandError.data("\(folder.printable) cannot be a folder to write to: choose another with --out")
        }
        var ending = TableWriter.ending(for: table)
        if ending.isEmpty, input.isSpooled {
            ending = DataFormat.nameParts("data" + (try DataFormat.usualEnding(of: input.path))).ending
        }
        let parts = [("train", split.training), ("test", split.heldOut)].map { part, rows in
            (part, rows, "\(folder)/\(input.stem)-\(part)\(ending)")
        }
        let own = FileStamp(input.path)?.inode
        if let (_, _, out) = parts.first(where: { own != nil && FileStamp($0.2)?.inode == own }) {
            throw CommandError.data("\(out.printable) is the file to split: choose another folder with --out")
        }
        // Both or none take their places.
        let batch = OutputBatch()
        for (_, rows, out) in parts { try TableWriter.write(table, rows: rows, to: out, in: batch) }
        try batch.finish()
        for (part, rows, out) in parts {
            if arguments.flag("--json") {
                let line = JSONValue.object([
                    "kind": .string("datasetSplit"), "part": .string(part), "path": .string(out), "rows": .integer(rows.count),
                ])
                Console.print(line.text)
            } else if !arguments.flag("--quiet") {
                Console.print("\(out)  \(NumberFormat.grouped(rows.count)) rows")
            }
        }
        return .done
    }
}
