import Events
import Learners
import Tables

extension Model {
    /// The metrics of `evaluation(of:)`, by names `test:…`.
    /// - Throws: as `evaluation(of:)`.
    public func evaluate(_ table: Table) throws(TrainingError) -> [MetricName: Double] { try evaluation(of: table).metrics }

    /// Measures the model on a table that has the target, if it has one. Rows without it, or of weight 0, are left out; those of
    /// classes that training did not have count as wrong. Metrics are called `test:…`.
    /// - Throws: `badData`, among others when no row has a target.
    public func evaluation(of table: Table) throws(TrainingError) -> ModelEvaluation {
        do {
            var rows = Array(0..<table.rowCount), notes: [TableWarning?] = []
            if let target {
                let usable = try target.usableRows(table, rows: rows)
                rows = usable.rows
                notes.append(usable.warning)
                if rows.isEmpty {
                    throw TableError(
                        .noRows, "no row has a \(target.column): give rows whose outcome is known, or ask for predictions",
                        path: table.path.isEmpty ? nil : table.path)
                }
            }
            let weight = weight.flatMap { table.column(named: $0)?.name }
            if let own = self.weight, weight == nil {
                notes.append(
                    TableWarning(.rowWeights, column: own, "there are no row weights '\(own)' here: every row counts the same"))
            }
            let counted = try RowWeights.countedRows(table, column: weight, rows: rows)
            rows = counted.rows
            notes += [counted.warning, try RowWeights.note(table, column: weight, rows: rows)]
            var data = LabelledMatrix(unlabelled: try features(table, rows: rows))
            let admitted = try target?.encodeAdmittingUnseen(table, rows: rows)
            if let admitted { data.targets = admitted.targets }
            data.targetOrigin = target?.origin ?? 0
            notes.append(admitted?.warning(column: target?.column ?? ""))
            if let weight { data.weights = try RowWeights.read(table, column: weight, rows: rows) }
            var result = try evaluation(on: data, split: "test", unseen: admitted?.unseen ?? [])
            result.notes = notes.compactMap { $0?.message } + result.notes
            return result
        } catch let error as TrainingError {
            throw error
        } catch {
            throw TrainingError(.badData, "\(error)", operation: "evaluate")
        }
    }

    /// Measures the model on prepared rows, in detail.
    ///
    /// - Parameter unseen: classes behind those of the model that targets have.
    func evaluation(
        on data: LabelledMatrix, split: String, unseen: [String] = []
    ) throws(TrainingError) -> ModelEvaluation {
        do throws(LearnerError) {
            var entries = try learned.metrics(on: data), notes: [String] = []
            if entries.contains(where: { $0.name == "mape" && $0.value.isNaN }) {
                let count = data.targets.count { Double($0) + data.targetOrigin == 0 }
                notes.append(
                    "mape is left out: \(count) of the targets \(count == 1 ? "is" : "are") 0, and no error is relative to that")
                entries.removeAll { $0.name == "mape" }
            }
            if let note = learned.lossNote { notes.append(note) }
            let named = { (entries: [Metrics.Entry]) in
                Dictionary(
                    entries.map { (MetricName(split: split, metric: $0.name), $0.value) }, uniquingKeysWith: { $1 })
            }
            var result = ModelEvaluation(rowCount: data.rowCount, metrics: named(entries))
            result.notes = notes
            if let baseline {
                let names = Set(entries.map(\.name))
                result.baseline = named(baseline.entries(of: learned, on: data).filter { names.contains($0.name) })
            }
            if let classes = target?.classes.map({ $0 + unseen }) {
                result.describe(
                    try learned.confusion(on: data, classCount: classes.count), classes: classes,
                    isBinary: learned.task == .binaryClassifier)
            }
            return result
        } catch {
            throw TrainingError(.badData, error.message, operation: "evaluate")
        }
    }
}

extension ModelEvaluation {
    /// Tells how well classes are told apart.
    mutating func describe(_ matrix: ConfusionMatrix, classes names: [String], isBinary: Bool) {
        let (precisions, recalls, scores) = (matrix.precisions, matrix.recalls, matrix.fScores(beta: 1))
        confusion = names.indices.map { row in Array(matrix.counts[row * names.count..<(row + 1) * names.count]) }
        classes = names.enumerated().map { index, name in
            ClassScore(
                name: name, precision: precisions[index], recall: recalls[index], f1: scores[index],
                support: confusion[index].reduce(0, +))
        }
        positiveClass = isBinary ? names[1] : nil
    }
}
