extension FeatureFitting {
    /// Categories that get a feature each, of a column that is used because the user says so: the most frequent ones.
    private static let keptCategoryLimit = 1000

    /// The encoding of text that the rules would leave out; nil where they have no reason to.
    ///
    /// A code for each value where the learner takes codes, else a feature for each.
    static func kept(
        _ column: Column, _ codes: [Int32], _ dictionary: [String], rows: [Int], _ options: FeatureOptions
    ) -> FeatureColumn.Encoding? {
        var counts = [Int](repeating: 0, count: dictionary.count), missing = 0
        for row in rows { if codes[row] < 0 { missing += 1 } else { counts[Int(codes[row])] += 1 } }
        let present = counts.indices.filter { counts[$0] > 0 }
        guard column.kind == .text || column.kind == .categorical && present.count == 1, !present.isEmpty else { return nil }
        if options.codesFrom != nil, present.count < categoryLimit {
            return .codes(present.map { dictionary[$0] }.sorted(), hasMissing: missing > 0)
        }
        let frequent = present.sorted { (counts[$1], dictionary[$0]) < (counts[$0], dictionary[$1]) }
        return .categories(frequent.prefix(keptCategoryLimit).map { dictionary[$0] }.sorted(), hasMissing: missing > 0)
    }
}
