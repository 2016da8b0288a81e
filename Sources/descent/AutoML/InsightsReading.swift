import AutoML
import Events
import Experiments
import Learners
import Training

/// Insights into runs and AutoML jobs, from what they predict of rows that they did not learn from.
enum InsightsReading {
    /// - Throws: `CommandError` and `TrainingError` with why a run cannot be judged so.
    static func insights(of run: RunRecord, in workspace: Workspace) throws -> ModelInsights {
        let (model, held) = try heldOut(run, in: workspace)
        return insights(held, model, name: run.name)
    }

    /// Of a job's average: its members' predictions, averaged as it is.
    static func insights(of record: AutoMLRecord, _ candidates: [AutoMLCandidate], _ store: RunStore, in workspace: Workspace)
        throws
        -> ModelInsights
    {
        let members = candidates.filter { $0.weight > 0 }
        let found = try members.map { member -> (model: Model, held: HeldOutPredictions) in
            guard let run = try store.run(member.run) else {
                throw CommandError.failed("\(member.name) is gone, so what the average of \(record.name) predicted is not known")
            }
            return try heldOut(run.record, in: workspace)
        }
        guard let first = found.first,
            let average = HeldOutPredictions.average(found.map { $0.held }, weights: members.map(\.weight))
        else { throw CommandError.failed("\(record.name) has no average yet: a candidate must end first") }
        guard found.allSatisfy({ $0.held.judgesSameRows(as: first.held) }) else {
            throw CommandError.failed(
                "the models of \(record.name) were judged by different rows: the data has changed meanwhile")
        }
        return insights(average, first.model, name: record.name)
    }

    private static func insights(_ held: HeldOutPredictions, _ model: Model, name: String) -> ModelInsights {
        let classes = model.target?.classes ?? []
        let task: LearningTask = classes.isEmpty ? .regressor : classes.count == 2 ? .binaryClassifier : .multiclassClassifier
        return ModelInsights(held, task: task, classes: classes, target: model.target?.column ?? "", model: name)
    }

    private static func heldOut(_ run: RunRecord, in workspace: Workspace) throws -> (model: Model, held: HeldOutPredictions) {
        if run.request.isScript {
            throw CommandError.failed("\(run.name) is a script's run, whose model only the script can read")
        }
        let folder = workspace.artifactFolder(of: run.id.text)
        if run.request.folds != nil {
            guard let model = try Model.load(fromFolder: folder) else {
                throw CommandError.failed("\(run.name) has no model yet")
            }
            if let held = try HeldOutPredictions(ofFolds: run.id, classes: model.target?.classes, in: workspace) {
                return (model, try checked(held, model, run))
            }
            throw CommandError.failed("\(run.name) left no out-of-fold predictions")
        }
        let judged = try HeldOutComparing.judged(.init(record: run, folder: folder), countsAlike: true)
        let path = run.request.validationPath ?? run.request.datasetPath
        let held = try HeldOutPredictions(of: judged.model, judged.table, rows: judged.rows, path: path)
        return (judged.model, try checked(held, judged.model, run))
    }

    private static func checked(_ held: HeldOutPredictions, _ model: Model, _ run: RunRecord) throws(CommandError)
        -> HeldOutPredictions
    {
        guard model.target != nil else {
            throw .failed("\(run.name) predicts no column, so there is nothing to judge it by: choose another run")
        }
        guard model.target?.classes == nil || held.predicted.allSatisfy((0...1).contains) else {
            throw .failed("\(run.name) gives no probabilities: descent evaluate says how good it is")
        }
        return held
    }
}
