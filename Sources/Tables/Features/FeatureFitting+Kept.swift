extension FeatureFitting {
    /// Categories that get a feature each, of a column that is used because the user says so: the most frequent ones.
    private static let keptCategoryLimit = 1000

    /// The encoding of text that the rules would leave out: a code for each value where the learner takes codes, else a feature for each.
    ///
    /// - Parameter counts: how many training rows have each text.
    static func kept(
        _ column: Column, _ counts: [String: Int], hasMissing: Bool, _ options: FeatureOptions
    ) -> FeatureColumn.Encoding {
        if options.codesFrom != nil, counts.count < categoryLimit { return .codes(counts.keys.sorted(), hasMissing: hasMissing) }
        let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(keptCategoryLimit)
        return .categories(frequent.map(\.key).sorted(), hasMissing: hasMissing)
    }
}
