extension FeatureFitting {
    /// Categories of a column that become a feature each for trees, and for distances; where there are more, other forms say more.
    private static let treeLimit = 20, distanceLimit = 64
    /// Bytes that the terms of all texts may fill in the matrix of features.
    private static let textByteLimit = 1 << 28
    /// Terms of a text at most, by method, and at least, however many rows there are.
    private static let termLimits: [TextMethod: Int] = [.words: 2000, .ngrams: 4000, .chars: 4096], fewestTerms = 64
    /// Texts of up to so many characters on average are told apart by pieces of words, where there are rows enough for them.
    private static let shortTextLength = 200.0, rowsForPieces = 2000

    /// What a column of truth values, categories or text teaches.
    ///
    /// - Parameter codes: the training rows' codes.
    static func coded(
        _ column: Column, _ codes: [Int32], _ dictionary: [String], _ rows: [Int], _ options: FeatureOptions
    ) -> Outcome {
        var counts = [Int](repeating: 0, count: dictionary.count)
        var missing = 0
        for code in codes { if code < 0 { missing += 1 } else { counts[Int(code)] += 1 } }
        let present = counts.indices.filter { counts[$0] > 0 }
        guard let first = present.first else { return allMissing(column) }
        let method = options.without.contains(.textTerms) ? TextMethod.none : options.text[column.name]
        let survey = { FreeText.survey(present.map { dictionary[$0] }) }
        if let method, method != .none, let text = text(column, method, dictionary, counts, rows, survey(), options) {
            return .use(.text(text))
        }
        if let codesFrom = options.codesFrom, let all = options.counts[column.name],
            column.kind == .text || all.count > codesFrom, recurs(all)
        {
            return .use(.codes(all.keys.sorted(), hasMissing: missing > 0))
        }
        let keepsAll = options.kept.contains(column.name)
        if present.count == 1, missing == 0 {
            return keepsAll
                ? .use(.categories([dictionary[first]], hasMissing: false)) : constant(column, dictionary[first])
        }
        if column.kind == .boolean, dictionary.count == 2, present.count == 2 {
            let mean = options.weights.map { share(of: codes, weights: $0) } ?? Double(counts[1]) / Double(counts[0] + counts[1])
            return .use(.boolean(no: dictionary[0], yes: dictionary[1], mean: mean))
        }
        let texts = Dictionary(present.map { (dictionary[$0], counts[$0]) }, uniquingKeysWith: { $1 })
        let limit = options.codesFrom ?? (options.style == .trees ? treeLimit : distanceLimit)
        if column.kind == .text || present.count > limit, recurs(texts) {
            let slots = CategorySlots(categories: texts.keys.sorted(), hasMissing: missing > 0)
            return .use(many(column, slots, rows, options))
        }
        // What a user says is a category, or is to be kept, is one whether or not its values come again.
        func whole() -> FeatureColumn.Encoding {
            guard present.count > limit else { return .categories(texts.keys.sorted(), hasMissing: missing > 0) }
            let slots = CategorySlots(categories: texts.keys.sorted(), hasMissing: missing > 0)
            return many(column, slots, rows, options)
        }
        guard column.kind == .text else { return .use(whole()) }
        if method != TextMethod.none {
            let survey = survey(), chosen = Self.method(survey, column, rowCount: rows.count, options)
            if survey.isText, let text = text(column, chosen, dictionary, counts, rows, survey, options) {
                return .use(.text(text))
            }
        }
        if keepsAll { return .use(whole()) }
        return .drop(unused(column, present.count))
    }

    /// How much of the weight of the values 0 and 1 the ones have.
    private static func share(of codes: [Int32], weights: [Float]) -> Double {
        var sums = (no: 0.0, yes: 0.0)
        for (code, weight) in zip(codes, weights) where code >= 0 {
            if code == 0 { sums.no += Double(weight) } else { sums.yes += Double(weight) }
        }
        return min(1, sums.yes / max(sums.no + sums.yes, .leastNormalMagnitude))
    }

