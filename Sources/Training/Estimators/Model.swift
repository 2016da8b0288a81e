import CheckedNumbers
import Events
import Learners
import Numerics
import Preparing
import Tables

/// What a run leaves behind: how columns become features, how the target is encoded, and what was learned. Predicts from a
/// table with the same columns.
public struct Model: Sendable, Codable {
    /// The artifact's name in a run's folder.
    public static let fileName = "model.json"
    /// What a run of folds keeps beside it: its folds' models, averaged.
    public static let foldsFileName = "folds.json"
    /// 2 has a checksum; see `ModelFile`.
    static let currentFormat = 2

    private(set) var format = Model.currentFormat
    public let algorithm: String
    public let pipeline: FeaturePipeline
    /// What makes the columns of the features of those of a file; nil = they are the file's.
    package let preparation: FittedPipeline?
    /// nil for a model that predicts no column of its data.
    public let target: TargetEncoding?
    /// What is done with the features before the learned model sees them.
    package let steps: [FeatureStep]
    /// The column that says how much each row counts when the model is measured.
    let weight: String?
    package private(set) var learned: any LearnedModel
    /// What would be predicted without features; nil in a model of an earlier version, and where there is no target.
    let baseline: TrainingBaseline?
    /// How the training data was read; nil in a model of an earlier version.
    public let schema: TableSchema?
    /// What was said by hand of how the training file is written, by read option.
    public let reading: [String: String]
    /// The training data's columns but the target, in their order, used or not: what rows without names for their columns are. nil in a
    /// model of an earlier version.
    public let inputs: [String]?

    /// Names of what the learned model sees behind the features, as long as that is not put together with what tells it (`stacked`).
    let baseNames: [String]

    /// - Parameter rows: what the model was learned from; nil = all of the data's.
    init(algorithm: String, data: Preparation, rows: EncodedRows? = nil, learned: any LearnedModel) {
        self.algorithm = algorithm
        pipeline = (rows ?? data.rows).pipeline
        preparation = (rows ?? data.rows).preparation
        target = data.encoding
        steps = (rows ?? data.rows).steps
        baseNames = (rows ?? data.rows).baseNames
        weight = data.weight
        self.learned = learned
        baseline = target.map { TrainingBaseline(data.training, classCount: $0.classes?.count) }
        schema = data.schema.keeping(Self.usedNames(pipeline, preparation, target, weight))
        reading = data.readingSaid
        inputs = data.schema.columns.map(\.name).filter { [column = target?.column] name in name != column }
    }

    /// A model of columns of numbers that was made elsewhere.
    init(imported learned: XGBoostModel, columns: [String], target: TargetEncoding) {
        algorithm = "xgboost"
        pipeline = FeaturePipeline.numbers(columns)
        (self.target, self.learned, inputs) = (target, learned, columns)
        (steps, baseNames, weight, baseline, reading, preparation) = ([], [], nil, nil, [:], nil)
        let goal = ColumnRule(name: target.column, kind: target.classes == nil ? .numeric : .categorical)
        schema = TableSchema(columns: columns.map { ColumnRule(name: $0, kind: .numeric) } + [goal])
    }

    /// A model of several, of which one says what it is of.
    init(
        joining first: Model, algorithm: String, pipeline: FeaturePipeline, preparation: FittedPipeline?,
        learned: any LearnedModel, schema: TableSchema?
    ) {
        (self.algorithm, self.pipeline, self.learned) = (algorithm, pipeline, learned)
        (target, weight, baseline, reading) = (first.target, first.weight, first.baseline, first.reading)
        inputs = first.inputs
        (steps, baseNames) = ([], [])
        self.preparation = preparation
        self.schema = schema?.keeping(Self.usedNames(pipeline, preparation, target, weight))
    }

    private enum CodingKeys: String, CodingKey {
        case format, algorithm, pipeline, preparation, target, steps, weight, learned, baseline, schema, reading, inputs
    }

