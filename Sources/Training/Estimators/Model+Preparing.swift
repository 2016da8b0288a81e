import Preparing
import Tables

extension Model {
    /// The columns of a file that a prediction needs: those of its features, or what its pipeline makes them of.
    public var neededColumns: [String] {
        var seen: Set<String> = []
        guard let preparation else { return pipeline.columnNames.filter { seen.insert($0).inserted } }
        let names = preparation.sources(of: Set(pipeline.columnNames))
        let known = inputs ?? schema?.columns.map(\.name) ?? []
        return known.filter(names.contains) + names.subtracting(known).sorted()
    }

    /// The table with the columns that the model learned from, made of those of its file; the same where the model has no pipeline, or the
    /// table is made already.
    ///
    /// - Throws: `columnNotFound` and `columnUnusable`, with the number of the step that lacks something.
    package func prepared(_ table: Table) throws(TableError) -> Table {
        guard let preparation else { return table }
        return try preparation.apply(to: table, needed: Set(pipeline.columnNames))
    }

    /// Reads a data file as the training data was read, with the columns that the model learned from.
    ///
    /// - Throws: as `read` and `prepared`.
    package func readPrepared(_ path: String, options: ReadOptions = ReadOptions()) throws(TableError) -> Table {
        try prepared(try read(path, options: options))
    }

    /// - Throws: `columnUnusable` for a file that has one of the columns that the model uses twice: which is meant is not known.
    func checkColumnsAreThereOnce(in table: Table) throws(TableError) {
        let used = (inputs ?? []) + (schema?.columns.map(\.name) ?? pipeline.columnNames), known = Set(used)
        for name in schema?.columns.map(\.name) ?? pipeline.columnNames {
            guard let warning = table.warnings.first(where: { $0.saysTwice(name, known: known) }) else { continue }
            throw TableError(
                .columnUnusable, "'\(name)' is there twice (\(warning.message)): leave one out, or call it otherwise",
                path: table.path.isEmpty ? nil : table.path)
        }
    }

    /// The step by which the model looks at rows before the one that it predicts, such as `step 3 (lag)`; nil = it does not.
    package var historyStep: String? { preparation?.historyStep(for: Set(pipeline.columnNames)) }

    /// Whether it averages models whose pipelines were learned on other rows each.
    public var hasSeveralPipelines: Bool { preparation?.isJoined ?? false }

    /// The first step that changes columns, such as `step 1 (impute)`; nil where the model has no pipeline.
    public var pipelineStep: String? { preparation?.firstStep }
}
