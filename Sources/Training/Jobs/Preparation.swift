import Events
import Learners
import Numerics
import Preparing
import Tables

/// A job's data, ready for a trainer: read, split, encoded. Everything learned from the data is learned on the training rows.
package struct Preparation {
    /// What the model is learned from, and what it is judged by unless there are folds.
    let rows: EncodedRows
    /// nil when there is nothing to predict.
    let encoding: TargetEncoding?
    /// The column of row weights.
    let weight: String?
    /// Parts of the rows that are each held out once, with what is learned without them; empty where one part is held out.
    let folds: [EncodedRows]
    /// What the target was taken for, in one line; nil when there is nothing to predict.
    let goal: String?
    /// Classes of validation rows that training did not have: their targets are numbered behind the known ones.
    let unseenClasses: [String]
    let warnings: [DataWarning]
    /// What was found in the data that is learned from, and between it and the rows that judge.
    let findings: DataFindings
    /// How the training file was read, to read others like it the same way.
    let schema: TableSchema
    /// The same for people; nil for a table made in memory.
    let reading: DataReading?
    /// What was said by hand of how the training file is written.
    let readingSaid: [String: String]
    /// The shape that was asked for or else, when the target is the images' label, the file's own.
    let imageShape: String?
    /// Hash of the training file's bytes, with the validation file's when there is one.
    let fingerprint: String
    let target: String?
    /// All training rows, when `training` is but a sample of them.
    let stream: FileRowStream?
    /// The same where they lie on a cluster.
    let distributed: (any DistributedRows)?
    /// What decides in which order they come; empty when there is no stream.
    let streamingSettings: [String: String]
    /// Models whose predictions are learned from too; nil = none.
    let bases: StackBases?
    /// What is done where there is nothing to predict.
    private let untargeted: LearningTask

    package var pipeline: FeaturePipeline { rows.pipeline }
    package var training: LabelledMatrix { rows.training }
    package var validation: LabelledMatrix? { rows.validation }

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
    ///   - bases: models whose predictions are learned from too.
    ///   - cluster: what goes over the rows; nil = this program.
    ///   - memory: bytes that the rows may fill.
    ///   - isStopped: looked at between one piece of work and the next.
    /// - Throws: `badData` with the file and the place at fault; `badRequest` when the request does not fit the data; `stopped`.
    package init(
        request: JobRequest, table given: Table? = nil, bases: StackBases? = nil, cluster: (any RowCluster)? = nil,
        memory: Int = ComputeBudget().memory,
        isStopped: @escaping () -> Bool = { false }
    ) throws(TrainingError) {
        let wanted = try FeatureStep.requests(request.prepare)
        let plan = given == nil && cluster == nil ? try StreamingPlan(request, memory: memory) : nil
        if bases != nil, plan != nil || !wanted.isEmpty || request.validationPath != nil {
            throw TrainingError(
                .badRequest, "models are learned from where rows are held out by folds, in memory, and features are not prepared",
                operation: "prepare")
        }
        self.bases = bases
        var parts =
            if let cluster { try Self.spread(request, on: cluster, isStopped) } else {
                try Self.local(request, given, plan, bases, isStopped)
            }
        try parts.rows.prepare(wanted, seed: request.seed, isStopped)
        for index in parts.folds.indices { try parts.folds[index].prepare(wanted, seed: request.seed, isStopped) }
        (rows, folds, goal) = (parts.rows, parts.folds, parts.goal)
        (stream, distributed, fingerprint) = (parts.stream, parts.distributed, parts.fingerprint)
        streamingSettings = plan?.settings(featureCount: rows.pipeline.featureCount) ?? [:]
        (encoding, target, weight) = (parts.columns.encoding, parts.columns.target, parts.columns.weight)
        unseenClasses = parts.unseenClasses
        // What was prepared are pixels no more.
        imageShape = rows.steps.isEmpty ? parts.imageShape : request.hyperparameters["image_shape"]
        warnings = parts.warnings.map { DataWarning($0) }
        findings = parts.findings
        (schema, reading) = (parts.schema, parts.reading)
        let kinds = Set(ReadOptions.ofKind.map(\.rawValue))
        readingSaid = given == nil ? request.reading.filter { kinds.contains($0.key) } : [:]
        untargeted = Algorithms.impliedTask(request) ?? .clustering
    }

    struct Parts {
        var columns: JobColumns
        var rows: EncodedRows
        var unseenClasses: [String] = []
        var warnings: [TableWarning]
        var fingerprint: String
        var stream: FileRowStream?
        var distributed: (any DistributedRows)?
        var imageShape: String?
        var folds: [EncodedRows] = []
        var goal: String?
        var schema = TableSchema()
        var reading: DataReading?
        var findings = DataFindings()
        /// The table of the rows that judge, and which these are, where that is another file.
        var judging: (table: Table, rows: [Int])?

        /// The columns that rows are judged by.
        private var judged: Set<String> {
            Set(rows.pipeline.columnNames + [columns.target, columns.weight].compactMap { $0 })
        }

        /// Takes the usable rows of a file for validation.
        mutating func validate(on path: String, options: ReadOptions) throws(TableError) {
            let outcomes = columns.encoding?.classes == nil ? nil : columns.target
            let read = try Table(contentsOf: path, options: options, schema: schema.admittingOthers(in: outcomes))
            let table = if let preparation = rows.preparation { try preparation.apply(to: read, needed: judged) } else { read }
            let (usable, leftOut) = try columns.usableRows(of: table)
            guard !usable.isEmpty else {
                throw TableError(
                    .noRows, "no row to validate on has \(columns.target.map { "a \($0)" } ?? "values"): give other rows",
                    path: path)
            }
            var judging = try LabelledMatrix(table, usable, rows.pipeline, encoding: nil, weight: columns.weight)
            let admitted = try columns.encoding?.encodeAdmittingUnseen(table, rows: usable)
            if let admitted { judging.targets = admitted.targets }
            judging.targetOrigin = columns.encoding?.origin ?? 0
            (rows.validation, unseenClasses) = (judging, admitted?.unseen ?? [])
            self.judging = (table, usable)
            warnings += table.warnings.filter { [.strayValues, .lostValues].contains($0.code) } + leftOut
            warnings += [
                try RowWeights.note(table, column: columns.weight, rows: usable, of: " of the validation rows"),
                admitted?.warning(column: columns.target ?? ""),
            ].compactMap { $0 }
            warnings += rows.pipeline.warnings(for: table)
            fingerprint += table.fingerprint
        }
    }

    private static func local(
        _ request: JobRequest, _ given: Table?, _ plan: StreamingPlan?, _ bases: StackBases?,
        _ isStopped: @escaping () -> Bool
    ) throws(TrainingError) -> Parts {
        do throws(TableError) {
            if let plan { return try stream(request, plan, isStopped) }
            return try read(request, given, bases, isStopped)
        } catch {
            if error.code == .stopped { throw TrainingError(.stopped, error.message, operation: "prepare") }
            throw TrainingError(.badData, error.description, operation: "prepare")
        }
    }

    /// A column by which a prepared file says what rows count, where it is learned from like any other.
    private static func weightsLearned(_ rows: EncodedRows, _ request: JobRequest) -> [TableWarning] {
        let name = ClassWeights.columnName
        guard request.weight == nil, rows.pipeline.columnNames.contains(name) else { return [] }
        return [
            TableWarning(
                .rowWeights, column: name,
                "'\(name)' is learned from as a column: where it says what rows count, as in a file that descent data prepare wrote, it tells "
                    + "the target, and --weight \(name) has it count instead")
        ]
    }

    private static func read(
        _ request: JobRequest, _ given: Table?, _ bases: StackBases?, _ isStopped: () -> Bool
    ) throws(TableError) -> Parts {
        let options = try ReadOptions(request.reading)
        let raw = if let given { given } else { try Table(contentsOf: request.datasetPath, options: options) }
        try TableError.check(isStopped)
        let pipeline = try PreparedTable.pipeline(of: request)
        // Which rows judge is decided by the file's own columns; what the training rows teach a pipeline comes then.
        let roles = try JobColumns(raw, pipeline == nil ? request : request.aboutRoles)
        let (usable, leftOut) = try roles.usableRows(of: raw)
        let whole = try PreparedTable(
            raw, try split(raw, rows: usable, encoding: roles.encoding, request), pipeline, encoding: roles.encoding, request)
        let table = whole.table, split = whole.split
        var columns = pipeline == nil ? roles : try JobColumns(table, request)
        try columns.takeOrigin(table, split.training, request)
        // Learners that want normalised features normalise them; their models remember how.
        let shape = request.hyperparameters["image_shape"] ?? (columns.target == "label" ? table.imageShape : nil)
        let isImage = shape != nil && shape != "none" && Algorithms.takesImages(request.algorithm)
        func encoded(_ part: PreparedTable, isFold: Bool = false) throws(TableError) -> EncodedRows {
            let dropped = columns.dropped + [columns.weight].compactMap { $0 } + (part.fitted?.carried ?? [])
            var rows = try EncodedRows(
                part.table, features: part.table.dropping(dropped), part.split, columns, request, isImage: isImage,
                preparation: part.fitted)
            let origin = columns.encoding?.origin ?? 0
            if let bases { try rows.stack(bases, training: part.split.training, origin: origin, isFold: isFold) }
            return rows
        }
        let all = try encoded(whole)
        try TableError.check(isStopped)
        var parts = Parts(
            columns: columns, rows: all,
            warnings: table.warnings.filter { $0.column.map { !columns.dropped.contains($0) } ?? true }
                + leftOut + [try RowWeights.note(table, column: columns.weight, rows: split.training)].compactMap { $0 }
                + whole.notes + columns.notes + all.warnings + all.pipeline.warnings + weightsLearned(all, request),
            fingerprint: table.fingerprint)
        parts.imageShape = shape
        (parts.schema, parts.reading) = (table.schema, raw.path.isEmpty ? nil : DataReading(raw))
        try TableError.check(isStopped)
        if let path = request.validationPath { try parts.validate(on: path, options: options.forOtherFiles) }
        let folds = try folds(raw, rows: usable, encoding: columns.encoding, request)
        parts.warnings +=
            try unorderedRows(
                raw, rows: usable, folds.isEmpty ? [split] : folds, encoding: columns.encoding, request
            ).map { [$0] } ?? []
        for split in folds {
            try TableError.check(isStopped)
            parts.folds.append(
                try encoded(
                    try PreparedTable(raw, split, pipeline, encoding: columns.encoding, request), isFold: true))
        }
        parts.goal = columns.encoding?.summary(of: table, isAsked: request.task != nil)
        try TableError.check(isStopped)
        // Rows that do not count say nothing of the data either.
        let counted = columns.weight == nil ? table : table.selecting(rows: usable)
        let profile = try TableProfile(
            counted.dropping((columns.dropped + (whole.fitted?.carried ?? [])).filter { $0 != request.group }),
            target: columns.target,
            asClasses: columns.encoding.map { $0.classes != nil })
        var findings = profile.findings
        if columns.weight != nil { findings.renumberRows(as: usable) }
        parts.take(findings, of: table, training: split.training, heldOut: split.heldOut, columns, request)
        parts.warnings += profile.warnings.filter {
            ($0.code == .leakage || $0.code == .imbalance && columns.encoding?.classes != nil) && $0.column != request.group
                && $0.column != columns.weight
        }
        parts.warnings += validationWarnings(profile.advice, request)
        if let metric = metricAdvice(profile.advice, columns.encoding, request) {
            parts.goal = parts.goal.map { $0 + "; " + metric }
        }
        return parts
    }

    /// Rows stay in their file; encodings come from a sample of them.
    private static func stream(
        _ request: JobRequest, _ plan: StreamingPlan, _ isStopped: () -> Bool
    ) throws(TableError) -> Parts {
        let survey = try StreamSurvey(
            plan.file, target: request.target, heldOutFraction: request.validationPath == nil ? request.validationSplit : 0,
            seed: request.seed, sampleLimit: plan.sampleLimit, isStopped: isStopped)
        let sample = survey.sample
        var columns = try JobColumns(sample, request)
        let name = columns.target
        let (rows, _) = try columns.usableRows(of: sample)
        try columns.takeOrigin(sample, rows, request)
        var options = try columns.featureOptions(sample, rows, request)
        options.counts = survey.textCounts
        options.rowNumbers = rows.map { survey.sampleRows[$0] }
        let pipeline = try FeaturePipeline.fit(
            sample.dropping(columns.dropped), rows: rows, target: name, standardises: false, options: options)
        var parts = Parts(
            columns: columns, rows: EncodedRows(pipeline, training: try columns.labelled(sample, rows, pipeline)),
            warnings: survey.warnings + columns.notes + pipeline.warnings, fingerprint: plan.file.fingerprint)
        parts.imageShape = request.hyperparameters["image_shape"]
        parts.schema = survey.blocks.schema ?? sample.schema
        parts.reading = DataReading(sample)
        parts.reading?.rowCount = survey.rowCount
        if let path = request.validationPath {
            try parts.validate(on: path, options: try ReadOptions(request.reading).forOtherFiles)
        } else if let heldOut = survey.heldOut, heldOut.rowCount > 0 {
            parts.rows.validation = try columns.labelled(heldOut, Array(0..<heldOut.rowCount), pipeline)
            parts.judging = (heldOut, Array(0..<heldOut.rowCount))
        }
        if survey.missingTargetCount > 0 {
            parts.warnings.append(
                TableWarning(
                    .missingTarget, column: name,
                    "\(survey.missingTargetCount) rows have no \(name ?? "target"): they are left out"))
        }
        let stream = FileRowStream(
            survey, pipeline: pipeline, encoding: columns.encoding,
            windowRowCount: plan.windowRowCount(featureCount: pipeline.featureCount),
            shuffles: request.hyperparameters["shuffle"] != "false")
        parts.warnings.append(
            TableWarning(
                .streamed,
                "\(stream.rowCount) rows are read from the file again each epoch, \(stream.windowRowCount) in memory at a time; "
                    + "encodings, scales and train: metrics come from \(rows.count) of them, "
                    + "validation takes \(parts.rows.validation?.rowCount ?? 0)"))
        parts.stream = stream
        var findings = DataFindings(
            sample.dropping(columns.dropped), rows: rows,
            target: columns.target.map { .init($0, asClasses: columns.encoding?.classes != nil) })
        findings.renumberRows(as: nil)
        parts.take(
            findings, of: sample, training: rows, heldOut: [], columns, request)
        return parts
    }
}

extension DataWarning {
    /// A table's warning in the vocabulary of events.
    public init(_ warning: TableWarning) {
        self.init(code: warning.code.rawValue, column: warning.column, message: warning.message, rows: warning.rows)
    }
}

extension TableError {
    /// The work was stopped before it was done.
    static let stopped = TableError(.stopped, "stopped while the data was prepared: resume the run to begin again")

    static func check(_ isStopped: () -> Bool) throws(TableError) { if isStopped() { throw .stopped } }
}
