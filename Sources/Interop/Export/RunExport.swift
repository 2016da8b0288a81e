import Clocks
import Databases
import Events
import Experiments
import Files
import JSON
import OutputFiles
import Tables

/// Writes runs for other programs to read.
public struct RunExport {
    private let store: RunStore

    public init(store: RunStore) { self.store = store }

    /// Writes `runs` to a file, or for MLflow into a folder.
    /// - Throws: `LogError` when something is there already or cannot be written, and what reading the workspace throws.
    public func write(_ runs: [RunSummary], to path: String, as format: ExportFormat, replaces: Bool = false) throws {
        if format == .mlflow {
            let folder = MLflowFolderWriter(root: path)
            for run in runs { try folder.write(run, curves: try curves(of: run)) }
            return
        }
        if format == .tfevents {
            let folder = EventFolderWriter(root: path)
            for run in runs { try folder.write(run, curves: try curves(of: run)) }
            return
        }
        if format == .parquet {
            guard replaces || FileStamp(path) == nil else {
                throw LogError(message: "\(path) is there already: choose another name")
            }
            let points = try table(of: runs)
            do throws(TableError) { try TableWriter.write(columnsOf: points, to: path) } catch {
                throw LogError(message: error.description)
            }
            return
        }
        let file = try ExportFile(path, replaces: replaces)
        switch format {
        case .csv: try writeLong(runs, to: file)
        case .csvWide: try writeWide(runs, to: file)
        case .json: try writeList(runs, to: file)
        default: for run in runs { try writeEvents(run, to: file) }
        }
        try file.finish()
    }

    /// Curves by the names of their metrics.
    private func curves(of run: RunSummary) throws(StoreError) -> [(metric: MetricName, points: [MetricPoint])] {
        var curves: [(MetricName, [MetricPoint])] = []
        for metric in try store.metrics(of: run.record.id) {
            curves.append((metric, try store.points(run: run.record.id, metric: metric)))
        }
        return curves
    }

    private func writeLong(_ runs: [RunSummary], to file: ExportFile) throws {
        try file.write("run,name,metric,step,epoch,time,value\n")
        for run in runs {
            let head = run.record.id.text.csvCell + "," + run.record.name.csvCell + ","
            for (metric, points) in try curves(of: run) {
                let start = head + metric.text.csvCell + ","
                for point in points {
                    try file.write(start + Self.place(point) + "," + Self.number(point.value) + "\n")
                }
            }
        }
    }

    /// The columns of `csv`.
    private func table(of runs: [RunSummary]) throws -> Table {
        var places: [Int32] = [], metrics: [Int32] = [], names: [String: Int32] = [:]
        var steps: [Double] = [], epochs: [Double] = [], times: [Double] = [], values: [Double] = []
        for (place, run) in runs.enumerated() {
            for (metric, points) in try curves(of: run) {
                let number = names[metric.text] ?? Int32(names.count)
                names[metric.text] = number
                places += [Int32](repeating: Int32(place), count: points.count)
                metrics += [Int32](repeating: number, count: points.count)
                steps += points.map { Double($0.step) }
                epochs += points.map(\.epoch)
                times += points.map(\.wallTime)
                values += points.map(\.value)
            }
        }
        let dictionary = names.sorted { $0.value < $1.value }.map(\.key)
        return Table(columns: [
            Column(name: "run", kind: .categorical, storage: .codes(places, dictionary: runs.map(\.record.id.text))),
            Column(name: "name", kind: .categorical, storage: .codes(places, dictionary: runs.map(\.record.name))),
            Column(name: "metric", kind: .categorical, storage: .codes(metrics, dictionary: dictionary)),
            Column(name: "step", kind: .integer, storage: .numbers(steps)),
            Column(name: "epoch", kind: .numeric, storage: .numbers(epochs)),
            Column(name: "time", kind: .date, storage: .numbers(times)),
            Column(name: "value", kind: .numeric, storage: .numbers(values)),
        ])
    }

