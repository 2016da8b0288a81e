import Events
import Experiments
import OutputFiles

/// Writes runs for other programs to read.
public struct RunExport {
    private let store: RunStore

    public init(store: RunStore) { self.store = store }

    /// Writes `runs` to a file, or for MLflow into a folder.
    /// - Throws: `LogError` when something is there already or cannot be written, and what reading the workspace throws.
    public func write(_ runs: [RunSummary], to path: String, as format: ExportFormat) throws {
        if format == .mlflow {
            let folder = MLflowFolderWriter(root: path)
            for run in runs { try folder.write(run, curves: try curves(of: run)) }
            return
        }
        let file = try ExportFile(path)
        switch format {
        case .csv: try writeLong(runs, to: file)
        case .csvWide: try writeWide(runs, to: file)
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
        try write(.runRegistered(run.record), at: run.record.createdAt)
        var rows = Self.rows(try curves(of: run))[...]
        for event in try store.events(of: id) {
            if case .runRegistered = event.kind { continue }
            if case .jobFinished = event.kind { continue }
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
        try write(.jobFinished(result), at: run.finishedAt ?? run.record.createdAt)
    }

    /// What was recorded at one step and one time.
    private struct Row {
        var point: MetricPoint
        var values: [MetricName: Double]

        var isSystem: Bool { values.keys.first?.isSystem ?? false }

        var kind: StudioEvent.Kind {
            let recorded = MetricsRecorded(step: point.step, epoch: point.epoch, values: values)
            return isSystem ? .systemSampled(recorded) : .metricsRecorded(recorded)
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
