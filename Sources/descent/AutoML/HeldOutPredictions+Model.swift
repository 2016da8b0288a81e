import AutoML
import Experiments
import Events
import Files
import Tables
import Training

extension HeldOutPredictions {
    /// What a run's models of folds predict; nil where it has none.
    /// - Throws: `CommandError` with what is wrong with them.
    init?(ofFolds run: RunID, classes: [String]?, in workspace: Workspace) throws {
        let path = workspace.artifactFolder(of: run.text) + "/" + OutOfFold.fileName
        guard let text = FileContents.text(path, atMost: .max) else { return nil }
        do { try self.init(outOfFold: text, classes: classes) } catch { throw CommandError.failed(error.description) }
    }

    /// What a model predicts of those rows of a table that have a target that it knows.
    ///
    /// - Parameters:
    ///   - rows: places of those to look at; nil = all.
    ///   - path: the table's file, for what is said.
    init(of model: Model, _ table: Table, rows: [Int]? = nil, path: String) throws {
        guard let target = model.target else { throw CommandError.failed("it predicts nothing") }
        let usable = try target.usableRows(table, rows: rows ?? Array(0..<table.rowCount)).rows
        let numbers = try target.encodeAdmittingUnseen(table, rows: usable).targets
        let known = usable.indices.filter { place in target.classes.map { Double(numbers[place]) < Double($0.count) } ?? true }
        guard !known.isEmpty else {
            throw CommandError.data("\(path): no row has a \(target.column) that training has: give others")
        }
        let kept = known.map { usable[$0] }
        let outputs = try model.predict(try model.prepared(table).selecting(rows: kept))
        let columns = (target.classes == nil ? outputs : Array(outputs.dropFirst())).map { column -> [Double] in
            switch column.values {
            case .numbers(let values): values.map(Double.init)
            case .doubles(let values): values
            case .labels: []
            }
        }
        self.init(
            rows: kept.map { $0 + 1 }, folds: kept.map { _ in 1 },
            expected: known.map { Double(numbers[$0]) + (target.classes == nil ? target.origin : 0) },
            predicted: kept.indices.flatMap { row in columns.map { $0[row] } })
    }
}
