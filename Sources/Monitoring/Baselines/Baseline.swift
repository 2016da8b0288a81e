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
    /// Some rows, which all columns together are compared with; nil where somebody else made the baseline, or there are too few.
    public var reference: Table?

    public static let statisticsName = "statistics.json", constraintsName = "constraints.json", readingName = "reading.json"
    /// Rows of the reference period, ours alone.
    public static let referenceName = "reference.csv"
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
        reference = falseAlarms == nil ? nil : DomainClassifier.reference(of: table)
    }

    /// Adds a column of other rows, such as what a model says of those that it held out.
    public mutating func add(_ column: Column) {
        let own = DatasetStatistics(Table(columns: [column]))
        statistics.features += own.features
        constraints.features +=
            DatasetConstraints(suggestedFor: own, falseAlarms: constraints.configuration.falseAlarms).features
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
        let rows = folder + "/" + Self.referenceName
        guard FileKind(at: rows) == .file else { return }
        do throws(TableError) { reference = try Table(contentsOf: rows, schema: readingSchema) } catch {
            throw MonitoringError(
                .badData, "\(rows) cannot be read: delete it, and columns are not compared together: \(error.message)")
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
            if let reference { try PrivateFile.write(reference, to: folder + "/" + Self.referenceName) }
            try PrivateFile.write(bytes: Array(try encoder.encode(schema)), to: folder + "/" + Self.readingName)
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
        try write(bytes: Array((json.text + "\n").utf8), to: path)
    }

    public static func write(bytes: [UInt8], to path: String) throws(FileError) {
        try AtomicFile.write(bytes, to: path, mode: 0o600)
    }
}