    /// Whether most rows have a text that recurs. One seen once is a category then too: how much it is worth is for the penalty of a
    /// learner to say.
    private static func recurs(_ counts: [String: Int]) -> Bool {
        let covered = counts.values.reduce(0) { $1 > 1 ? $0 + $1 : $0 }, all = counts.values.reduce(0, +)
        return covered * 2 > all && counts.count < CategorySlots.limit
    }

    /// What becomes of a column of text when nothing is said of it.
    static func textWarning(_ column: Column, _ distinct: Int) -> TableWarning {
        guard case .codes(let codes, let dictionary) = column.storage else { return unused(column, distinct) }
        var counts = [Int](repeating: 0, count: dictionary.count)
        for code in codes where code >= 0 { counts[Int(code)] += 1 }
        let once = counts.count { $0 == 1 }, all = counts.reduce(0, +)
        let fate =
            (all - once) * 2 > all
            ? "text with \(distinct) distinct values that recur: they are categories"
            : FreeText.survey(dictionary).isText ? "text whose words recur: they are features" : nil
        return fate.map { TableWarning(.featureChoice, column: column.name, "\(column.name) is \($0)") }
            ?? unused(column, distinct)
    }

    private static func unused(_ column: Column, _ distinct: Int) -> TableWarning {
        TableWarning(
            .highCardinality, column: column.name,
            "\(column.name) is text with \(distinct) distinct values: it is not used as a feature")
    }

    private static func many(
        _ column: Column, _ slots: CategorySlots, _ rows: [Int], _ options: FeatureOptions
    ) -> FeatureColumn.Encoding {
        if let codesFrom = options.codesFrom {
            return slots.categories.count > codesFrom || column.kind == .text
                ? .codes(slots.categories, hasMissing: slots.hasMissing)
                : .categories(slots.categories, hasMissing: slots.hasMissing)
        }
        let takesMeans = options.style == .trees && slots.categories.count > treeLimit
        if takesMeans, !options.without.contains(.categoryMeans), let outcome = options.outcome {
            return .means(CategoryMeans(column, slots, rows: rows, outcome))
        }
        let takesAll = options.style == .linear || options.style == .network || slots.categories.count <= distanceLimit
        if takesAll { return .categories(slots.categories, hasMissing: slots.hasMissing) }
        return .frequent(FrequentCategories(column, slots, rows: rows))
    }

    // MARK: text

    private static func method(
        _ survey: FreeText.Survey, _ column: Column, rowCount: Int, _ options: FeatureOptions
    ) -> TextMethod {
        switch options.style {
        case .linear where survey.length <= shortTextLength && rowCount >= rowsForPieces: .chars
        case .linear, .network, .trees: room(column, options) >= termLimits[.ngrams] ?? 0 ? .ngrams : .words
        case .distances: .words
        }
    }

    /// Terms that there is room for.
    private static func room(_ column: Column, _ options: FeatureOptions) -> Int {
        textByteLimit / (4 * max(1, column.rowCount) * options.textColumnCount)
    }

    /// What is learned of a text grows with the rows there are: beside few rows many terms are noise, more so for networks.
    private static func text(
        _ column: Column, _ method: TextMethod, _ dictionary: [String], _ counts: [Int], _ rows: [Int], _ survey: FreeText.Survey,
        _ options: FeatureOptions
    ) -> TextVectorizer? {
        let isProse = survey.words >= 5, enough = method == .chars ? rows.count : rows.count / 4
        let most = min(termLimits[method] ?? 0, room(column, options), enough)
        return TextVectorizer(
            method, dictionary, counts: counts, rowCount: rows.count,
            .init(
                terms: max(fewestTerms, most), leastRows: method == .chars ? 3 : 2,
                // About √10: linear models are then penalised for a term's weight as scikit-learn's with C = 10 are, which suits text
                // better than the C = 1 that suits indicators. Names of a few words, beside few rows, say less than other columns.
                length: isProse ? 3 : max(0.5, 3 * min(1, Float(rows.count) / 2000)), takesMeasures: isProse || rows.count >= 1000
            ))
    }
}
