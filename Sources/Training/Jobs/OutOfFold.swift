import Events
import Learners
import PrintableText
import Tables

/// What the models of folds make of the rows that they did not learn from.
package struct OutOfFold {
    /// The predictions' file in a run's folder.
    package static let fileName = "out-of-fold.csv"

    private let trainer: FoldedTrainer
    private let preparation: Preparation

    init(_ trainer: FoldedTrainer, _ preparation: Preparation) { (self.trainer, self.preparation) = (trainer, preparation) }

    /// `validation:` metrics: the mean over the folds, and as `…@sd` the standard deviation among them.
    func metrics() throws(TrainingError) -> [MetricName: Double] {
        var metrics: [MetricName: Double] = [:]
        do throws(LearnerError) {
            for (name, spread) in try trainer.heldOutMetrics() {
                metrics[MetricName(split: "validation", metric: name)] = spread.mean
                metrics[MetricName(split: "validation", metric: name + "@sd")] = spread.deviation
            }
        } catch {
            throw TrainingError(.badData, error.message, operation: "evaluate")
        }
        return metrics
    }

    /// How good the models of the folds are on the rows they did not learn from, in detail.
    ///
    /// - Parameter metrics: as `metrics` gives them.
    func evaluation(metrics: [MetricName: Double]) throws(TrainingError) -> ModelEvaluation {
        let classes = preparation.encoding?.classes, parts = zip(preparation.folds, trainer.folds)
        var result = ModelEvaluation(
            rowCount: trainer.folds.reduce(0) { $0 + $1.heldOut.rowCount },
            metrics: metrics.filter { !$0.key.metric.contains("@") })
        do throws(LearnerError) {
            var matrix = ConfusionMatrix(expected: [], predicted: [], classCount: classes?.count ?? 0)
            for (part, fold) in parts {
                let model = fold.trainer.model
                for entry in TrainingBaseline(part.training, classCount: classes?.count).entries(of: model, on: fold.heldOut) {
                    let name = MetricName(split: "validation", metric: entry.name)
                    if result.metrics[name] != nil {
                        result.baseline[name, default: 0] += entry.value / Double(trainer.folds.count)
                    }
                }
                if let classes { matrix.add(try model.confusion(on: fold.heldOut, classCount: classes.count)) }
            }
            if let classes { result.describe(matrix, classes: classes, isBinary: preparation.task == .binaryClassifier) }
        } catch {
            throw TrainingError(.badData, error.message, operation: "evaluate")
        }
        return result
    }

    /// The models of the folds as one that averages them; nil where they cannot be averaged.
    func averagedModel(_ algorithm: String) throws(TrainingError) -> Model? {
        let models = zip(preparation.folds, trainer.folds).map { rows, fold in
            (model: Model(algorithm: algorithm, data: preparation, rows: rows, learned: fold.trainer.model), weight: 1.0)
        }
        guard let first = models.first?.model, first.canBeAveraged else { return nil }
        if let bases = preparation.bases { return try Model.stacked(models.map(\.model), on: bases.bases.map(\.model)) }
        return try Model.average(models)
    }

    func write(toFolder folder: String) throws(TrainingError) {
        try JobFile.write(Array(try text().utf8), to: folder + "/" + Self.fileName)
    }

    /// A line a row: its number in the file from 1, the fold that held it out from 1, its target, and what was predicted.
    func text() throws(TrainingError) -> String {
        let classes = preparation.encoding?.classes, origin = preparation.encoding?.origin ?? 0
        var lines: [(row: Int, text: String)] = [], header = ""
        do throws(LearnerError) {
            for (index, part) in preparation.folds.enumerated() {
                let fold = trainer.folds[index]
                let outputs = try fold.trainer.model.outputs(fold.heldOut.features, classes: classes ?? []).map {
                    $0.adding(origin)
                }
                header = (["row", "fold", preparation.encoding?.column ?? "target"] + outputs.map(\.name)).map(\.csvCell)
                    .joined(separator: ",")
                let texts = outputs.map(\.texts)
                for (position, row) in part.heldOut.enumerated() {
                    let target = fold.heldOut.targets[position]
                    let number = origin == 0 ? "\(target)" : "\(Double(target) + origin)"
                    let expected = classes.map { $0[Int(nearestWithin: target)] } ?? number
                    let cells = ["\(row + 1)", "\(index + 1)", expected] + texts.map { $0[position] }
                    lines.append((row, cells.map(\.csvCell).joined(separator: ",")))
                }
            }
        } catch {
            throw TrainingError(.badData, error.message, operation: "predict")
        }
        return ([header] + lines.sorted { $0.row < $1.row }.map(\.text)).joined(separator: "\n") + "\n"
    }
}
