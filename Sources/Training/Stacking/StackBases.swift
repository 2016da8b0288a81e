import AutoML
import Events
import Files
import JSON
import Learners
import Numerics
import Tables

/// The models that another one learns from: what each predicted of the rows that it did not learn from, and the model itself, for rows to come.
package struct StackBases: Sendable {
    /// One of them.
    package struct Base: Sendable {
        /// What its predictions are called among the features.
        package var name: String
        /// The average of its folds' models.
        package var model: Model
        package var held: HeldOutPredictions

        package init(name: String, model: Model, held: HeldOutPredictions) {
            (self.name, self.model, self.held) = (name, model, held)
        }
    }

    package let bases: [Base]
    /// Where a row of the file stands among the predictions, by its number from 0.
    private let places: [Int: Int]

    /// - Throws: `badRequest` where they were not judged by the same rows in the same folds.
    package init(_ bases: [Base]) throws(TrainingError) {
        guard let first = bases.first else { throw Self.fault("there are no models to learn from") }
        for base in bases where !base.held.judgesSameRows(as: first.held) {
            throw Self.fault(
                "\(base.name) was judged by other rows or folds than \(first.name): take runs of the same data, folds and seed")
        }
        self.bases = bases
        places = Dictionary(first.held.rows.enumerated().map { ($1 - 1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads what runs of folds left.
    ///
    /// - Parameter folder: of the run that is to learn from them; theirs lie beside it.
    /// - Throws: `badRequest` where one is gone, or left no predictions of held-out rows.
    init(_ runs: [String], beside folder: String) throws(TrainingError) {
        let place = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        try self.init(
            try runs.map { run throws(TrainingError) in
                let own = place + "/" + run
                guard run.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
                    throw Self.fault("'\(run)' is no run to learn from: give ids of runs")
                }
                guard let model = try Model.load(fromFolder: own, named: Model.foldsFileName),
                    let text = FileContents.text(own + "/" + OutOfFold.fileName, atMost: .max)
                else {
                    throw Self.fault("the run \(run), whose predictions are learned from, is gone or left no models of folds")
                }
                let held: HeldOutPredictions
                do throws(HeldOutPredictions.Fault) {
                    held = try HeldOutPredictions(outOfFold: text, classes: model.target?.classes)
                } catch { throw Self.fault("\(run): \(error.description)") }
                return Base(name: Self.name(of: run, in: own), model: model, held: held)
            })
    }

    private static func fault(_ message: String) -> TrainingError {
        TrainingError(.badRequest, message, operation: "stack models")
    }

    /// A run's name; its id where the copy of its row is not there.
    private static func name(of run: String, in folder: String) -> String {
        guard let text = FileContents.text(folder + "/run.json", atMost: 1 << 24) else { return run }
        do { return try JSONValue(parsing: text)["name"]?.string ?? run } catch { return run }
    }

    /// Numbers that a base says of a row: one, or one a class.
    private var width: Int { bases[0].held.predicted.count / max(1, bases[0].held.rows.count) }

    /// A name for each number.
    var names: [String] {
        bases.flatMap { base in
            guard width > 1, let classes = base.model.target?.classes else { return ["prediction of \(base.name)"] }
            return classes.map { "\($0) by \(base.name)" }
        }
    }

    /// What the bases predicted of rows that they did not learn from.
    ///
    /// - Parameters:
    ///   - rows: by their numbers in the file, from 0.
    ///   - origin: what a regressor's targets are less by.
    /// - Shape: returns [rows, names.count].
    /// - Throws: `valueUnusable` where a row has no predictions.
    func predictions(of rows: [Int], origin: Double) throws(TableError) -> Matrix {
        let found = rows.compactMap { places[$0] }
        guard found.count == rows.count else {
            throw TableError(
                .valueUnusable,
                "\(rows.count - found.count) rows were not held out by the models to learn from: take runs that hold each row out once"
            )
        }
        let width = width, total = names.count
        return Matrix(rowCount: rows.count, columnCount: total) { target in
            for (row, place) in found.enumerated() {
                for (index, base) in bases.enumerated() {
                    for offset in 0..<width {
                        target[row * total + index * width + offset] = Float(base.held.predicted[place * width + offset] - origin)
                    }
                }
            }
        }
    }

    /// Holds a fold to those of the bases: a row that is held out must be held out by models that saw none of the fold.
    ///
    /// - Throws: `valueUnusable`.
    func check(heldOut rows: [Int]) throws(TableError) {
        let held = bases[0].held, folds = Set(rows.compactMap { places[$0].map { held.folds[$0] } })
        guard folds.count == 1, let fold = folds.first, held.folds.count(where: { $0 == fold }) == rows.count else {
            throw TableError(
                .valueUnusable, "the folds are others than those of the models to learn from: give the same folds and seed")
        }
    }
}
