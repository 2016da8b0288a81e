import Cells
import Events

/// All tuning jobs of the workspace.
package struct TuningsPage: Screen {
    /// Newest first; nil until they are known.
    package private(set) var jobs: [TuningStanding]?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.tunings, .detail] }

    package func title(_ state: AppState) -> String { "Tuning" }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadTunings() }

    mutating func take(_ found: [TuningStanding]) { jobs = found }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { if case .tuning = $0.kind { true } else { false } }
    }

    /// The job under the cursor, else the newest.
    var chosen: TuningStanding? {
        if case .tuning(let id)? = reading.stop?.link { return jobs?.first { $0.record.id == id } }
        return jobs?.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let jobs else { return Document([TextLine("reading …", .muted)]) }
        guard !jobs.isEmpty else {
            let lines = [
                "No hyperparameters have been searched \(state.places.isEmpty ? "in this workspace" : "there") yet.", "",
                "Start one from the form of a new run: n opens it, and ctrl-v on a field makes its value a range.",
                "Or from a shell: descent tune data.csv --target y --algorithm xgboost --range eta=0.01:0.5",
            ]
            return Document(lines.flatMap { TextWrap.lines($0, width: max(8, width - 2)) }.map { TextLine($0, .muted) })
        }
        let blocks = [Document.Block.table(table(jobs, state, width: width - 2))]
        let room = StudioLayout.interior(place(on: state.size)).height - jobs.count - 4
        guard room >= 10, let job = chosen else { return Document(blocks) }
        return Document(blocks + [.text([TextLine()])] + strip(job, state, width: width, height: room))
    }

    /// How the job under the cursor comes on.
    private func strip(_ job: TuningStanding, _ state: AppState, width: Int, height: Int) -> [Document.Block] {
        let text = TuningPageText(page: TuningPage(job.record.id), standing: job, state: state, width: width)
        var title = TextLine("\(job.record.name): best so far over trials", .title, .bold)
        title.add("   " + job.record.request.ranges.joined(separator: " "), .muted)
        guard let chart = text.bestOverTrials else {
            return [.text([title, TextLine("no trial has ended with a value yet", .muted)])]
        }
        let rect = Rect(x: 0, y: 0, width: width - 2, height: min(height, 24))
        return [.charts([DocumentChart(title: title, in: rect, chart)], height: rect.height)]
    }

    private func table(_ jobs: [TuningStanding], _ state: AppState, width: Int) -> DocumentTable {
        let columns = [
            TableColumn(
                title: "tuning", width: min(28, max(8, jobs.map { TextWidth.of($0.record.name) }.max() ?? 8)), priority: 0),
            TableColumn(title: "status", width: 13, priority: 1),
            TableColumn(title: "trials", width: 9, isRight: true, priority: 3),
            TableColumn(title: "best", width: 10, isRight: true, priority: 2),
            TableColumn(title: "objective", width: 22, priority: 5),
            TableColumn(title: "strategy", width: 10, priority: 6), TableColumn(title: "data", width: 18, priority: 7),
            TableColumn(title: "best values", width: 60, priority: 8, isFlexible: true, least: 12, most: 90),
        ]
        let cells = jobs.map { job -> [TableCell] in
            let record = job.record, best = job.best
            return [
                TableCell(text: record.name, role: .accent, attributes: .bold),
                TableCell(text: "\(record.status.glyph) \(job.statusWord)", role: record.status.role),
                TableCell(text: "\(job.ended)/\(record.request.maxJobs)"),
                TableCell(text: best?.value.map { NumberFormat.significant($0) } ?? "–", role: .good),
                TableCell(text: record.objective.metric.text, role: .muted),
                TableCell(text: record.request.strategy, role: .muted),
                TableCell(text: String(record.request.job.datasetPath.split(separator: "/").last ?? "script"), role: .muted),
                TableCell(text: best.map { TuningWords.settings($0.values) } ?? "", role: .muted),
            ]
        }
        return DocumentTable(
            "tuning jobs", columns, cells, links: jobs.map { ObjectLink.tuning($0.record.id) }, width: width)
    }
}

extension TuningRecord {
    /// The status in a word; a job whose process is gone says so.
    package var statusWord: String { status == .stopped && reason == .interrupted ? "interrupted" : status.word }
}

/// Tuning jobs in words.
enum TuningWords {
    /// `eta 0.1, max_depth 4`: more digits than matter only hide the others.
    static func settings(_ values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key) \(value($0.value))" }.joined(separator: ", ")
    }

    static func value(_ text: String) -> String {
        Int(text) == nil ? Double(text).map { NumberFormat.significant($0) } ?? text : text
    }

    static func ending(_ record: TuningRecord) -> String {
        switch record.reason.text {
        case "MaxJobs": "all trials done"
        case "AllTried": "every configuration tried"
        case "TargetValueReached": "target value reached"
        case "NoImprovement": "no improvement any more"
        case "MaxRuntimeExceeded": "time is over"
        case "": ""
        default: record.reason == .interrupted ? "its process is gone" : record.reason.text
        }
    }
}
