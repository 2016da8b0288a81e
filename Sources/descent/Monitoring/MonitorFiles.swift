import Files
import JSON
import Monitoring

/// What an execution leaves, as SageMaker's monitors do. Only their owner can read the files.
enum MonitorFiles {
    static func write(_ violations: [ConstraintViolation], _ statistics: DatasetStatistics?, to folder: String) throws {
        try write(violations, statistics: statistics?.json, to: folder)
    }

    static func write(_ violations: [ConstraintViolation], _ quality: ModelQuality, to folder: String) throws {
        try write(violations, statistics: quality.json, to: folder)
    }

    private static func write(_ violations: [ConstraintViolation], statistics: JSONValue?, to folder: String) throws {
        try Folder.make(folder)
        if let statistics { try PrivateFile.write(statistics, to: folder + "/" + Baseline.statisticsName) }
        try PrivateFile.write(ConstraintViolation.file(violations), to: folder + "/" + Baseline.violationsName)
    }
}
