import Files
import FoundationEssentials
import Glibc
import JSON
import Tables

/// What data is compared with: a folder with `statistics.json` and `constraints.json`, as SageMaker's monitors have it, and with how the
/// data was read, which is ours alone.
public struct Baseline: Sendable {
    public var statistics: DatasetStatistics
    public var constraints: DatasetConstraints
    /// How the file's texts became values; empty where somebody else made the baseline.
    public var schema: TableSchema

    public static let statisticsName = "statistics.json", constraintsName = "constraints.json", readingName = "reading.json"
    public static let violationsName = "constraint_violations.json"
    /// More than a file of a baseline may have.
    private static let mostBytes = 1 << 30

    /// Of how many quiet windows in 1 a new baseline may say something.
    public static let usualFalseAlarms = 0.005

    /// Learns what data is like.
    ///
    /// - Parameter falseAlarms: see `MonitoringConfiguration`.
    /// - Throws: `badData` for a table without rows.
    public init(_ table: Table, falseAlarms: Double? = usualFalseAlarms) throws(MonitoringError) {
        guard table.rowCount > 0 else { throw MonitoringError(.badData, "there are no rows to make a baseline of: give some") }
        statistics = DatasetStatistics(table)
        constraints = DatasetConstraints(
            suggestedFor: statistics, moving: Set(table.columns.filter { $0.kind == .date }.map(\.name)), falseAlarms: falseAlarms
        )
        schema = table.schema
    }

    /// Reads a folder.
    ///
    /// - Throws: `badData`, with the file at fault.
    public init(folder: String) throws(MonitoringError) {
        (statistics, constraints, schema) = (
            try Self.read(folder, Self.statisticsName, DatasetStatistics.init),
            try Self.read(folder, Self.constraintsName, DatasetConstraints.init), TableSchema()
        )
        let path = folder + "/" + Self.readingName
        guard let bytes = try Self.bytes(path) else { return }
        do { schema = try JSONDecoder().decode(TableSchema.self, from: Data(bytes)) } catch {
            throw MonitoringError(.badData, "\(path) is damaged: delete it, and data is read by its own evidence")
        }
        guard schema.isSound else {
            throw MonitoringError(.badData, "\(path) names a column twice: delete it, and data is read by its own evidence")
        }
    }

    /// Writes the folder, which only its owner can read.
    ///
    /// - Throws: `badRequest` where it cannot be written.
    public func write(to folder: String) throws(MonitoringError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            try Folder.make(folder)
            try PrivateFile.write(statistics.json, to: folder + "/" + Self.statisticsName)
            try PrivateFile.write(constraints.json, to: folder + "/" + Self.constraintsName)
            try PrivateFile.write(Array(try encoder.encode(schema)), to: folder + "/" + Self.readingName)
        } catch let error as FileError {
            throw MonitoringError(.badRequest, error.description)
        } catch { throw MonitoringError(.badRequest, "\(folder): how the data was read cannot be written: \(error)") }
    }

    /// The columns' rules: how they were read or, where somebody else made the baseline, what their types say.
    public var readingSchema: TableSchema {
        guard schema.columns.isEmpty else { return schema }
        return TableSchema(
            columns: statistics.features.compactMap { feature in
                switch feature.type {
                case .integral: ColumnRule(name: feature.name, kind: .integer)
                case .fractional: ColumnRule(name: feature.name, kind: .numeric)
                case .string: ColumnRule(name: feature.name, kind: .categorical)
                case .unknown: nil
                }
            })
    }

    static func read<Value>(
        _ folder: String, _ name: String, _ make: (JSONValue) throws(MonitoringError) -> Value
    ) throws(MonitoringError) -> Value {
        let path = folder + "/" + name
        guard let bytes = try bytes(path) else {
            throw MonitoringError(
                .badData, "\(path) is not there: `descent monitor baseline FILE --out \(folder)` makes a baseline")
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch {
            throw MonitoringError(.badData, "\(path) is no whole JSON document: \(error)")
        }
        do { return try make(json) } catch { throw MonitoringError(error.code, "\(path): \(error.message)") }
    }

    private static func bytes(_ path: String) throws(MonitoringError) -> [UInt8]? {
        do { return try AtomicFile.read(path, atMost: mostBytes) } catch {
            throw MonitoringError(.badData, error.description)
        }
    }
}

/// Files that only their owner can read: they tell of the data.
public enum PrivateFile {
    public static func write(_ json: JSONValue, to path: String) throws(FileError) {
        try write(Array((json.text + "\n").utf8), to: path)
    }

    static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try AtomicFile.write(bytes, to: path, mode: 0o600)
    }
}
