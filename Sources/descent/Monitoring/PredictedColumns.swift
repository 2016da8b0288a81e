import Inference
import Monitoring
import Tables
import Training

/// What a model says, as columns of the data that it says it of.
enum PredictedColumns {
    /// What stands for a prediction among columns that may be called so themselves.
    static let prediction = "prediction", score = "score"

    private static func name(_ plain: String, beside columns: [String]) -> String {
        columns.contains(plain) ? plain + " (answered)" : plain
    }

    /// The columns of a model's predictions for some rows: the class or the number, and of two classes the score of the second.
    static func columns(of model: Model, _ table: Table) throws -> [Column] {
        let names = table.columns.map(\.name)
        return try model.predict(table).compactMap { output in
            guard output.name == prediction || output.name == score else { return nil }
            return Column(output, name: name(output.name, beside: names))
        }
    }

    /// Puts what was answered beside what was asked, where the baseline knows what the model said of rows that it held out.
    ///
    /// - Parameter answers: row by row; nil where it is not known.
    static func add(_ answers: [ReplyRow?], to table: Table, _ baseline: inout Baseline, _ notes: inout [String]) -> Table {
        let names = table.columns.map(\.name), known = Set(baseline.constraints.features.map(\.name))
        var columns: [Column] = []
        for plain in [prediction, score] {
            let own = name(plain, beside: names)
            guard known.contains(own), !names.contains(own), table.rowCount == answers.count, table.rowCount > 0 else { continue }
            guard answers.contains(where: { $0 != nil }) else {
                baseline.constraints.features.removeAll { $0.name == own }
                notes.append("answers are not captured, so that \(own) is not compared")
                continue
            }
            let isText = baseline.statistics.feature(own)?.texts != nil
            columns.append(
                isText
                    ? Column(own, texts: answers.map { $0?.label })
                    : Column(name: own, kind: .numeric, storage: .numbers(answers.map { $0?.number(plain) ?? .nan })))
        }
        guard !columns.isEmpty else { return table }
        return table.replacing(columns: table.columns + columns)
    }
}

extension ReplyRow {
    /// A score, or a prediction that is a number, be it a class.
    fileprivate func number(_ name: String) -> Double? {
        name == PredictedColumns.prediction ? label.flatMap(Double.init) ?? scores.first : scores.first
    }
}
