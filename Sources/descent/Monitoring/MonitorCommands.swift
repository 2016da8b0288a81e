import Cells
import JSON
import Monitoring
import PrintableText
import Tables

/// `descent monitor baseline|check`: what data was like, and whether other data is like it.
enum MonitorCommands {
    static let baseline = CommandSpecification(
        words: ["monitor", "baseline"], summary: "learn what data is like, for other data to be compared with it",
        details: """
            Writes statistics.json and constraints.json, as SageMaker Model Monitor has them, and reading.json: how the file was read. \
            Constraints can be edited. They are applied so that at most --false-alarms of windows in which nothing changed have a \
            violation, on top of SageMaker's thresholds; with 0 they are applied as SageMaker applies them. Only you can read the files.
            """,
        positionals: [.init(name: "FILE", help: "what the model was trained on, or rows from a time when all was well")],
        options: [
            .init(name: "--out", value: "DIR", help: "folder to write to"),
            .init(
                name: "--false-alarms", value: "F",
                help:
                    "share of quiet windows with a violation, at most (default: \(Baseline.usualFalseAlarms); 0: thresholds alone)"
            ),
        ],
        examples: ["descent monitor baseline sample-data/insurance.csv --out insurance-baseline"],
        readsData: true,
        run: { arguments in
            guard let folder = arguments.value("--out") else {
                throw CommandError.usage("a baseline needs --out DIR, the folder to write to")
            }
            let falseAlarms = try arguments.number("--false-alarms", in: 0...0.5) ?? Baseline.usualFalseAlarms
            let options = try arguments.readOptions()
            let input = try DataInput(arguments.positionals[0])
            let table = try Table(contentsOf: input.path, options: options)
            arguments.say(table, input)
            let made = try Baseline(table, falseAlarms: falseAlarms > 0 ? falseAlarms : nil)
            try made.write(to: folder)
            if arguments.flag("--json") {
                Console.print(
                    JSONValue.object([
                        "kind": .string("monitorBaseline"), "folder": .string(folder), "rows": .integer(table.rowCount),
                        "features": .integer(table.columns.count),
                    ]).text)
            } else if !arguments.flag("--quiet") {
                Console.note(
                    "\(folder.printable): a baseline of \(NumberFormat.grouped(table.rowCount)) rows and \(table.columns.count) columns"
                )
            }
            return .done
        })

    static let check = CommandSpecification(
        words: ["monitor", "check"], summary: "compare a data file with a baseline: what changed, and how sure it is",
        details: """
            Prints each column beside the baseline, and what does not meet its constraints. --out writes statistics.json of these rows \
            and constraint_violations.json. Baselines that SageMaker Model Monitor made are applied as it applies them.
            """,
        positionals: [.init(name: "FILE", help: "the rows to look at")],
        options: [
            .init(name: "--baseline", value: "DIR", help: "a folder with statistics.json and constraints.json"),
            .init(name: "--out", value: "DIR", help: "folder for the results"),
        ],
        examples: ["descent monitor check november.csv --baseline insurance-baseline --out november"],
        readsData: true,
        run: { arguments in
            guard let folder = arguments.value("--baseline") else {
                throw CommandError.usage("a check needs --baseline DIR: `descent monitor baseline FILE --out DIR` makes one")
            }
            let options = try arguments.readOptions()
            let baseline = try Baseline(folder: folder)
            let input = try DataInput(arguments.positionals[0])
            let table = try Table(contentsOf: input.path, options: options, schema: baseline.readingSchema)
            arguments.say(table, input)
            let statistics = DatasetStatistics(table, as: baseline.statistics)
            let report = try DataQualityCheck(statistics: baseline.statistics, constraints: baseline.constraints)
                .report(on: statistics, rows: table, reference: baseline.reference)
            if let out = arguments.value("--out") { try MonitorFiles.write(report.violations, statistics, to: out) }
            for note in report.notes where !arguments.flag("--quiet") { Console.note("note: \(note.printable)") }
            if arguments.flag("--json") {
                Console.print(MonitorText.json(report).text)
            } else {
                Console.printRaw(MonitorText.text(report))
            }
            return .done
        })
}
