extension FeatureColumn {
    /// What was chosen for a column of text or of many categories, in one line; nil where nothing was.
    func notice(_ style: FeatureOptions.Style) -> TableWarning? {
        let message: String
        switch encoding {
        case .number, .boolean, .dates, .missing, .categories: return nil
        case .codes(let categories, _):
            message =
                "\(categories.count) categories, \(style == .network ? "a vector" : "a weight") learned for each"
        case .means(let means):
            let shares = means.labels.count > 1 ? "shares of \(means.labels.count) classes" : "target mean"
            message = "\(means.slots.categories.count) categories, \(shares) out of fold and log count"
        case .frequent(let frequent):
            message =
                "\(frequent.slots.categories.count) categories, the \(FrequentCategories.limit) most frequent by themselves, and log count"
        case .text(let text):
            let terms =
                switch text.method {
                case .words: "\(text.terms.count) words"
                case .ngrams: "\(text.terms.count) words and pairs of words"
                case .chars: "\(text.terms.count) pieces of words"
                case .hash, .none: "words hashed to \(text.slotCount) features"
                }
            let counts = text.measures.isEmpty ? "" : " and \(text.measures.count) counts"
            message =
                "text, \(terms)\(text.method == .hash ? "" : " by TF-IDF")\(counts); --text \(name)=words|ngrams|chars|hash|none chooses"
        }
        return TableWarning(.featureChoice, column: name, "\(name): \(message)")
    }

    /// Says that whole numbers which seem to be the names of something are learned from as numbers; nil for other columns.
    func numberHint(_ table: Table, rows: [Int], _ options: FeatureOptions) -> TableWarning? {
        guard case .number = encoding, !options.keepsConstants, let column = table.column(named: name), column.kind == .integer,
            let numbers = column.numbers, RowNames.mayNumberThings(name)
        else { return nil }
        var counts: [Double: Int] = [:]
        for row in rows where !numbers[row].isNaN { counts[numbers[row], default: 0] += 1 }
        let present = counts.values.reduce(0, +)
        // Values that come again and again, as those of things do.
        guard counts.count >= 3, counts.count * 3 <= present, counts.keys.allSatisfy({ $0 >= 0 }) else { return nil }
        return TableWarning(
            .featureChoice, column: name,
            "\(name): \(counts.count) whole numbers, learned from as quantities; if they name something, \(RowNames.option("--type", name, "=categorical")) makes them categories"
        )
    }
}
