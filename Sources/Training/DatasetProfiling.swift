import Events
import Tables

/// Reads and describes data files in the vocabulary of events.
public enum DatasetProfiling {
    /// - Parameter target: the column to predict, for the warnings that need one.
    /// - Throws: `TableError` with the place at fault.
    public static func profile(
        path: String, target: String? = nil, options: ReadOptions = ReadOptions()
    ) throws(TableError) -> DatasetProfile {
        let stamp = DataFileStamp(at: path)
        let table = try Table(contentsOf: path, options: options)
        let name = try target.map { name throws(TableError) in try table.column(matching: name).name }
        var profile = DatasetProfile(try TableProfile(table, target: name))
        profile.stamp = stamp == DataFileStamp(at: path) ? stamp : nil
        return profile
    }
}

extension DatasetProfile {
    init(_ profile: TableProfile) {
        self.init(
            path: profile.path, byteCount: profile.byteCount, fingerprint: profile.fingerprint, rowCount: profile.rowCount,
            delimiter: String(profile.delimiter), hasHeader: profile.hasHeader, columns: profile.columns.map(ColumnProfile.init),
            warnings: profile.warnings.map { DataWarning($0) }, format: profile.format.rawValue)
        advice = profile.advice.map { Advice(topic: $0.topic.rawValue, reason: $0.reason, options: $0.options) }
        reading = DataReading(profile.reading, profile.choices, rowCount: profile.rowCount, columnCount: profile.columns.count)
    }
}

extension DataReading {
    /// What was decided when a table's file was read.
    public init(_ table: Table) {
        self.init(table.reading, table.readingChoices, rowCount: table.rowCount, columnCount: table.columns.count)
    }

    init(_ reading: TableReading, _ choices: [ReadingChoice], rowCount: Int, columnCount: Int) {
        self.init(
            format: reading.format.rawValue, rowCount: rowCount, columnCount: columnCount,
            choices: choices.map { Choice(option: $0.option.rawValue, value: $0.value, isGuess: $0.isGuess) },
            leftOut: reading.leftOut, fileCount: reading.fileCount)
    }
}

extension ColumnProfile {
    init(_ summary: ColumnSummary) {
        self.init(
            name: summary.name, kind: summary.kind.rawValue, count: summary.count, missing: summary.missing,
            distinct: summary.distinct, statistics: summary.statistics.map(Statistics.init),
            mostFrequent: summary.mostFrequent.map { Frequency(value: $0.value, count: $0.count) })
        written = summary.written
    }
}

extension ColumnProfile.Statistics {
    init(_ summary: ColumnSummary.NumberSummary) {
        self.init(
            mean: summary.mean, standardDeviation: summary.standardDeviation, minimum: summary.minimum,
            lowerQuartile: summary.lowerQuartile, median: summary.median, upperQuartile: summary.upperQuartile,
            maximum: summary.maximum, histogram: summary.histogram, binWidth: summary.binWidth)
    }
}
