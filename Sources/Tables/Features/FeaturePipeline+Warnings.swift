extension FeaturePipeline {
    /// Warnings about a table to predict on: values that training did not have, and words that the model does not know.
    public func warnings(for table: Table) -> [TableWarning] {
        var told: Set<String> = []
        return columns.compactMap { learned in
            guard !told.contains(learned.name), let dictionary = table.column(named: learned.name)?.dictionary else { return nil }
            if case .text(let text) = learned.encoding {
                told.insert(learned.name)
                return Self.unknownTerms(learned.name, text, dictionary)
            }
            guard learned.categories != nil else { return nil }
            told.insert(learned.name)
            // Of models that are averaged, some may know what others do not.
            let categories = Set(columns.filter { $0.name == learned.name }.compactMap(\.categories).joined())
            let unseen = dictionary.filter { !categories.contains($0) }
            guard let first = unseen.first else { return nil }
            let words =
                unseen.count == 1
                ? "1 value that training did not have, '\(first)': it counts as (other)"
                : "\(unseen.count) values that training did not have, such as '\(first)': they count as (other)"
            return TableWarning(.unseenCategory, column: learned.name, "\(learned.name) has \(words)")
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
