import Events
import Files
import FoundationEssentials
import JSON
import Learners
import Tables
import Training

/// Spark as the engine of a job: its driver reads the files and goes over the rows.
package final class SparkCluster: RowCluster {
    /// What a job runs Spark with.
    package struct Settings: Sendable {
        package var place: SparkEnvironment
        /// The folder of Descent's Python package.
        package var packageFolder: String
        package var environment: [String: String]

        package init(place: SparkEnvironment, packageFolder: String, environment: [String: String]) {
            (self.place, self.packageFolder, self.environment) = (place, packageFolder, environment)
        }
    }

    let driver: SparkDriver
    let control: JobControl
    let scratch: String
    var news: ClusterNews

    /// Starts the driver, and has it reach the cluster.
    ///
    /// - Throws: `badRequest`, `clusterFailed` where there is no engine, no Java, or the cluster does not answer; `stopped`.
    package init(
        _ settings: Settings, plan: JobPlan, control: JobControl, bus: EventBus, meter: JobMeter
    ) throws(TrainingError) {
        let request = plan.record.request
        guard let folder = plan.artifactFolder else {
            throw TrainingError(.badRequest, "Spark needs a workspace to run in", operation: "start")
        }
        self.control = control
        scratch = folder + "/spark"
        let news = ClusterNews(run: plan.record.id, name: plan.record.name, bus: bus, meter: meter)
        self.news = news
        do throws(SparkFault) {
            Folder.remove(scratch)
            try Self.makeFolder(scratch)
            driver = try Self.driver(settings, request, name: plan.record.name, logPath: scratch + "/spark.log")
        } catch {
            // Who waits for the run's curves to end would wait for ever.
            news.close()
            throw TrainingError(error)
        }
        do throws(TrainingError) { _ = try ask("start", []) } catch {
            close()
            throw error
        }
    }

    private static func driver(
        _ settings: Settings, _ request: JobRequest, name: String, logPath: String
    ) throws(SparkFault) -> SparkDriver {
        if let socket = settings.environment[sessionVariable] {
            return try SparkDriver(connectingTo: socket, logPath: logPath)
        }
        try settings.place.checkInstalled()
        _ = try JavaRuntime.find(settings.environment)
        return try SparkDriver(
            python: settings.place.python, arguments: ClusterSize(request).arguments(name: name),
            environment: settings.place.variables(
                settings.environment, master: ClusterSize(request).master, packageFolder: settings.packageFolder),
            logPath: logPath)
    }

    /// The variable that says where a program of the user's answers for a frame of its own.
    package static let sessionVariable = "DESCENT_SPARK_SESSION"

    static func makeFolder(_ path: String) throws(SparkFault) {
        do throws(FileError) { try Folder.make(path) } catch {
            throw SparkFault(.failed, "\(path) cannot be made: \(error.cause ?? error.message)")
        }
    }

    /// Asks the driver for something.
    func ask(_ op: String, _ members: [JSONValue.Member]) throws(TrainingError) -> JSONValue {
        do throws(SparkFault) {
            return try driver.ask(op, members, isStopped: { [control] in control.request == .stop }) { news.take($0) }
        } catch { throw TrainingError(error) }
    }

    package func survey(_ wish: ClusterSurvey.Wish) throws(TrainingError) -> ClusterSurvey {
        let found = try ask(
            "survey",
            [
                .init("path", .string(wish.path)), .init("target", wish.target.map { .string($0) } ?? .null),
                .init("reading", JSONValue(wish.reading)), .init("heldOut", .number(wish.heldOutFraction)),
                .init("seed", .string(String(wish.seed))), .init("sampleLimit", .integer(wish.sampleLimit)),
                .init("folder", .string(scratch)),
            ])
        guard let sample = found["sample"]?.string, let rows = found["rows"]?.integer, let held = found["heldOutRows"]?.integer,
            let missing = found["missingTarget"]?.integer, let fingerprint = found["fingerprint"]?.string,
            let files = found["files"]?.integer
        else { throw Self.confused("survey") }
        return ClusterSurvey(
            samplePath: sample, heldOutPath: found["heldOut"]?.string, rowCount: rows, heldOutCount: held,
            missingTargetCount: missing, fingerprint: fingerprint, fileCount: files)
    }

    package func statistics(
        of pipeline: FeaturePipeline, target: TargetEncoding?, schema: TableSchema
    ) throws(TrainingError) -> [String: ColumnStatistics] {
        let found = try ask("statistics", try Self.preparation(pipeline, target, schema))
        var statistics: [String: ColumnStatistics] = [:]
        for member in found["columns"]?.members ?? [] {
            let counts = member.value["counts"]?.members?.reduce(into: [String: Int]()) { $0[$1.name] = $1.value.integer }
            statistics[member.name] = ColumnStatistics(
                missing: member.value["missing"]?.integer ?? 0, median: member.value["median"]?.double, counts: counts)
        }
        return statistics
    }

    package func encode(
        _ pipeline: FeaturePipeline, target: TargetEncoding?, schema: TableSchema
    ) throws(TrainingError) -> any DistributedRows {
        let found = try ask("encode", try Self.preparation(pipeline, target, schema))
        guard let rows = found["rows"]?.integer, rows > 0 else {
            throw TrainingError(.badData, "no row to learn from is left: hold fewer rows out", operation: "encode")
        }
        return SparkRows(self, rowCount: rows, featureCount: pipeline.featureCount, classCount: target?.classes?.count ?? 0)
    }

    /// What the driver needs to know to read and encode values as this program does.
    private static func preparation(
        _ pipeline: FeaturePipeline, _ target: TargetEncoding?, _ schema: TableSchema
    ) throws(TrainingError) -> [JSONValue.Member] {
        func json(_ value: some Encodable) throws(TrainingError) -> JSONValue {
            do { return try JSONValue(parsing: Array(try JSONEncoder().encode(value))) } catch {
                throw TrainingError(
                    .badRequest, "the preparation cannot be written as JSON", operation: "encode", cause: "\(error)")
            }
        }
        return [
            .init("pipeline", try json(pipeline)), .init("keeping", .array(pipeline.keepsMissingOfColumns.map { .boolean($0) })),
            .init("schema", try json(schema)),
            .init(
                "target",
                try target.map { target throws(TrainingError) in
                    .object([
                        "column": .string(target.column), "origin": .number(target.origin),
                        "classes": target.classes.map { .array($0.map { .string($0) }) },
                    ])
                } ?? .null),
        ]
    }

    static func confused(_ op: String) -> TrainingError {
        TrainingError(
            .clusterFailed, "Spark's driver answers what was not asked (\(op)): install Descent and its Python package again",
            operation: op)
    }

    package func close() {
        driver.close()
        news.close()
        for name in ["sample.csv", "sample.parquet", "held.csv", "held.parquet"] { Folder.remove(scratch + "/" + name) }
    }
}

extension TrainingError {
    init(_ fault: SparkFault) {
        let code: Code =
            switch fault.code {
            case .usage: .badRequest
            case .data: .badData
            case .failed: .clusterFailed
            case .stopped: .stopped
            }
        self.init(code, fault.message, operation: "spark")
    }
}
