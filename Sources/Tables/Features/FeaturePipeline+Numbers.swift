extension FeaturePipeline {
    /// Columns of numbers as they are, missing ones as missing: what a model sees that was trained elsewhere on such columns.
    package static func numbers(_ names: [String]) -> FeaturePipeline {
        FeaturePipeline(
            columns: names.map { FeatureColumn(name: $0, encoding: .number(median: 0, isDate: false, unit: nil)) },
            means: [], deviations: [], featureNames: names, warnings: [], standardises: false, keepsMissing: true)
    }
}
