import Tables

extension DataOutlook {
    /// Values that are missing in fewer rows, and fewer categories, are prepared the same with the step and without it.
    private static let fewestMissing = 5, shareOfMissing = 50, fewestCategories = 20

    /// Steps of preparing features that bear on this data where a learner of trees learns, or another.
    package func steps(forTrees: Bool) -> [PreparationStep] {
        let features = profile.columns.filter { $0.name != profile.target }
        return PreparationStep.allCases.filter { step in
            features.contains { column in
                switch step {
                case .missingFlags:
                    !forTrees && column.kind != .categorical && column.kind != .text && column.missing >= Self.fewestMissing
                        && column.missing * Self.shareOfMissing >= column.count + column.missing && column.count > 0
                case .categoryMeans:
                    forTrees && (column.kind == .categorical || column.kind == .text) && column.distinct > Self.fewestCategories
                        && column.distinct * 2 <= column.count
                case .dateParts: column.kind == .date && column.distinct > 1
                case .textTerms: column.kind == .text && column.distinct > 1
                }
            }
        }
    }
}
