import Events
import Learners
import Numerics
import Tables

/// A job's data, ready for a trainer: read, split, encoded. Everything learned from the data is learned on the training rows.
package struct Preparation {
    let pipeline: FeaturePipeline
    /// nil when there is nothing to predict.
    let encoding: TargetEncoding?
    let training: LabelledMatrix
    let validation: LabelledMatrix?
    let warnings: [DataWarning]
    /// The shape that was asked for or else, when the target is the images' label, the file's own.
    let imageShape: String?
    /// Hash of the training file's bytes, with the validation file's when there is one.
    let fingerprint: String
    private let target: String?
    /// All training rows, when `training` is but a sample of them.
    let stream: FileRowStream?
    /// What is done where there is nothing to predict.
    private let untargeted: LearningTask

    /// What the learner is asked for.
    var task: LearningTask {
        switch encoding?.task {
        case nil: untargeted
        case .regressor: .regressor
        case .binaryClassifier: .binaryClassifier
        case .multiclassClassifier: .multiclassClassifier
        }
    }

    /// - Parameters:
    ///   - given: the data, when it is not to be read from the request's file.
    ///   - memory: bytes that the rows may fill.
    /// - Throws: `badData` with the file and the place at fault; `badRequest` when the request does not fit the data.
    package init(
        request: JobRequest, table given: Table? = nil, memory: Int = ComputeBudget().memory
    ) throws(TrainingError) {
        if given == nil, let plan = try StreamingPlan(request, memory: memory) {
            do throws(TableError) { self = try Preparation(streaming: request, plan) } catch {
                throw TrainingError(.badData, error.description, operation: "prepare")
            }
            return
        }
        stream = nil
        do throws(TableError) {
            let table = if let given { given } else { try Table(contentsOf: request.datasetPath) }
            // A target that is not needed is left out of the features.
            let name = try request.target.map { name throws(TableError) in try table.column(matching: name).name }
            let encoding = try Self.encoding(table, column: name, request)
            let (usable, missing) = try Self.usableRows(table, encoding)
            let (rows, heldOut) = try Self.split(table, rows: usable, encoding: encoding, request)
            // Learners that want normalised features normalise them; their models remember how.
            imageShape = request.hyperparameters["image_shape"] ?? (name == "label" ? table.imageShape : nil)
            let isImage = imageShape != nil && imageShape != "none" && Algorithms.takesImages(request.algorithm)
            let pipeline = try FeaturePipeline.fit(
                table, rows: rows, target: name, standardises: false, keepsConstants: isImage,
                codesFrom: Algorithms.takesCodes(request.algorithm) ? Self.expandedCategoryLimit : nil)
            training = try Self.labelled(table, rows, pipeline, encoding)
            var warnings = table.warnings + [missing].compactMap { $0 } + pipeline.warnings
            var fingerprint = table.fingerprint
            if let path = request.validationPath {
                let other = try Table(contentsOf: path)
                let (usable, missing) = try Self.usableRows(other, encoding)
                validation = try Self.labelled(other, usable, pipeline, encoding)
                warnings += [missing].compactMap { $0 } + pipeline.warnings(for: other)
                fingerprint += other.fingerprint
            } else if heldOut.isEmpty {
                validation = nil
            } else {
                validation = try Self.labelled(table, heldOut, pipeline, encoding)
            }
            warnings += try TableProfile(table, target: name).warnings.filter { $0.code == .leakage || $0.code == .imbalance }
            self.pipeline = pipeline
            self.encoding = encoding
            self.fingerprint = fingerprint
            self.warnings = warnings.map { DataWarning($0) }
            target = name
            untargeted = Algorithms.impliedTask(request) ?? .clustering
        } catch {
            throw TrainingError(.badData, error.description, operation: "prepare")
        }
    }

    /// Rows stay in their file; encodings come from a sample of them.
    private init(streaming request: JobRequest, _ plan: StreamingPlan) throws(TableError) {
        let survey = try StreamSurvey(
            plan.file, target: request.target, heldOutFraction: request.validationPath == nil ? request.validationSplit : 0,
            seed: request.seed, sampleLimit: plan.sampleLimit)
        let sample = survey.sample
        let name = try request.target.map { name throws(TableError) in try sample.column(matching: name).name }
        let encoding = try Self.encoding(sample, column: name, request)
        let (rows, _) = try Self.usableRows(sample, encoding)
        let pipeline = try FeaturePipeline.fit(
            sample, rows: rows, target: name, standardises: false,
            codesFrom: Algorithms.takesCodes(request.algorithm) ? Self.expandedCategoryLimit : nil,
            counts: survey.textCounts)
        training = try Self.labelled(sample, rows, pipeline, encoding)
        var warnings = pipeline.warnings, fingerprint = plan.file.fingerprint
        if let path = request.validationPath {
            let other = try Table(contentsOf: path)
            let (usable, missing) = try Self.usableRows(other, encoding)
            validation = try Self.labelled(other, usable, pipeline, encoding)
            warnings += [missing].compactMap { $0 } + pipeline.warnings(for: other)
            fingerprint += other.fingerprint
        } else if let heldOut = survey.heldOut, heldOut.rowCount > 0 {
            validation = try Self.labelled(heldOut, Array(0..<heldOut.rowCount), pipeline, encoding)
        } else {
            validation = nil
        }
        if survey.missingTargetCount > 0 {
            warnings.append(
                TableWarning(
                    .missingTarget, column: name,
                    "\(survey.missingTargetCount) rows have no \(name ?? "target"): they are left out"))
        }
        let stream = FileRowStream(
            survey, pipeline: pipeline, encoding: encoding,
            windowRowCount: plan.windowRowCount(featureCount: pipeline.featureCount),
            shuffles: request.hyperparameters["shuffle"] != "false")
        warnings.append(
            TableWarning(
                .streamed,
                "\(stream.rowCount) rows are read from the file again each epoch, \(stream.windowRowCount) in memory at a time; "
                    + "encodings, scales and train: metrics come from \(rows.count) of them, "
                    + "validation takes \(validation?.rowCount ?? 0)"))
        (self.stream, self.pipeline, self.encoding, self.fingerprint) = (stream, pipeline, encoding, fingerprint)
        self.warnings = warnings.map { DataWarning($0) }
        target = name
        imageShape = request.hyperparameters["image_shape"]
        untargeted = Algorithms.impliedTask(request) ?? .clustering
    }

    /// Categories of a column that become a feature each where the learner could take codes too.
    private static let expandedCategoryLimit = 64

    /// What the target asks for: what the settings say, else what the column's values say.
    private static func encoding(
        _ table: Table, column: String?, _ request: JobRequest
    ) throws(TableError) -> TargetEncoding? {
        guard let column, Algorithms.impliedTask(request)?.needsTarget != false else { return nil }
        guard let task = Algorithms.impliedTask(request).flatMap({ TargetEncoding.Task(rawValue: $0.rawValue) }) else {
            return try TargetEncoding.infer(table, column: column)
        }
        return try TargetEncoding.make(table, column: column, task: task)
    }

    /// Rows with a target, or all.
    private static func usableRows(
        _ table: Table, _ encoding: TargetEncoding?
    ) throws(TableError) -> (rows: [Int], warning: TableWarning?) {
        let all = Array(0..<table.rowCount)
        guard let encoding else { return (all, nil) }
        let usable = try encoding.usableRows(table, rows: all)
        return (usable.0, usable.1)
    }

    static func labelled(
        _ table: Table, _ rows: [Int], _ pipeline: FeaturePipeline, _ encoding: TargetEncoding?
    ) throws(TableError) -> LabelledMatrix {
        let features = try pipeline.transform(table, rows: rows)
        guard let encoding else { return LabelledMatrix(unlabelled: features) }
        return LabelledMatrix(features: features, targets: try encoding.encode(table, rows: rows))
    }

    private static func split(
        _ table: Table, rows: [Int], encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) -> (training: [Int], heldOut: [Int]) {
        guard request.validationPath == nil, request.validationSplit > 0 else { return (rows, []) }
        let method: RowSplit.Method =
            if let encoding, encoding.classes != nil { .stratified(by: encoding.column) } else { .random }
        let split = try RowSplit(table, rows: rows, method: method, fraction: request.validationSplit, seed: request.seed)
        return (split.training, split.heldOut)
    }

    /// What bears on convergence: the order in which rows are fed, and the features' scales as the optimiser sees them.
    func summary(feedingOrder: [Int32], isShuffled: Bool, isNormalised: Bool) -> TrainingDataSummary {
        let deviations = isNormalised ? [] : Self.deviations(training.features).dropLast(pipeline.cardinalities.count)
        // Indicators of categories lie between 0 and 1 by themselves; scales are a matter of numbers.
        let present = deviations.indices.filter { deviations[$0] > 0 && !pipeline.featureNames[$0].contains("=") }
        let widest = present.max { deviations[$0] < deviations[$1] }
        let narrowest = present.min { deviations[$0] < deviations[$1] }
        let ratio = widest.flatMap { wide in narrowest.map { deviations[wide] / deviations[$0] } } ?? 1
        let name = { (index: Int?) in index.map { pipeline.featureNames[$0] } ?? "" }
        let fed = feedingOrder.map { training.targets[Int($0)] }
        let score =
            encoding?.classes.map { NeighbourAgreement.classScore(fed.map { Int32($0) }, classCount: $0.count) }
            ?? NeighbourAgreement.numberScore(fed.map { Double($0) })
        return TrainingDataSummary(
            rowCount: stream?.rowCount ?? training.targets.count, featureCount: pipeline.featureCount,
            validationRowCount: validation?.targets.count ?? 0, target: target, isShuffled: isShuffled,
            isNormalised: isNormalised, orderZ: score, scaleRatio: ratio, widestFeature: name(widest),
            narrowestFeature: name(narrowest))
    }

    /// Standard deviation of each feature.
    private static func deviations(_ features: Matrix) -> [Double] {
        let width = features.columnCount, count = Double(max(1, features.rowCount))
        var sums = [Double](repeating: 0, count: width), squares = sums
        features.elements.withUnsafeBufferPointer { elements in
            for row in 0..<features.rowCount {
                for column in 0..<width { sums[column] += Double(elements[row * width + column]) }
            }
            for row in 0..<features.rowCount {
                for column in 0..<width {
                    let delta = Double(elements[row * width + column]) - sums[column] / count
                    squares[column] += delta * delta
                }
            }
        }
        return squares.map { ($0 / count).squareRoot() }
    }
}

extension DataWarning {
    /// A table's warning in the vocabulary of events.
    public init(_ warning: TableWarning) {
        self.init(code: warning.code.rawValue, column: warning.column, message: warning.message)
    }
}
