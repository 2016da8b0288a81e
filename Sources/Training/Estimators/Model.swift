import Events
import FoundationEssentials
import Learners
import Numerics
import Tables

/// What a run leaves behind: how columns become features, how the target is encoded, and what was learned. Predicts from a
/// table with the same columns.
public struct Model: Sendable, Codable {
    /// The artifact's name in a run's folder.
    public static let fileName = "model.json"
    private static let currentFormat = 1

    private var format = Model.currentFormat
    public let algorithm: String
    public let pipeline: FeaturePipeline
    public let target: TargetEncoding
    let learned: LinearModel

    init(algorithm: String, pipeline: FeaturePipeline, target: TargetEncoding, learned: LinearModel) {
        self.algorithm = algorithm
        self.pipeline = pipeline
        self.target = target
        self.learned = learned
    }

    /// Reads the model in a run's folder; nil if there is none.
    /// - Throws: `badModel` for a file that is damaged or was written by a newer version.
    public static func load(fromFolder folder: String) throws(TrainingError) -> Model? {
        let path = folder + "/" + fileName
        guard let bytes = try AtomicFile.read(path) else { return nil }
        let model: Model
        do {
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            model = try decoder.decode(Model.self, from: Data(bytes))
        } catch {
            throw TrainingError(
                .badModel, "\(path) is damaged: train the run again", operation: "load model", cause: "\(error)")
        }
        guard model.format == currentFormat else {
            throw TrainingError(
                .badModel,
                "\(path) has format \(model.format) and this Descent reads \(currentFormat): use the version that wrote it",
                operation: "load model")
        }
        return model
    }

    /// Writes the model into a run's folder, all of it or nothing.
    public func save(toFolder folder: String) throws(TrainingError) {
        try AtomicFile.makeFolder(folder)
        let bytes: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            // A diverged run's weights are NaN; its model still says so.
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            bytes = [UInt8](try encoder.encode(self))
        } catch {
            throw TrainingError(.badModel, "the model cannot be written as JSON", operation: "save model", cause: "\(error)")
        }
        try AtomicFile.write(bytes, to: folder + "/" + Self.fileName)
    }

    /// Predicts for every row: the prediction, and for classifiers the probability of the second of two classes or of each.
    /// - Throws: `badData` when a column is missing or of another kind.
    public func predict(_ table: Table) throws(TrainingError) -> [PredictedColumn] {
        do {
            let features = try pipeline.transform(table)
            guard let classes = target.classes else {
                return [PredictedColumn(name: "prediction", values: .numbers(try learned.predictScores(features).elements))]
            }
            let labels = try learned.predictClasses(features).map { classes[$0] }
            let probabilities = try learned.predictProbabilities(features).elements
            let prediction = PredictedColumn(name: "prediction", values: .labels(labels))
            if classes.count == 2 { return [prediction, PredictedColumn(name: "score", values: .numbers(probabilities))] }
            return [prediction]
                + classes.enumerated().map { index, name in
                    let own = stride(from: index, to: probabilities.count, by: classes.count).map { probabilities[$0] }
                    return PredictedColumn(name: "score_\(name)", values: .numbers(own))
                }
        } catch {
            throw TrainingError(.badData, "\(error)", operation: "predict")
        }
    }

    /// Measures the model on a table that has the target; rows without one are left out. Names are `test:…`.
    /// - Throws: `badData`, among others when a label is not among the classes.
    public func evaluate(_ table: Table) throws(TrainingError) -> [MetricName: Double] {
        let data: LabelledMatrix
        do throws(TableError) {
            let (rows, _) = try target.usableRows(table, rows: Array(0..<table.rowCount))
            data = LabelledMatrix(
                features: try pipeline.transform(table, rows: rows), targets: try target.encode(table, rows: rows))
        } catch {
            throw TrainingError(.badData, error.description, operation: "evaluate")
        }
        return try evaluate(data, split: "test")
    }

    /// Measures the model on prepared rows.
    func evaluate(_ data: LabelledMatrix, split: String) throws(TrainingError) -> [MetricName: Double] {
        do throws(LearnerError) {
            let entries = try learned.metrics(on: data)
            return Dictionary(
                entries.map { (MetricName(split: split, metric: $0.name), $0.value) }, uniquingKeysWith: { $1 })
        } catch {
            throw TrainingError(.badData, error.message, operation: "evaluate")
        }
    }

    /// What the model makes of values that training did not have.
    public func warnings(for table: Table) -> [DataWarning] { pipeline.warnings(for: table).map { DataWarning($0) } }
}

/// A column of predictions, as `descent predict` writes it.
public struct PredictedColumn: Sendable {
    /// `prediction`, `score` or `score_CLASS`.
    public let name: String
    public let values: Values

    public enum Values: Sendable {
        case numbers([Float])
        case labels([String])
    }

    /// One text a row; numbers in the shortest form that reads back as the same number.
    public var texts: [String] {
        switch values {
        case .numbers(let numbers): numbers.map { "\($0)" }
        case .labels(let labels): labels
        }
    }

    public func json(at row: Int) -> JSONValue {
        switch values {
        case .numbers(let numbers): .number(Double(numbers[row]))
        case .labels(let labels): .string(labels[row])
        }
    }
}
