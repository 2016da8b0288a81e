import Events
import FoundationEssentials
import JSON
import Tables
import Training

/// What files hold that Spark reads.
package struct SparkProfile: Sendable {
    package var errand: SparkErrand
    /// Files and folders, with commas between, and the column to predict.
    package var path: String, target: String?
    /// How the files are read, by read option.
    package var reading: [String: String]
    /// Where the sample is put.
    package var folder: String

    package init(_ errand: SparkErrand, path: String, target: String?, reading: [String: String], folder: String) {
        (self.errand, self.path, self.target) = (errand, path, target)
        (self.reading, self.folder) = (reading, folder)
    }

    /// - Parameters:
    ///   - isStopped: looked at 20 times a second.
    ///   - tell: told what Spark says meanwhile.
    /// - Throws: what Spark or the data refuse; `stopped`.
    package func run(
        isStopped: @escaping () -> Bool, tell: @escaping (String) -> Void
    ) throws(SparkFault) -> DatasetProfile {
        if let option = SampledProfile.unknownOption(reading) {
            throw SparkFault(
                .usage, "\(option) is not to be had on spark, which reads CSV with or without a header, and Parquet: leave it out"
            )
        }
        return try errand.run(isStopped: isStopped, tell: tell) { ask throws(SparkFault) in
            let found = try ask(
                "survey",
                [
                    .init("path", .string(path)), .init("target", .null), .init("reading", JSONValue(reading)),
                    .init("heldOut", .number(0)), .init("seed", .string("0")),
                    .init("sampleLimit", .integer(SampledProfile.sampleLimit)), .init("folder", .string(folder)),
                ])
            guard let sample = found["sample"]?.string, let files = SampledProfile.Files(found, path: path) else {
                throw SparkFault(SparkCluster.confused("survey"))
            }
            let profile = try SparkFault.data { () throws(TableError) in
                try SampledProfile(path: sample, target: target, reading: reading)
            }
            let figures = try Self.figures(try ask("figures", Self.question(profile)), profile.wishes)
            return try SparkFault.data { () throws(TableError) in try profile.profile(files, figures) }
        }
    }

    private static func question(_ profile: SampledProfile) throws(SparkFault) -> [JSONValue.Member] {
        let schema: JSONValue
        do { schema = try JSONValue(parsing: Array(try JSONEncoder().encode(profile.schema))) } catch {
            throw SparkFault(.failed, "how columns are read cannot be written as JSON (\(error)): name their types with --type")
        }
        let columns = profile.wishes.map { wish in
            JSONValue.object([
                "name": .string(wish.name), "as": .string(wish.reading.rawValue), "whole": .boolean(wish.isWhole),
            ])
        }
        return [.init("schema", schema), .init("columns", .array(columns))]
    }

    private typealias Found = (reading: SampledProfile.Reading, figures: WholeFigures.ColumnFigures)

    private static func figures(
        _ answer: JSONValue, _ wishes: [SampledProfile.Wish]
    ) throws(SparkFault) -> [String: Found] {
        guard let columns = answer["columns"]?.array, columns.count == wishes.count else {
            throw SparkFault(SparkCluster.confused("figures"))
        }
        var found: [String: Found] = [:]
        for (wish, column) in zip(wishes, columns) {
            guard let count = column["count"]?.integer, let distinct = column["distinct"]?.integer,
                let reading = column["as"]?.string.flatMap(SampledProfile.Reading.init(rawValue:))
            else { throw SparkFault(SparkCluster.confused("figures")) }
            found[wish.name] = (
                reading,
                .init(
                    count: count, distinct: distinct, mostFrequent: column["top"]?.array?.compactMap(Self.frequency) ?? [],
                    statistics: statistics(column))
            )
        }
        return found
    }

    private static func frequency(_ entry: JSONValue) -> WholeFigures.Frequency? {
        guard let count = entry["count"]?.integer else { return nil }
        if let text = entry["text"]?.string { return .init(value: .text(text), count: count) }
        return NumberText.numbers(entry["number"], count: 1).map { .init(value: .number($0[0]), count: count) }
    }

    private static func statistics(_ column: JSONValue) -> ColumnSummary.NumberSummary? {
        guard let numbers = NumberText.numbers(column["numbers"], count: 8),
            let histogram = column["histogram"]?.array?.compactMap(\.integer)
        else { return nil }
        return .init(
            mean: numbers[0], standardDeviation: numbers[1], minimum: numbers[2], lowerQuartile: numbers[3], median: numbers[4],
            upperQuartile: numbers[5], maximum: numbers[6], histogram: histogram, binWidth: numbers[7])
    }
}

extension SampledProfile.Files {
    /// - Parameter survey: what the driver answered.
    fileprivate init?(_ survey: JSONValue, path: String) {
        guard let fingerprint = survey["fingerprint"]?.string, let bytes = survey["bytes"]?.integer,
            let rows = survey["rows"]?.integer, let files = survey["files"]?.integer,
            let delimiter = survey["delimiter"]?.string, let hasHeader = survey["header"]?.boolean
        else { return nil }
        self.init(
            path: path, fingerprint: fingerprint, byteCount: bytes, rowCount: rows, count: files, delimiter: delimiter,
            hasHeader: hasHeader)
    }
}

extension SparkFault {
    /// What the data refuse.
    static func data<Result>(_ work: () throws(TableError) -> Result) throws(SparkFault) -> Result {
        do throws(TableError) { return try work() } catch { throw SparkFault(.data, error.description) }
    }

    /// The same to who is asked for no job.
    init(_ error: TrainingError) { self.init(.failed, error.message) }
}
