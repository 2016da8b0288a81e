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
    /// When the model's training had ended.
    let finishedAt: Double?
    let model: Model
    let table: Table
    let explainer: ModelExplainer
    let options: ModelExplainer.Options
    let notes: [String]

    /// Rows that stand for absent columns of models that have no way of their own.
    private static let backgroundRows = 50

    private init(_ summary: RunSummary, _ workspace: Workspace) throws {
        (run, finishedAt) = (summary.record.id, summary.finishedAt)
        guard let model = try Model.load(fromFolder: workspace.artifactFolder(of: run.text)) else {
            throw CommandError.failed(
                "\(summary.record.name) has no model yet (\(summary.status.rawValue)): it is explained when it is done")
        }
        self.model = model
        let request = summary.record.request
        var notes: [String] = []
        let path = request.validationPath ?? request.datasetPath
        do { table = try model.readPrepared(path) } catch {
            throw CommandError.failed("the run's data cannot be read any more, and an explanation is of rows: \(error)")
        }
        if request.validationPath == nil { notes.append("The rows are of the data that the model was trained and judged on.") }
        let plain = try ModelExplainer(model, background: nil)
        var options = ModelExplainer.Options()
        // Values come at once, also where many columns would need many coalitions.
        if plain.isLayered, plain.method(options) == .kernel { options.method = .deep }
        self.options = options
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
        guard let summary = try store.run(id) else { throw CommandError.failed("there is no such run any more") }
        if let known = last.withLock({ $0 }), known.run == id, known.finishedAt == summary.finishedAt { return known }
        let made = try ExplainedRun(summary, store.workspace)
        // A run that trains has another model soon.
        if summary.status.isFinal { last.withLock { $0 = made } }
        return made
    }
}
