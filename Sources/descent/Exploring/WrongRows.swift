import Cells
import Events
import Experiments
import Exploring
import Files
import Learners
import Studio
import Tables
import Training

/// The rows of a data file that a run's model takes for another class.
struct WrongRows: Sendable {
    struct Row: Sendable {
        /// Where it stands in the file, from 0.
        let row: Int
        let label: String
        let predicted: String
        /// How sure the model is of what it says, from 0 to 1; nil where it does not say.
        let sureness: Double?
    }

    /// The surest first.
    let rows: [Row]
    /// Rows that have a class and were looked at.
    let lookedAt: Int
    let target: String
    /// Which rows were looked at, in words.
    let notes: [String]

    /// Asks the model of a run: for the rows that it was not trained on where the run held out rows of this file, else for all.
    ///
    /// - Throws: a command's error where there is no model, or one that chooses between no classes.
    init(of summary: RunSummary, _ workspace: Workspace, in file: RowsFile) throws {
        let judged = try JudgedRun(summary, workspace), name = summary.record.name
        guard let encoding = judged.model.target, let classes = encoding.classes else {
            throw CommandError.failed("\(name) predicts no classes, so that no picture is right or wrong: choose a run that does")
        }
        let isSame = FilePath.absolute(judged.table.path) == FilePath.absolute(file.path)
        let table = isSame ? judged.table : try judged.model.read(file.path, options: try ReadOptions(file.reading))
        let outputs = isSame ? judged.predicted : try judged.model.predict(table)
        target = encoding.column
        let looked = (isSame ? judged.rows : nil) ?? Array(0..<table.rowCount)
        notes =
            isSame
            ? [judged.rowsInWords] + judged.notes
            : ["all \(NumberFormat.grouped(table.rowCount)) rows of the file; \(name) is judged by another one"]
        guard let column = table.column(named: target) else {
            throw CommandError.failed("the file has no column \(target), which \(name) predicts: nothing says what is right")
        }
        guard let labels = outputs.first(where: { $0.name == "prediction" })?.labels else {
            throw CommandError.failed("\(name) predicts no classes, so that no picture is right or wrong: choose a run that does")
        }
        let sureness = Sureness(outputs, classes)
        var wrong: [Row] = [], count = 0
        for row in looked {
            guard let label = column.text(at: row) else { continue }
            count += 1
            guard labels[row] != label else { continue }
            wrong.append(Row(row: row, label: label, predicted: labels[row], sureness: sureness.of(labels[row], row)))
        }
        lookedAt = count
        rows = wrong.sorted { (($1.sureness ?? 0), $0.row) < (($0.sureness ?? 0), $1.row) }
    }

    /// What a model says of how sure it is: the score of the second of two classes, or one score for each.
    private struct Sureness {
        private let scores: [String: [Double]]
        private let second: (name: String, scores: [Double])?

        init(_ outputs: [OutputColumn], _ classes: [String]) {
            scores = Dictionary(
                classes.compactMap { name in outputs.first { $0.name == "score_\(name)" }?.numbers.map { (name, $0) } },
                uniquingKeysWith: { first, _ in first })
            second =
                classes.count == 2
                ? outputs.first { $0.name == "score" }?.numbers.map { (classes[1], $0) } : nil
        }

        func of(_ label: String, _ row: Int) -> Double? {
            if let second { return label == second.name ? second.scores[row] : 1 - second.scores[row] }
            return scores[label]?[row]
        }
    }
}

extension OutputColumn {
    fileprivate var labels: [String]? { if case .labels(let labels) = values { labels } else { nil } }

    fileprivate var numbers: [Double]? {
        switch values {
        case .numbers(let numbers): numbers.map(Double.init)
        case .doubles(let numbers): numbers
        case .labels: nil
        }
    }
}
