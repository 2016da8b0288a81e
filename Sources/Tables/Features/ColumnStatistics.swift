import Numerics

/// What all rows of a column teach, where a pipeline was learned on some of them.
public struct ColumnStatistics: Sendable, Hashable {
    /// Rows without a value.
    public var missing: Int
    /// Of a column of numbers; nil where no row has one.
    public var median: Double?
    /// How many rows have each value, of a column of categories or truth values, or of a target of classes.
    public var counts: [String: Int]?

    public init(missing: Int, median: Double? = nil, counts: [String: Int]? = nil) {
        (self.missing, self.median, self.counts) = (missing, median, counts)
    }
}

extension FeaturePipeline {
    /// The same, with the medians, means and categories of all rows.
    public func corrected(by statistics: [String: ColumnStatistics]) -> FeaturePipeline {
        precondition(!standardises, "the scales of a sample are not those of all rows")
        let corrected = columns.map { column in
            statistics[column.name].map { FeatureColumn(name: column.name, encoding: column.encoding.corrected(by: $0)) }
                ?? column
        }
        return FeaturePipeline(
            columns: corrected, means: means, deviations: deviations, featureNames: corrected.flatMap(\.featureNames),
            warnings: warnings, standardises: false, keeping: keeping)
    }

    /// Why a cluster cannot encode the rows, whose processes have this program not; nil = it can.
    ///
    /// - Parameter schema: how texts become values.
    public func clusterFault(_ schema: TableSchema) -> String? {
        let rules = schema.rulesByName
        let unfit = columns.compactMap { column -> String? in
            switch column.encoding {
            case .dates: return "\(column.name) (dates)"
            case .text: return "\(column.name) (text)"
            case .means: return "\(column.name) (means of categories)"
            case .number(_, let isDate, _):
                return isDate || rules[column.name]?.numbers != nil
                    ? "\(column.name) (\(isDate ? "dates" : "numbers that are not written as programs write them"))" : nil
            case .missing, .boolean, .categories, .codes, .frequent: return nil
            }
        }
        let named = unfit.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        guard let first = named.first else { return nil }
        return "not to be had on a cluster: \(named.joined(separator: ", ")): leave such columns out with --drop "
            + "\(first.prefix { $0 != " " }), or make numbers or categories of them first"
    }
}

extension FeatureColumn.Encoding {
    fileprivate func corrected(by whole: ColumnStatistics) -> Self {
        switch self {
        case .number(_, let isDate, let unit):
            return whole.median.map { .number(median: $0, isDate: isDate, unit: unit) } ?? self
        case .boolean(let no, let yes, _):
            guard let counts = whole.counts else { return self }
            let ones = Double(counts[yes] ?? 0), zeros = Double(counts[no] ?? 0)
            return ones + zeros > 0 ? .boolean(no: no, yes: yes, mean: ones / (ones + zeros)) : self
        case .categories:
            guard let counts = whole.counts, !counts.isEmpty else { return self }
            return .categories(counts.keys.sorted(), hasMissing: whole.missing > 0)
        case .frequent:
            guard let counts = whole.counts, !counts.isEmpty else { return self }
            return .frequent(FrequentCategories(counts: counts, missing: whole.missing))
        case .dates, .missing, .codes, .text, .means: return self
        }
    }
}

extension TargetEncoding {
    /// The same with more classes, which some rows were found to have; itself for numbers.
    public func admitting(_ values: [String]) -> TargetEncoding {
        guard case .classes(let column, let classes) = self, !Set(values).isSubset(of: classes) else { return self }
        return .classes(column: column, ClassOrder.sorted(Array(Set(classes).union(values))))
    }
}

extension FeaturePipeline {
    /// Whether missing values of each column stay NaN.
    public var keepsMissingOfColumns: [Bool] { keeping }
}
