import CheckedNumbers
import Clocks
import Events
import Experiments
import Files
import Glibc
import Interop
import Monitoring
import Tables

/// `descent monitor export`: executions and what they measured, for other programs.
enum MonitorExportCommand {
    private enum Format: String, CaseIterable {
        case tfevents, parquet, csv
    }

    static let specification = CommandSpecification(
        words: ["monitor", "export"], summary: "write a monitor's executions and what they measured, for other programs",
        details: """
            tfevents is a folder for TensorBoard, with a step an execution; parquet and csv have a row for each value of each execution. Only \
            you can read what is written. The workspace's database has the same as views for SQL: monitoring_executions, \
            monitoring_values and monitoring_violations.
            """,
        positionals: [.init(name: "MONITOR", help: "a monitor's name", isRepeatable: true)],
        options: [
            .init(
                name: "--format", value: "F",
                help: "tfevents, parquet or csv (default: by the ending of PATH; tfevents without one)"),
            .init(name: "--out", value: "PATH", help: "the file to write, or for tfevents the folder"),
        ],
        examples: [
            "descent monitor export churn-data-quality --format tfevents --out board",
            "descent monitor export churn-data-quality churn-model-quality --out monitors.parquet",
        ],
        run: { arguments in
            guard let path = arguments.value("--out"), path != "-" else {
                throw CommandError.usage("an export needs --out PATH, a file or, for tfevents, a folder")
            }
            let format = try format(arguments.value("--format"), path), store = try WorkspaceChoice.reading(arguments).monitors
            var executions: [(monitor: MonitorRecord, executions: [MonitorExecution])] = []
            for name in arguments.positionals where !executions.contains(where: { $0.monitor.name == name }) {
                let monitor = try store.monitor(named: name)
                executions.append((monitor, try store.executions(of: name).reversed()))
            }
            let count = executions.reduce(0) { $0 + $1.executions.count }
            guard count > 0 else {
                throw CommandError.failed(
                    "nothing was executed yet: `descent monitor run \(arguments.positionals[0])` has it look")
            }
            // What is written tells of the data.
            umask(0o077)
            switch format {
            case .tfevents:
                for (monitor, own) in executions {
                    let folder = executions.count == 1 ? path : path + "/" + monitor.name
                    try Folder.make(folder)
                    let name = "events.out.tfevents.\(Int(nearestWithin: own.first?.scheduledAt ?? 0)).descent"
                    try PrivateFile.write(bytes: events(own), to: folder + "/" + name)
                }
            case .parquet, .csv:
                try TableWriter.write(columnsOf: table(executions), to: path)
                chmod(path, 0o600)
            }
            if !arguments.flag("--quiet") { Console.note("wrote \(MonitorText.count(count, "execution")) to \(path)") }
            return .done
        })

    private static func format(_ word: String?, _ path: String) throws(CommandError) -> Format {
        if let word {
            guard let format = Format(rawValue: word) else {
                throw .usage("--format '\(word)': give \(Format.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            if format != .tfevents, !path.hasSuffix("." + format.rawValue) {
                throw .usage("--out \(path): a file of \(format.rawValue) ends with .\(format.rawValue)")
            }
            return format
        }
        return Format.allCases.first { path.hasSuffix("." + $0.rawValue) } ?? .tfevents
    }

    private static func events(_ executions: [MonitorExecution]) -> [UInt8] {
        var writer = EventFileWriter(time: executions.first?.scheduledAt ?? 0)
        for (step, one) in executions.enumerated() {
            let values = one.drift.sorted { $0.key < $1.key }.map { (tag: "value/" + $0.key, value: $0.value) }
            writer.add(
                [("rows", Double(one.rowCount)), ("violations", Double(one.violations.count))] + values, step: step,
                time: one.scheduledAt)
        }
        return writer.bytes
    }

    /// A row for each value of each execution; one without values has a row of its own. Of bias and attributions violations are told of a
    /// column or an output, and not of a value.
    private static func table(_ all: [(monitor: MonitorRecord, executions: [MonitorExecution])]) -> Table {
        let executions = all.flatMap(\.executions)
        let silent = Set(all.map(\.monitor).filter { $0.kind == .bias || $0.kind == .explainability }.map(\.name))
        var texts: [[String?]] = Array(repeating: [], count: 6), rows: [Double] = [], values: [Double] = [],
            violated: [String?] = []
        for one in executions {
            let features: [(name: String?, value: Double)] =
                one.drift.isEmpty ? [(nil, .nan)] : one.drift.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            for (name, value) in features {
                let own = [
                    one.monitor, WallClock.text(one.scheduledAt), WallClock.text(one.from), WallClock.text(one.until),
                    one.status.rawValue, name,
                ]
                for (place, text) in own.enumerated() { texts[place].append(text) }
                rows.append(Double(one.rowCount))
                values.append(value)
                let isViolated = one.violations.contains { $0.feature == name }
                violated.append(silent.contains(one.monitor) ? nil : isViolated ? "true" : "false")
            }
        }
        let names = ["monitor", "scheduled", "rows_from", "rows_until", "status", "feature"]
        return Table(
            columns: zip(names, texts).map { Column($0, texts: $1) } + [
                Column(name: "value", kind: .numeric, storage: .numbers(values)),
                Column("is_violated", texts: violated),
                Column(name: "row_count", kind: .integer, storage: .numbers(rows)),
            ])
    }
}
