extension FeaturePipeline {
    /// Warnings about a table to predict on: values that training did not have, and words that the model does not know.
    public func warnings(for table: Table) -> [TableWarning] {
        let seen = SeenValues(self)
        var told: Set<String> = []
        return columns.compactMap { learned in
            guard !told.contains(learned.name), let dictionary = table.column(named: learned.name)?.dictionary else { return nil }
            if case .text(let text) = learned.encoding {
                told.insert(learned.name)
                return Self.unknownTerms(learned.name, text, dictionary)
            }
            guard learned.categories != nil else { return nil }
            told.insert(learned.name)
            return seen.warning(learned.name, dictionary)
        }
    }

    private static func unknownTerms(_ name: String, _ text: TextVectorizer, _ texts: [String]) -> TableWarning? {
        let found = text.unknownTerms(of: texts)
        guard found.unknown > 0, let example = found.example else { return nil }
        let terms = text.method == .chars ? "pieces of words" : "words"
        return TableWarning(
            .featureChoice, column: name,
            "\(name): the model knows \(found.all - found.unknown) of \(found.all) distinct \(terms) here; others, such as '\(example)', "
                + "count for nothing")
    }

    /// Says which columns of a model a table lacks, all at once.
    static func missing(_ columns: [FeatureColumn], in table: Table) -> TableError {
        var names: [String] = []
        for column in columns where table.column(named: column.name) == nil && !names.contains(column.name) {
            names.append(column.name)
        }
        let shown = names.prefix(shownNames).map { "'\($0)'" }.joined(separator: ", ")
        let more = names.count > shownNames ? ", … (\(names.count) in all)" : ""
        let words =
            names.count == 1
            ? "no column named \(shown), which the model was trained on: add it"
            : "no columns named \(shown)\(more), which the model was trained on: add them"
        return TableError(.columnNotFound, words, path: table.path.isEmpty ? nil : table.path)
    }

    private static let shownNames = 20
}
