import Tables

/// What is known of a data set, column by column: what stands in `statistics.json`.
public struct DatasetStatistics: Sendable, Hashable {
    public var rowCount: Int
    public var features: [FeatureStatistics]
    /// How columns go together; nil where somebody else measured them.
    public var correlations: RankCorrelations?

    public init(rowCount: Int, features: [FeatureStatistics], correlations: RankCorrelations? = nil) {
        (self.rowCount, self.features, self.correlations) = (rowCount, features, correlations)
    }

    /// Measures a table.
    ///
    /// - Parameter baseline: what its columns are to be counted as; nil = as they are.
    public init(_ table: Table, as baseline: DatasetStatistics? = nil) {
        let expected = Dictionary((baseline?.features ?? []).map { ($0.name, $0.type) }) { first, _ in first }
        let size = Self.sketchSize(columnCount: table.columns.count)
        self.init(
            rowCount: table.rowCount,
            features: table.columns.map { column in
                let type = expected[column.name].flatMap { $0 == .unknown ? nil : $0 }
                return FeatureStatistics(
                    column, as: type, misfits: table.reading.misfits[column.name] ?? 0, sketchSize: size)
            }, correlations: RankCorrelations(table, as: baseline?.correlations))
    }

    /// Of columns of numbers.
    public var moments: [String: WindowMoments] {
        var moments: [String: WindowMoments] = [:]
        for feature in features {
            guard let numbers = feature.numbers else { continue }
            moments[feature.name] = WindowMoments(mean: numbers.mean, deviation: numbers.deviation, count: feature.present)
        }
        return moments
    }

    public func feature(_ name: String) -> FeatureStatistics? { features.first { $0.name == name } }

    /// Smaller where there are thousands of columns, so that the file stays one that can be handled.
    private static func sketchSize(columnCount: Int) -> Int {
        columnCount <= 200 ? QuantileSketch.usualSize : max(128, QuantileSketch.usualSize * 200 / columnCount)
    }
}
