import Cells
import Events

/// All AutoML jobs of the workspace.
package struct AutoMLsPage: Screen {
    /// Newest first; nil until they are known.
    package private(set) var jobs: [AutoMLStanding]?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.automls, .detail] }

    package func title(_ state: AppState) -> String { "AutoML" }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadAutoMLs() }

    mutating func take(_ found: [AutoMLStanding]) { jobs = found }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { if case .automl = $0.kind { true } else { false } }
    }

    /// The job under the cursor, else the newest.
    var chosen: AutoMLStanding? {
        if case .automl(let id)? = reading.stop?.link { return jobs?.first { $0.record.id == id } }
        return jobs?.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let jobs else { return Document([TextLine("reading …", .muted)]) }
        guard !jobs.isEmpty else {
            let lines = [
                "No model has been looked for in this workspace yet.", "",
                "Start from a dataset: 1 goes there, and A on one asks for the column to predict.",
                "Or from a shell: descent automl data.csv --target y",
            ]
            return Document(lines.flatMap { TextWrap.lines($0, width: max(8, width - 2)) }.map { TextLine($0, .muted) })
        }
        let blocks = [Document.Block.table(table(jobs, width: width - 2))]
        let room = StudioLayout.interior(place(on: state.size)).height - jobs.count - 4
        guard room >= 10, let job = chosen else { return Document(blocks) }
        let text = AutoMLPageText(standing: job, state: state, width: width)
        let title = TextLine("\(job.record.name): best so far over candidates", .title, .bold)
        guard let chart = text.bestSoFar else {
            return Document(blocks + [.text([TextLine(), title, TextLine("no candidate has ended yet", .muted)])])
        }
        let rect = Rect(x: 0, y: 0, width: width - 2, height: min(room, 24))
        return Document(
            blocks + [.text([TextLine()]), .charts([DocumentChart(title: title, in: rect, chart)], height: rect.height)])
    }

    private func table(_ jobs: [AutoMLStanding], width: Int) -> DocumentTable {
        let columns = [
            TableColumn(title: "job", width: min(32, max(8, jobs.map { TextWidth.of($0.record.name) }.max() ?? 8)), priority: 0),
            TableColumn(title: "status", width: 13, priority: 1),
            TableColumn(title: "candidates", width: 10, isRight: true, priority: 3),
            TableColumn(title: "average", width: 10, isRight: true, priority: 2),
            TableColumn(title: "objective", width: 22, priority: 5), TableColumn(title: "target", width: 16, priority: 6),
            TableColumn(title: "data", width: 40, priority: 7, isFlexible: true, least: 12, most: 60),
        ]
        let cells = jobs.map { job -> [TableCell] in
            let record = job.record
            return [
                TableCell(text: record.name, role: .accent, attributes: .bold),
                TableCell(text: "\(record.status.glyph) \(record.statusWord)", role: record.status.role),
                TableCell(text: "\(job.ended)"),
                TableCell(text: record.ensemble.map { NumberFormat.significant($0.value) } ?? "–", role: .good),
                TableCell(text: record.objective.metric.text, role: .muted),
                TableCell(text: record.request.job.target ?? "", role: .muted),
                TableCell(text: String(record.request.job.datasetPath.split(separator: "/").last ?? ""), role: .muted),
            ]
        }
        return DocumentTable("automl jobs", columns, cells, links: jobs.map { ObjectLink.automl($0.record.id) }, width: width)
    }
}

extension AutoMLRecord {
    /// The status in a word; a job whose process is gone says so.
    package var statusWord: String { status == .stopped && reason == .interrupted ? "interrupted" : status.word }
}
