extension FeaturePipeline {
    /// One pipeline that gives the features of several, what they have in common once.
    ///
    /// - Parameter pipelines: at least one; none standardises.
    /// - Returns: the pipeline, and for each of those given the places of its features among all.
    public static func joined(_ pipelines: [FeaturePipeline]) -> (pipeline: FeaturePipeline, places: [[Int]]) {
        precondition(pipelines.allSatisfy { !$0.standardises }, "pipelines with scales of their own cannot be joined")
        var known: [Part: Int] = [:], parts: [Part] = []
        let numbers = pipelines.map { pipeline in
            pipeline.parts.map { part in
                if let number = known[part] { return number }
                known[part] = parts.count
                parts.append(part)
                return parts.count - 1
            }
        }
        // Learners expect codes last.
        let order =
            parts.indices.filter { parts[$0].column.cardinality == nil }
            + parts.indices.filter { parts[$0].column.cardinality != nil }
        var starts = [Int](repeating: 0, count: parts.count), width = 0
        for number in order {
            starts[number] = width
            width += parts[number].column.width
        }
        let columns = order.map { parts[$0].column }
        var warnings: [TableWarning] = []
        for warning in pipelines.flatMap(\.warnings) where !warnings.contains(warning) { warnings.append(warning) }
        let pipeline = FeaturePipeline(
            columns: columns, means: [], deviations: [], featureNames: columns.flatMap(\.featureNames), warnings: warnings,
            standardises: false, keepsMissing: nil, keepingColumns: order.map { parts[$0].keepsMissing })
        let places = numbers.map { $0.flatMap { number in (0..<parts[number].column.width).map { starts[number] + $0 } } }
        return (pipeline, places)
    }

    /// The same of columns that are called otherwise.
    package func renamingColumns(_ name: (String) -> String) -> FeaturePipeline {
        let columns = columns.map { FeatureColumn(name: name($0.name), encoding: $0.encoding) }
        return FeaturePipeline(
            columns: columns, means: means, deviations: deviations, featureNames: columns.flatMap(\.featureNames),
            warnings: warnings, standardises: standardises, keepsMissing: nil, keepingColumns: keeping)
    }

    /// A column, and what becomes of its missing values.
    private struct Part: Hashable {
        var column: FeatureColumn
        var keepsMissing: Bool
    }

    private var parts: [Part] { zip(columns, keeping).map { Part(column: $0, keepsMissing: $1) } }
}
