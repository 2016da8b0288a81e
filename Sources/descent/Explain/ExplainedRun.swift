import Cells
import Events
import Experiments
import Explaining
import Numerics
import Studio
import Synchronization
import Tables
import Training

/// A run's model with the data to explain it on, kept between the studio's questions.
struct ExplainedRun: Sendable {
    let run: RunID
    let model: Model
    let table: Table
    let explainer: ModelExplainer
    let options = ModelExplainer.Options()
    let notes: [String]

    /// Rows that stand for absent columns of models that have no way of their own.
    private static let backgroundRows = 50

    private init(_ summary: RunSummary, _ workspace: Workspace) throws {
        run = summary.record.id
        guard let model = try Model.load(fromFolder: workspace.artifactFolder(of: run.text)) else {
            throw CommandError.failed(
                "\(summary.record.name) has no model yet (\(summary.status.rawValue)): it is explained when it is done")
        }
        self.model = model
        let request = summary.record.request
        var notes: [String] = []
        let path = request.validationPath ?? request.datasetPath
        do { table = try model.read(path) } catch {
            throw CommandError.failed("the run's data cannot be read any more, and an explanation is of rows: \(error)")
        }
        if request.validationPath == nil { notes.append("The rows are of the data that the model was trained and judged on.") }
        let plain = try ModelExplainer(model, background: nil)
        if plain.needsBackground(options) {
            let isSum = plain.method(options) == .linear
            let background = try Background(
                table, of: model, choice: isSum ? .all : .rows(Self.backgroundRows), name: "the rows of \(path)")
            explainer = try ModelExplainer(model, background: background)
        } else {
            explainer = plain
        }
        self.notes = notes
    }

    private static let last = Mutex<ExplainedRun?>(nil)

    /// The run's, read anew where another was asked for before or it went on training.
    static func of(_ id: RunID, _ store: RunStore) throws -> ExplainedRun {
        if let known = last.withLock({ $0 }), known.run == id { return known }
        guard let summary = try store.run(id) else { throw CommandError.failed("there is no such run any more") }
        let made = try ExplainedRun(summary, store.workspace)
        // A run that trains has another model soon.
        if summary.status.isFinal { last.withLock { $0 = made } }
        return made
    }

    /// What is predicted of a row, in words.
    func words(_ table: Table) throws -> String {
        let columns = try model.predict(table)
        guard let first = columns.first?.texts.first else { return "" }
        let scores = columns.dropFirst().first { $0.name == "score" || $0.name == "score_\(first)" }
        guard let score = scores?.texts.first.flatMap(Double.init) else { return Self.number(first) }
        let isSecond = model.target?.classes?.last == first || model.scoreCount > 1
        return "\(first) (\(NumberFormat.percent(isSecond ? score : 1 - score, decimals: 1)))"
    }

    private static func number(_ text: String) -> String { Double(text).map { NumberFormat.significant($0) } ?? text }
}
