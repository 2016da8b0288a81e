import Events
import Learners
import Tables

extension Preparation {
    /// Rows to learn encodings from, and to hold out, at most: what is learned of them is then corrected by all rows.
    private static let sampleLimit = 65_536
    /// Features at most: each row is held whole.
    private static let featureLimit = 4096

    /// Rows stay on a cluster. Kinds of columns and the form of their features come from a sample; medians, means, categories and classes
    /// from all rows.
    static func spread(
        _ request: JobRequest, on cluster: any RowCluster, _ isStopped: @escaping () -> Bool
    ) throws(TrainingError) -> Parts {
        let survey = try cluster.survey(
            .init(
                path: request.datasetPath, target: request.target, reading: request.reading,
                heldOutFraction: request.validationPath == nil ? request.validationSplit : 0, seed: request.seed,
                sampleLimit: sampleLimit))
        if isStopped() { throw TrainingError(.stopped, TableError.stopped.message, operation: "prepare") }
        var learned = try beginning(request, survey)
        let statistics = try cluster.statistics(
            of: learned.pipeline, target: learned.columns.encoding, schema: learned.sample.schema)
        do throws(TableError) { try learned.take(statistics, request) } catch {
            throw TrainingError(.badData, error.description, operation: "prepare")
        }
        let rows = try cluster.encode(
            learned.pipeline, target: learned.columns.encoding, schema: learned.sample.schema)
        do throws(TableError) { return try learned.parts(request, survey, rows) } catch {
            throw TrainingError(.badData, error.description, operation: "prepare")
        }
    }

    private static func beginning(_ request: JobRequest, _ survey: ClusterSurvey) throws(TrainingError) -> SpreadRows {
        do throws(TableError) {
            // The sample is written here, so that only what is said of values bears on it.
            let reading = request.reading.filter { !ClusterReading.ofFiles.contains($0.key) }
            let options = try ReadOptions(reading), sample = try Table(contentsOf: survey.samplePath, options: options)
            var columns = try JobColumns(sample, request)
            let (rows, _) = try columns.usableRows(of: sample)
            try columns.takeOrigin(sample, rows, request)
            var wanted = try columns.featureOptions(sample, rows, request)
            // Neither codes, which few learners take, nor what is learned out of fold.
            (wanted.codesFrom, wanted.outcome) = (nil, nil)
            var pipeline = try FeaturePipeline.fit(
                sample.dropping(columns.dropped), rows: rows, target: columns.target, standardises: false, options: wanted)
            if Algorithms.takesMissing(request) { pipeline = pipeline.keepingMissing() }
            if let fault = pipeline.clusterFault(sample.schema) { throw TableError(.columnUnusable, fault) }
            guard pipeline.featureCount <= featureLimit else {
                throw TableError(
                    .columnUnusable,
                    "the columns make \(pipeline.featureCount) features, and a cluster takes up to \(featureLimit): leave columns of many categories out with --drop"
                )
            }
            return SpreadRows(sample: sample, rows: rows, columns: columns, pipeline: pipeline, options: options)
        } catch { throw TrainingError(.badData, error.description, operation: "prepare") }
    }

    /// What a sample taught, and what all rows then made of it.
    private struct SpreadRows {
        let sample: Table
        let rows: [Int]
        var columns: JobColumns
        var pipeline: FeaturePipeline
        let options: ReadOptions

        mutating func take(_ statistics: [String: ColumnStatistics], _ request: JobRequest) throws(TableError) {
            pipeline = pipeline.corrected(by: statistics)
            guard let encoding = columns.encoding, let values = statistics[encoding.column]?.counts else { return }
            var whole = encoding.admitting(Array(values.keys))
            guard (whole.classes?.count ?? 0) <= TargetEncoding.classLimit else {
                throw TableError(
                    .tooManyClasses,
                    "the target '\(encoding.column)' has more than \(TargetEncoding.classLimit) distinct values: use a regressor")
            }
            if let positive = request.positive { whole = try whole.positive(positive) }
            columns.encoding = whole
        }

        func parts(
            _ request: JobRequest, _ survey: ClusterSurvey, _ distributed: any DistributedRows
        ) throws(TableError) -> Parts {
            var parts = Parts(
                columns: columns, rows: EncodedRows(pipeline, training: try columns.labelled(sample, rows, pipeline)),
                warnings: sample.warnings + columns.notes + pipeline.warnings, fingerprint: survey.fingerprint)
            parts.distributed = distributed
            parts.schema = sample.schema
            parts.reading = DataReading(sample)
            parts.reading?.rowCount = survey.rowCount
            parts.goal = columns.encoding?.summary(of: sample, isAsked: request.task != nil)
            if let path = request.validationPath {
                try parts.validate(on: path, options: try ReadOptions(request.reading).forOtherFiles)
            } else if let path = survey.heldOutPath {
                try parts.validate(on: path, options: options)
                parts.fingerprint = survey.fingerprint
            }
            if survey.missingTargetCount > 0 {
                parts.warnings.append(
                    TableWarning(
                        .missingTarget, column: columns.target,
                        "\(survey.missingTargetCount) rows have no \(columns.target ?? "target"): they are left out"))
            }
            parts.warnings.append(
                TableWarning(
                    .streamed,
                    "\(distributed.rowCount) rows of \(survey.fileCount) \(survey.fileCount == 1 ? "file" : "files") lie on the cluster: "
                        + "kinds of columns and train: metrics come from \(rows.count) of them, medians, categories and scales from all, "
                        + "validation takes \(parts.rows.validation?.rowCount ?? 0)"))
            return parts
        }
    }
}

/// What can be said of reading files that a cluster reads.
enum ClusterReading {
    /// Of how files are written, which the cluster goes by.
    static let ofFiles: Set<String> = ["delimiter", "header"]
    /// Of what values are, which holds for the sample.
    static let ofValues: Set<String> = ["missing", "type"]
}