    /// A list of runs, of each what the workspace knows, and of each metric [step, epoch, seconds since 1970, value].
    private func writeList(_ runs: [RunSummary], to file: ExportFile) throws {
        try file.write("[")
        for (place, run) in runs.enumerated() {
            try file.write((place > 0 ? ",\n" : "\n") + #"{"run":"# + run.json.text + #","curves":{"#)
            for (number, curve) in try curves(of: run).enumerated() {
                try file.write((number > 0 ? "," : "") + JSONValue.string(curve.metric.text).text + ":[")
                for (index, point) in curve.points.enumerated() {
                    let values: [JSONValue] = [
                        .integer(point.step), .number(point.epoch), .number(point.wallTime), .number(point.value),
                    ]
                    try file.write((index > 0 ? "," : "") + JSONValue.array(values).text)
                }
                try file.write("]")
            }
            try file.write("}}")
        }
        try file.write("\n]\n")
    }

    /// Points of one step that were recorded at one time share a line.
    private func writeWide(_ runs: [RunSummary], to file: ExportFile) throws {
        var names: Set<MetricName> = []
        for run in runs { names.formUnion(try store.metrics(of: run.record.id)) }
        let columns = names.sorted()
        let title = ["run", "name", "step", "epoch", "time"] + columns.map { $0.text.csvCell }
        try file.write(title.joined(separator: ",") + "\n")
        let places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        for run in runs {
            let head = run.record.id.text.csvCell + "," + run.record.name.csvCell + ","
            for row in Self.rows(try curves(of: run)) {
                var cells = [String](repeating: "", count: columns.count)
                for (metric, value) in row.values { cells[places[metric] ?? 0] = Self.number(value) }
                try file.write(head + Self.place(row.point) + "," + cells.joined(separator: ",") + "\n")
            }
        }
    }

    /// The run's events with its curves among them, in the order of their times; the last is the run's end.
    private func writeEvents(_ run: RunSummary, to file: ExportFile) throws {
        let id = run.record.id
        var sequence: UInt64 = 0
        func write(_ kind: StudioEvent.Kind, at time: Double) throws(LogError) {
            sequence += 1
            try file.write(StudioEvent(sequence: sequence, wallTime: time, run: id, kind: kind).json.text + "\n")
        }
        try write(.run(.registered(run.record)), at: run.record.createdAt)
        var rows = Self.rows(try curves(of: run))[...]
        for event in try store.events(of: id) {
            if case .run(.registered) = event.kind { continue }
            if case .job(.finished) = event.kind { continue }
            while let row = rows.first, row.point.wallTime <= event.wallTime {
                try write(row.kind, at: row.point.wallTime)
                rows = rows.dropFirst()
            }
            try write(event.kind, at: event.wallTime)
        }
        for row in rows { try write(row.kind, at: row.point.wallTime) }
        guard run.status.isFinal else { return }
        let result = JobResult(
            name: run.record.name, status: run.status, reason: run.reason, bestStep: run.bestStep, metrics: run.lastMetrics)
        try write(.job(.finished(result)), at: run.finishedAt ?? run.record.createdAt)
    }

    /// What was recorded at one step and one time.
    private struct Row {
        var point: MetricPoint
        var values: [MetricName: Double]

        var isSystem: Bool { values.keys.first?.isSystem ?? false }

        var kind: StudioEvent.Kind {
            let recorded = MetricsRecorded(step: point.step, epoch: point.epoch, values: values)
            return isSystem ? .sample(.systemSampled(recorded)) : .sample(.metricsRecorded(recorded))
        }
    }

    /// Curves merged by time and step; a metric that comes twice at one place begins a row of its own.
    private static func rows(_ curves: [(metric: MetricName, points: [MetricPoint])]) -> [Row] {
        var all = curves.enumerated().flatMap { index, curve in curve.points.map { (index, $0) } }
        // Within a curve the order of recording counts; Swift's sort keeps the order of equals.
        all.sort { ($0.1.wallTime, $0.1.step) < ($1.1.wallTime, $1.1.step) }
        var rows: [Row] = []
        for (index, point) in all {
            let metric = curves[index].metric
            if let last = rows.last, last.point.step == point.step, last.values[metric] == nil,
                last.isSystem == metric.isSystem,
                point.wallTime - last.point.wallTime < 0.001
            {
                rows[rows.count - 1].values[metric] = point.value
            } else {
                rows.append(Row(point: point, values: [metric: point.value]))
            }
        }
        return rows
    }

    private static func place(_ point: MetricPoint) -> String {
        "\(point.step),\(epoch(point.epoch)),\(WallClock.text(point.wallTime))"
    }

    /// Epochs are stored in single precision.
    private static func epoch(_ value: Double) -> String {
        value == value.rounded() ? JSONValue.text(value) : "\(Float(value))"
    }

    private static func number(_ value: Double) -> String {
        if value.isFinite { return JSONValue.text(value) }
        return value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf"
    }
}
