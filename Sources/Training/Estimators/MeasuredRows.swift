import Events
import Learners
import Numerics
import Tables

/// Rows that a model can be measured on, whose numbers may be exchanged.
package struct MeasuredRows: Sendable {
    var data: LabelledMatrix

    /// The columns' numbers.
    package var numbers: Matrix { data.features }

    package func with(_ numbers: Matrix) -> MeasuredRows {
        var copy = self
        copy.data.features = numbers
        return copy
    }
}

extension Model {
    /// The rows of a table that have a target the model knows.
    ///
    /// - Throws: `badData`, among others when no row has a target.
    package func measuredRows(of table: Table) throws(TrainingError) -> MeasuredRows {
        guard let target else { throw TrainingError(.badData, "the model predicts no column", operation: "measure") }
        do throws(TableError) {
            let rows = try target.usableRows(table, rows: Array(0..<table.rowCount)).rows
            guard !rows.isEmpty else {
                throw TableError(.noRows, "no row has a \(target.column): give rows whose outcome is known")
            }
            var data = LabelledMatrix(features: try pipeline.transform(table, rows: rows), targets: [])
            data.targets = try target.encodeAdmittingUnseen(table, rows: rows).targets
            data.targetOrigin = target.origin
            return MeasuredRows(data: data)
        } catch {
            throw TrainingError(.badData, error.description, operation: "measure")
        }
    }

    /// One of the model's metrics on rows.
    ///
    /// - Parameter metric: nil = the loss.
    /// - Throws: `badRequest` for a metric that there is not, or whose direction is not known; `badData`.
    package func measure(
        _ rows: MeasuredRows, metric: String?
    ) throws(TrainingError) -> (name: String, value: Double, minimises: Bool) {
        var data = rows.data
        for step in steps { data.features = try step.transform(data.features) }
        let found = try evaluation(on: data, split: "test").metrics, wanted = metric ?? "loss"
        guard let value = found[MetricName(split: "test", metric: wanted)] else {
            let known = found.keys.map { String($0.text.dropFirst("test:".count)) }.sorted().joined(separator: ", ")
            throw TrainingError(.badRequest, "the model has no metric '\(wanted)': it has \(known)", operation: "measure")
        }
        let direction = MetricName(split: "test", metric: wanted).direction
        guard direction != .unknown else {
            throw TrainingError(
                .badRequest, "whether more or less \(wanted) is better is not known: take another", operation: "measure")
        }
        return (wanted, value, direction == .minimised)
    }
}
