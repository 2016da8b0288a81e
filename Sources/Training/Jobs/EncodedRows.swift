import Events
import Learners
import Preparing
import Tables

/// Rows to learn from and rows held out, encoded by what the first alone teach.
struct EncodedRows {
    let pipeline: FeaturePipeline
    /// What made the table's columns of those of its file, as the training rows ask for it; nil = they are the file's.
    private(set) var preparation: FittedPipeline?
    var training: LabelledMatrix
    /// nil when none are held out.
    var validation: LabelledMatrix?
    /// Where the held-out rows stand in the file, from 0.
    let heldOut: [Int]
    /// What is said of the training rows' weights.
    let warnings: [TableWarning]
    /// What was done with the features.
    private(set) var steps: [FeatureStep] = []
    /// Names of what other models predict, which stands behind the features.
    private(set) var baseNames: [String] = []

    /// - Parameters:
    ///   - table: with all columns.
    ///   - features: the same without those that are not learned from.
    ///   - preparation: what made its columns.
    init(
        _ table: Table, features: Table, _ split: RowSplit, _ columns: JobColumns, _ request: JobRequest, isImage: Bool,
        preparation: FittedPipeline? = nil
    ) throws(TableError) {
        self.preparation = preparation
        let counted = try columns.trainingWeights(table, split.training, request, classes: preparation?.classWeights)
        let options = try columns.featureOptions(table, split.training, request, isImage: isImage, weights: counted.weights)
        var pipeline = try FeaturePipeline.fit(
            features, rows: split.training, target: columns.target, standardises: false, options: options)
        // What prepares features takes no gaps.
        if request.prepare == nil, Algorithms.takesMissing(request) { pipeline = pipeline.keepingMissing() }
        self.pipeline = pipeline
        training = try columns.labelled(table, split.training, pipeline, outcome: options.outcome)
        (training.weights, warnings) = (counted.weights, counted.warnings)
        heldOut = split.heldOut
        if !heldOut.isEmpty { validation = try columns.labelled(table, heldOut, pipeline) }
    }

    /// Rows that were encoded elsewhere, such as those of a file that is not read whole.
    init(_ pipeline: FeaturePipeline, training: LabelledMatrix) {
        (self.pipeline, self.training, heldOut, warnings) = (pipeline, training, [], [])
    }

    /// Learns steps on the training rows and takes both parts through them.
    ///
    /// - Throws: as `FeatureStep.fit`; `stopped`.
    mutating func prepare(
        _ wanted: [FeatureStep.Request], seed: UInt64, _ isStopped: () -> Bool
    ) throws(TrainingError) {
        for one in wanted {
            if isStopped() { throw TrainingError(.stopped, TableError.stopped.message, operation: "prepare") }
            let step = try FeatureStep.fit(one, training, seed: seed)
            training.features = try step.transform(training.features)
            if let rows = validation?.features { validation?.features = try step.transform(rows) }
            steps.append(step)
        }
    }

    /// Puts what other models predict behind the features.
    ///
    /// - Parameter rows: where the training rows stand in the file, from 0.
    /// - Throws: as `StackBases.predictions` and `check`.
    mutating func stack(_ bases: StackBases, training rows: [Int], origin: Double, isFold: Bool) throws(TableError) {
        if isFold { try bases.check(heldOut: heldOut) }
        training.features = training.features.adding(try bases.predictions(of: rows, origin: origin))
        if let held = validation?.features {
            validation?.features = held.adding(try bases.predictions(of: heldOut, origin: origin))
        }
        baseNames = bases.names
    }

    /// Names of what learners see.
    var featureNames: [String] { (steps.last?.featureNames ?? pipeline.featureNames) + baseNames }
    /// Features that are the indicators of one column's categories each, and values of each of the last features that are codes.
    var featureGroups: [Range<Int>] { steps.isEmpty ? pipeline.categoryGroups : [] }
    var cardinalities: [Int] { steps.isEmpty ? pipeline.cardinalities : [] }
    /// Features that learners leave at their own scale.
    var unscaledFeatures: [Range<Int>] { steps.isEmpty ? pipeline.unscaledFeatures : [] }
}