    /// Thrown while decoding what another version wrote.
    struct UnknownFormat: Error { let format: Int }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        format = try container.decode(Int.self, forKey: .format)
        guard (1...Model.currentFormat).contains(format) else { throw UnknownFormat(format: format) }
        let algorithm = try container.decode(String.self, forKey: .algorithm)
        let joined: [String: any LearnedModel.Type] = [
            AveragedModel.name: AveragedModel.self, StackedModel.name: StackedModel.self,
        ]
        guard let kind = joined[algorithm] ?? Learner.all.first(where: { $0.name == algorithm })?.modelType else {
            throw DecodingError.dataCorruptedError(
                forKey: .algorithm, in: container, debugDescription: "no algorithm is called '\(algorithm)'")
        }
        self.algorithm = algorithm
        pipeline = try container.decode(FeaturePipeline.self, forKey: .pipeline)
        preparation = try container.decodeIfPresent(FittedPipeline.self, forKey: .preparation)
        target = try container.decodeIfPresent(TargetEncoding.self, forKey: .target)
        steps = try container.decodeIfPresent([FeatureStep].self, forKey: .steps) ?? []
        baseNames = []
        weight = try container.decodeIfPresent(String.self, forKey: .weight)
        learned = try container.decode(kind, forKey: .learned)
        baseline = try container.decodeIfPresent(TrainingBaseline.self, forKey: .baseline)
        schema = try container.decodeIfPresent(TableSchema.self, forKey: .schema)
        reading = try container.decodeIfPresent([String: String].self, forKey: .reading) ?? [:]
        inputs = try container.decodeIfPresent([String].self, forKey: .inputs)
        let sources = preparation?.sources(of: Set(pipeline.columnNames)) ?? Set(pipeline.columnNames)
        try decoder.check(
            inputs.map { Set($0).count == $0.count && sources.subtracting([target?.column ?? ""]).isSubset(of: $0) } ?? true,
            "it does not know its own columns")
        let (said, sound) = (reading.count, ReadOptions().taking(reading).taken.count)
        try decoder.check(said == sound, "\(said - sound) of its \(said) options for reading are none")
        try checkParts(decoder)
        if let schema {
            let used = Self.usedNames(pipeline, preparation, target, weight)
            try decoder.check(
                schema.isSound && Set(schema.columns.map(\.name)) == used,
                "it says how \(schema.columns.count) columns are read, and uses \(used.count)")
        }
    }

    /// The column that says how much each row counts when the model is measured; nil = all count the same.
    public var weightColumn: String? { weight }

    /// What the model predicts.
    public var predicts: LearningTask { learned.task }

    /// The columns it needs, and those it is measured by.
    private static func usedNames(
        _ pipeline: FeaturePipeline, _ preparation: FittedPipeline?, _ target: TargetEncoding?, _ weight: String?
    ) -> Set<String> {
        let features = preparation?.sources(of: Set(pipeline.columnNames)) ?? Set(pipeline.columnNames)
        return features.union([target?.column, weight].compactMap { $0 })
    }

    /// Holds pipeline, steps, learned model and target to each other: what one gives is what the next takes.
    private func checkParts(_ decoder: any Decoder) throws {
        var width = pipeline.featureCount, giver = "the pipeline"
        for step in steps {
            try decoder.check(
                step.featureCount == width, "\(giver) gives \(width) features, \(step.algorithm) takes \(step.featureCount)")
            (width, giver) = (step.featureNames.count, step.algorithm)
        }
        try decoder.check(
            learned.featureCount == width, "\(giver) gives \(width) features, the model takes \(learned.featureCount)")
        let coded = steps.isEmpty ? pipeline.cardinalities : []
        try decoder.check(
            learned.cardinalities == coded || learned.cardinalities.isEmpty && !Algorithms.takesCodes(algorithm),
            "the pipeline's categories are not the model's")
        try decoder.check(target?.isSound ?? true, "the target has no finite origin")
        if let baseline {
            let fault = target == nil ? "a baseline without a target" : baseline.fault(classCount: target?.classes?.count)
            try decoder.check(fault == nil, fault ?? "")
        }
        guard learned.task.needsTarget else { return }
        guard let target else { return try decoder.check(false, "a \(learned.task.rawValue) without a target") }
        guard let classes = target.classes else {
            return try decoder.check(learned.task == .regressor, "a \(learned.task.rawValue) of a target without classes")
        }
        try decoder.check(
            learned.task != .regressor && (2...TargetEncoding.classLimit).contains(classes.count)
                && classes.count == max(2, learned.scoreCount),
            "a \(learned.task.rawValue) with \(learned.scoreCount) scores for \(classes.count) classes")
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Model.currentFormat, forKey: .format)
        try container.encode(algorithm, forKey: .algorithm)
        try container.encode(pipeline, forKey: .pipeline)
        try container.encodeIfPresent(preparation, forKey: .preparation)
        try container.encodeIfPresent(target, forKey: .target)
        if !steps.isEmpty { try container.encode(steps, forKey: .steps) }
        try container.encodeIfPresent(weight, forKey: .weight)
        try container.encodeIfPresent(baseline, forKey: .baseline)
        try container.encodeIfPresent(schema, forKey: .schema)
        if !reading.isEmpty { try container.encode(reading, forKey: .reading) }
        try container.encodeIfPresent(inputs, forKey: .inputs)
        try container.encode(learned, forKey: .learned)
    }

    /// The same model with everything at hand that answers a few rows at once; what it predicts is the same to the bit.
    public func readied() -> Model {
        var ready = self
        ready.learned = learned.readied()
        return ready
    }

    /// Predicts for every row: the prediction, and for classifiers the probability of the second of two classes or of each.
    /// - Throws: `badData` when a column is missing or of another kind.
    public func predict(_ table: Table) throws(TrainingError) -> [OutputColumn] {
        do { return try outputs(of: try features(table)) } catch {
            throw TrainingError(.badData, "\(error)", operation: "predict")
        }
    }

    private func outputs(of features: Matrix) throws(LearnerError) -> [OutputColumn] {
        try learned.outputs(features, classes: target?.classes ?? []).map { $0.adding(target?.origin ?? 0) }
    }

    /// What makes features of rows of plain numbers at once; nil where the model needs a table of them.
    ///
    /// - Parameter names: the columns that a row has, in their order.
    package func numberRows(_ names: [String]) -> NumberRowEncoding? {
        preparation == nil ? pipeline.numberRows(names) : nil
    }

    /// The same as `predict` for a table of the numbers.
    ///
    /// - Returns: nil where the table has to say what is wrong with them.
    package func predict(_ numbers: [Double], by encoding: NumberRowEncoding) -> [OutputColumn]? {
        guard let features = encoding.matrix(numbers) else { return nil }
        do { return try outputs(of: try steps.reduce(features) { try $1.transform($0) }) } catch { return nil }
    }

    /// Predicts for every row of a data file.
    /// - Throws: `badData` with the file and the place at fault.
    public func predict(_ path: String) throws(TrainingError) -> [OutputColumn] {
        let table: Table
        do { table = try read(path) } catch {
            throw TrainingError(.badData, error.description, operation: "predict")
        }
        return try predict(table)
    }

    /// Reads a data file as the training data was read: nothing is guessed again.
    ///
    /// - Parameter options: what a user says, which comes before what was learned.
    /// - Throws: as `Table.init(contentsOf:)`; `columnUnusable` where a column that is used is there twice; `valueUnusable` where the options are strict and a value is none that the model knows.
    public func read(_ path: String, options: ReadOptions = ReadOptions()) throws(TableError) -> Table {
        let outcomes = target?.classes == nil ? nil : target?.column
        let table = try Table(
            contentsOf: path, options: options.taking(reading).options, schema: schema?.admittingOthers(in: outcomes))
        try checkColumnsAreThereOnce(in: table)
        if options.isStrict,
            let unseen = pipeline.warnings(for: try prepared(table)).first(where: { $0.code == .unseenCategory })
        {
            throw TableError(.valueUnusable, "\(unseen.message): leave --strict out to let them", path: path)
        }
        return table
    }

    /// What `read` takes over of how the training file was read by hand, as the command line takes it; nil = nothing.
    public func readingTaken(_ options: ReadOptions) -> String? {
        let taken = options.taking(reading).taken
        return taken.isEmpty ? nil : DataReading.words(of: reading.filter { taken.contains($0.key) })
    }

    /// Names of the features that steps make; nil when there are no steps.
    var stepNames: [String]? { steps.last?.featureNames }

    /// What the learned model sees of a table's rows, or of some.
    func features(_ table: Table, rows: [Int]? = nil) throws -> Matrix {
        try steps.reduce(try pipeline.transform(try prepared(table), rows: rows)) { try $1.transform($0) }
    }

    /// What the model makes of values that training did not have.
    public func warnings(for table: Table) -> [DataWarning] {
        guard preparation != nil else { return pipeline.warnings(for: table).map { DataWarning($0) } }
        // What lacks a column is told by what predicts.
        guard let made = try? prepared(table) else { return [] }
        let own = made.warnings.dropFirst(table.preparation == nil ? table.warnings.count : 0)
        return (Array(own.filter { $0.code == .unseenCategory || $0.code == .lostValues }) + pipeline.warnings(for: made))
            .map { DataWarning($0) }
    }
}

extension OutputColumn {
    /// A regressor's predictions in the target's own units, which may have more digits than single precision.
    func adding(_ origin: Double) -> OutputColumn {
        guard origin != 0, case .numbers(let numbers) = values else { return self }
        return OutputColumn(name, .doubles(numbers.map { Double($0) + origin }))
    }
}
