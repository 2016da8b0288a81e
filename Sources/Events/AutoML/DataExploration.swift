import JSON

/// What an AutoML job saw in its data before anything was trained.
///
/// - Source: the data exploration report of SageMaker Autopilot.
public struct DataExploration: Sendable, Hashable {
    /// The file an AutoML job's folder keeps it in.
    public static let fileName = "exploration.json"

    /// What a column tells of the target by itself.
    public struct Told: Sendable, Hashable {
        public var column: String
        /// The share of the target's variation that it explains of rows that it was not learned from: from 0 to 1.
        public var power: Double
        /// Pearson's with the target; nil where that is no number.
        public var correlation: Double?

        public init(column: String, power: Double, correlation: Double?) {
            (self.column, self.power, self.correlation) = (column, power, correlation)
        }
    }

    /// The columns that count, and how they are spread.
    public var profile: DatasetProfile
    public var target: String
    /// Rows that have a target.
    public var rowCount: Int
    /// Rows that repeat an earlier one.
    public var repeatedRows = 0
    /// Rows of each class, in the classes' order; empty where the target is a number.
    public var classes: [ColumnProfile.Frequency] = []
    /// Those that tell most first.
    public var told: [Told] = []
    /// Columns of numbers, and Pearson's correlations of each with each. - Shape: [numeric][numeric].
    public var numeric: [String] = []
    public var correlations: [[Double]] = []
    /// What harms what is learned from the data, or how that is judged.
    public var findings: [String] = []
    /// The first rows, a text a column of the profile.
    public var sample: [[String]] = []

    public init(profile: DatasetProfile, target: String, rowCount: Int) {
        (self.profile, self.target, self.rowCount) = (profile, target, rowCount)
    }

    /// The target's column.
    public var targetColumn: ColumnProfile? { profile.columns.first { $0.name == target } }

    public func told(_ column: String) -> Told? { told.first { $0.column == column } }

    /// Pairs of different columns that go together most, the strongest first.
    public func strongestPairs(_ limit: Int) -> [(first: String, second: String, correlation: Double)] {
        var pairs: [(first: String, second: String, correlation: Double)] = []
        for first in numeric.indices {
            for second in numeric.indices.dropFirst(first + 1) {
                pairs.append((numeric[first], numeric[second], correlations[first][second]))
            }
        }
        return Array(pairs.sorted { abs($0.correlation) > abs($1.correlation) }.prefix(limit))
    }
}

extension DataExploration {
    public var json: JSONValue {
        .object([
            "profile": profile.json, "target": .string(target), "rows": .integer(rowCount),
            "repeatedRows": .integer(repeatedRows),
            "classes": .array(classes.map { .object(["name": .string($0.value), "rows": .integer($0.count)]) }),
            "told": .array(
                told.map { one in
                    .object([
                        "column": .string(one.column), "power": .number(one.power),
                        "correlation": one.correlation.map { .number($0) },
                    ])
                }),
            "numeric": .array(numeric.map { .string($0) }),
            "correlations": .array(correlations.map { row in .array(row.map { .number($0) }) }),
            "findings": .array(findings.map { .string($0) }),
            "sample": .array(sample.map { row in .array(row.map { .string($0) }) }),
        ])
    }

    public init?(json: JSONValue) {
        guard let profile = json["profile"].flatMap(DatasetProfile.init(json:)), let target = json["target"]?.string,
            let rows = json["rows"]?.integer
        else { return nil }
        self.init(profile: profile, target: target, rowCount: rows)
        repeatedRows = json["repeatedRows"]?.integer ?? 0
        classes = (json["classes"]?.array ?? []).compactMap { one in
            guard let name = one["name"]?.string, let rows = one["rows"]?.integer else { return nil }
            return .init(value: name, count: rows)
        }
        told = (json["told"]?.array ?? []).compactMap { one in
            guard let column = one["column"]?.string, let power = one["power"]?.double else { return nil }
            return Told(column: column, power: power, correlation: one["correlation"]?.double)
        }
        findings = (json["findings"]?.array ?? []).compactMap(\.string)
        sample = (json["sample"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
            .filter { $0.count == profile.columns.count }
        let names = (json["numeric"]?.array ?? []).compactMap(\.string)
        let matrix = (json["correlations"]?.array ?? []).map { ($0.array ?? []).compactMap(\.double) }
        // A matrix that is none of these columns is not shown.
        if matrix.count == names.count, matrix.allSatisfy({ $0.count == names.count }) {
            (numeric, correlations) = (names, matrix)
        }
    }
}
