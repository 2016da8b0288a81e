import Files
import JSON
import Monitoring

/// What an execution leaves, as SageMaker's monitors do. Only their owner can read the files.
enum MonitorFiles {
    static func write(_ violations: [ConstraintViolation], _ statistics: DatasetStatistics?, to folder: String) throws {
        try write(violations, statistics: statistics?.json, to: folder)
        guard let statistics else { return }
        try PrivateFile.write(
            .object(
                sorted: statistics.moments.mapValues { .array([.number($0.mean), .number($0.deviation), .integer($0.count)]) }),
            to: folder + "/" + momentsName)
    }

    /// Mean, deviation and count by column, for slow changes to be seen over many windows without reading all their statistics.
    private static let momentsName = "moments.json"

    /// What is kept of the windows before an execution's, the oldest first: those with rows that were compared with the same baseline.
    ///
    /// - Parameter folder: the execution's; others lie beside it and are called by their times.
    static func earlier(than folder: String, since baseline: String) -> [[String: WindowMoments]] {
        let parts = folder.split(separator: "/"), own = String(parts.last ?? ""),
            monitor = "/" + parts.dropLast().joined(separator: "/")
        let start = FileStamp(baseline + "/" + Baseline.statisticsName)?.modified ?? 0
        let names = Folder.names(in: monitor).filter { $0 < own && $0.first?.isNumber == true }.sorted().suffix(
            3 * WindowTrend.most)
        let found = names.compactMap { name -> [String: WindowMoments]? in
            let path = monitor + "/" + name + "/" + momentsName
            guard let stamp = FileStamp(path), stamp.modified >= start, let text = FileContents.text(path) else { return nil }
            do {
                var moments: [String: WindowMoments] = [:]
                for member in try JSONValue(parsing: text).members ?? [] {
                    guard let values = member.value.array, values.count == 3, let mean = values[0].double,
                        let deviation = values[1].double, let count = values[2].integer, count >= 0
                    else { continue }
                    moments[member.name] = WindowMoments(mean: mean, deviation: deviation, count: count)
                }
                return moments
            } catch { return nil }
        }
        return Array(found.suffix(WindowTrend.most - 1))
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
