import Cells
import Events
import Experiments
import Fairness
import Learners
import Tables
import Training

/// A run's model with the rows that its treatment of groups is measured on: those that it was not trained on, where that is known.
struct JudgedRun {
    let model: Model
    let table: Table
    /// Places of the held-out rows; nil = all rows of the table, as which were held out is not known.
    let rows: [Int]?
    let notes: [String]
    /// What the model says of every row of the table.
    let predicted: [OutputColumn]

    /// - Throws: a command's error where there is no model or no data.
    init(_ summary: RunSummary, _ workspace: Workspace) throws {
        let folder = workspace.artifactFolder(of: summary.record.id.text)
        do throws(TrainingError) {
            let judged = try HeldOutComparing.judged(.init(record: summary.record, folder: folder), countsAlike: true)
            let note = summary.record.request.weight.map { "each row counts once, although the run weighs them by \($0)" }
            (model, table, rows, notes) = (judged.model, judged.table, judged.rows, [note].compactMap { $0 })
        } catch {
            guard let model = try Model.load(fromFolder: folder) else {
                throw CommandError.failed(
                    "\(summary.record.name) has no model yet (\(summary.status.rawValue)): measure it when it is done")
            }
            let request = summary.record.request
            (self.model, rows) = (model, nil)
            table = try model.read(request.validationPath ?? request.datasetPath, options: try ReadOptions(request.reading))
            notes = ["measured on all rows, those of training among them: \(error.message)"]
        }
        predicted = try model.predict(table)
    }

    private init(_ other: JudgedRun, on table: Table, rows: [Int]) throws {
        (model, self.table, self.rows, notes) = (other.model, table, rows, other.notes)
        predicted = table.path == other.table.path ? other.predicted : try model.predict(table)
    }

    /// The same model on the rows that are not held out.
    ///
    /// - Throws: where its training file cannot be read any more.
    func onOtherRows(_ request: JobRequest) throws -> JudgedRun {
        guard request.validationPath == nil else {
            let table = try model.read(request.datasetPath, options: try ReadOptions(request.reading))
            return try JudgedRun(self, on: table, rows: Array(0..<table.rowCount))
        }
        let heldOut = Set(rows ?? [])
        return try JudgedRun(self, on: table, rows: (0..<table.rowCount).filter { !heldOut.contains($0) })
    }

    /// Why bias cannot be mended and measured; nil where it can.
    var obstacleToRemedies: String? {
        if model.target?.classes?.count != 2 {
            return "it does not choose between two classes, and a remedy needs a run that does"
        }
        guard rows == nil else { return nil }
        return "a remedy cannot be measured on held-out rows (\(notes.first ?? "no rows were held out")): give another run"
    }

    var rowsInWords: String {
        rows.map { "\(NumberFormat.grouped($0.count)) rows that the model was not trained on" }
            ?? "all \(NumberFormat.grouped(table.rowCount)) rows"
    }

    /// Which predictions are positive.
    func positives(_ study: BiasStudy) throws(FairnessError) -> [Bool] {
        guard let first = predicted.first else {
            throw FairnessError(.badRequest, "the model predicts nothing: give one that does")
        }
        return try study.positives(of: Column(first, name: study.label))
    }

    /// The score of being positive for each row, and from which on the model says so; nil where it has no score of two classes, or both
    /// or neither of them are positive.
    func scores(_ study: BiasStudy) throws(FairnessError) -> PositiveScores? {
        guard let classes = model.target?.classes, classes.count == 2,
            let column = predicted.first(where: { $0.name == "score" })
        else { return nil }
        let isPositive = try study.positives(
            of: Column(name: study.label, kind: .categorical, storage: .codes([0, 1], dictionary: classes)))
        guard isPositive[0] != isPositive[1] else { return nil }
        let values: [Double]
        switch column.values {
        case .numbers(let numbers): values = numbers.map(Double.init)
        case .doubles(let numbers): values = numbers
        case .labels: return nil
        }
        // Of the first class a low score speaks.
        return isPositive[1]
            ? PositiveScores(values: values, threshold: model.scoreThreshold, isTurned: false)
            : PositiveScores(values: values.map { -$0 }, threshold: -model.scoreThreshold, isTurned: true)
    }

    /// The rows measured, with scores and label, of a facet; those without one of them are left out.
    func scored(_ study: BiasStudy, _ facet: RowTest, _ scores: [Double]) throws(FairnessError) -> ScoredRows {
        let labels = try study.positive.rows(of: table), tested = try facet.rows(of: table)
        let known = (rows ?? Array(0..<table.rowCount)).filter {
            !labels.missing[$0] && !tested.missing[$0] && scores[$0].isFinite
        }
        return ScoredRows(
            scores: known.map { scores[$0] }, labels: known.map { labels.matches[$0] }, facet: known.map { tested.matches[$0] })
    }
}

/// Scores of which a higher one speaks for a positive label.
struct PositiveScores {
    var values: [Double]
    /// From which on the model says positive.
    var threshold: Double
    /// Whether they are the model's own with the sign turned, as its own speak for the other class.
    var isTurned: Bool
}

extension Column {
    /// Predictions as a column of data.
    init(_ prediction: OutputColumn, name: String) {
        switch prediction.values {
        case .labels(let labels):
            var places: [String: Int32] = [:], words: [String] = []
            let codes = labels.map { label -> Int32 in
                if let place = places[label] { return place }
                places[label] = Int32(words.count)
                words.append(label)
                return Int32(words.count - 1)
            }
            self.init(name: name, kind: .categorical, storage: .codes(codes, dictionary: words))
        case .numbers(let numbers): self.init(name: name, kind: .numeric, storage: .numbers(numbers.map(Double.init)))
        case .doubles(let numbers): self.init(name: name, kind: .numeric, storage: .numbers(numbers))
        }
    }
}
