import AutoML
import Clocks
import Events
import Experiments
import Files
import Learners
import Tables
import Training

/// The candidates of an AutoML job that have ended: what they predict of rows that they did not learn from, and how they are averaged.
struct CandidateEnsemble {
    private let setup: AutoMLSetup
    private let workspace: Workspace
    private var members: [(number: Int, run: RunID, predictions: HeldOutPredictions)] = []
    /// Models of members, as they are averaged.
    private var models: [Int: Model] = [:]
    private var error: Double?
    /// How much each candidate counts now, by its number.
    private(set) var weights: [Int: Double] = [:]
    /// The validation file's rows; nil until they are read, and where there is none.
    private var judging: Table?
    /// Rows on which predicting is timed.
    private let sample: Table

    private static let sampleSize = 1_000

    init(_ setup: AutoMLSetup, workspace: Workspace) {
        (self.setup, self.workspace) = (setup, workspace)
        let table = setup.outlook.table
        sample = table.selecting(rows: Array(0..<min(Self.sampleSize, table.rowCount)))
    }

    var isEmpty: Bool { members.isEmpty }

    private var objective: SelectionObjective { setup.problem.objective }

    /// How good a candidate is.
    struct Worth {
        var value: Double
        var spread: Double?
        var predictMilliseconds: Double
    }

    /// Takes in a candidate whose run has left a model.
    /// - Throws: `CommandError` where what it left cannot be used.
    mutating func add(_ candidate: AutoMLCandidate) throws -> Worth {
        let model = try model(of: candidate.run)
        let predictions = try predictions(of: candidate.run, model)
        if let first = members.first?.predictions {
            guard first.judgesSameRows(as: predictions) else {
                throw CommandError.failed("it was judged by other rows than the others: the data has changed meanwhile")
            }
        }
        let (value, spread) = predictions.worth(objective)
        guard value.isFinite else { throw CommandError.failed("its \(objective.metric) is no finite number") }
        let time = try Self.milliseconds(model, on: sample)
        members.append((candidate.number, candidate.run, predictions))
        models[candidate.number] = model
        return Worth(value: value, spread: spread, predictMilliseconds: time)
    }

    /// Averages anew.
    /// - Returns: whether the average is better than it was.
    mutating func select() -> Bool {
        let objective = objective, expected = members[0].predictions.expected
        let found = EnsembleSelection(members.map(\.predictions.predicted), width: objective.width) {
            objective.error($0, expected)
        }
        guard let now = found.error, error.map({ now < $0 }) ?? true else { return false }
        let before = weights
        error = now
        weights = Dictionary(uniqueKeysWithValues: zip(members.map(\.number), found.weights)).filter { $0.value > 0 }
        // Errors are rounded where there is a choice: the same average is none that is better.
        return weights != before
    }

    /// Writes the average into the job's folder as a model, and says how good it is.
    func save(_ record: AutoMLRecord) throws -> AutoMLEnsemble {
        let counted = members.filter { weights[$0.number] != nil }
        let average = HeldOutPredictions.average(counted.map(\.predictions), weights: counted.map { weights[$0.number] ?? 0 })
        let parts = counted.compactMap { member in models[member.number].map { ($0, weights[member.number] ?? 0) } }
        guard let worth = average?.worth(objective) else { throw CommandError.failed("no candidate counts") }
        return try Self.save(parts, worth, record, in: workspace, sample: sample)
    }

    /// Writes an average of models as what a job's name predicts by.
    static func save(
        _ parts: [(model: Model, weight: Double)], _ worth: (value: Double, spread: Double?), _ record: AutoMLRecord,
        in workspace: Workspace, sample: Table
    ) throws -> AutoMLEnsemble {
        let model = try Model.average(parts), folder = workspace.artifactFolder(of: record.id)
        try model.save(toFolder: folder)
        let size = FileStamp(folder + "/" + Model.fileName)?.size ?? 0
        return AutoMLEnsemble(
            value: worth.value, spread: worth.spread, predictMilliseconds: try milliseconds(model, on: sample), size: size)
    }

    /// What the first of some candidates predicts of the rows that it did not learn from; nil where none is a member.
    func held(_ numbers: [Int]) -> HeldOutPredictions? { members.first { numbers.contains($0.number) }?.predictions }

    /// The models of a run's folds; the run's own where there are none.
    private func model(of run: RunID) throws -> Model { try Self.model(of: run, in: workspace) }

    static func model(of run: RunID, in workspace: Workspace) throws -> Model {
        let folder = workspace.artifactFolder(of: run.text)
        if let folds = try Model.load(fromFolder: folder, named: Model.foldsFileName) { return folds }
        guard let own = try Model.load(fromFolder: folder) else { throw CommandError.failed("it left no model") }
        return own
    }

    /// The rows to time predictions on.
    var timedRows: Table { sample }

    private mutating func predictions(of run: RunID, _ model: Model) throws -> HeldOutPredictions {
        if let path = setup.request.job.validationPath { return try predictions(of: path, model) }
        guard let found = try HeldOutPredictions(ofFolds: run, classes: model.target?.classes, in: workspace) else {
            throw CommandError.failed("it left no out-of-fold predictions")
        }
        return found
    }

    /// What a model predicts of the rows of a validation file that have a target that it knows.
    private mutating func predictions(of path: String, _ model: Model) throws -> HeldOutPredictions {
        let table: Table
        if let judging { table = judging } else { table = try model.read(path) }
        judging = table
        return try HeldOutPredictions(of: model, table, path: path)
    }

    /// Milliseconds that a row takes, where many are predicted at a time.
    private static func milliseconds(_ model: Model, on table: Table) throws -> Double {
        let start = SteadyClock.nanoseconds()
        _ = try model.predict(table)
        return Double(SteadyClock.nanoseconds() - start) * 1e-6 / Double(max(1, table.rowCount))
    }
}
