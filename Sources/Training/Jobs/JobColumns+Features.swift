import Events
import Tables

extension JobColumns {
    /// How the columns become features for a request's learner.
    ///
    /// - Parameters:
    ///   - rows: the training rows.
    ///   - weights: what they count; nil = all alike.
    /// - Throws: `columnNotFound` and `columnUnusable` for what is said of columns of text; as `TargetEncoding.encode`.
    func featureOptions(
        _ table: Table, _ rows: [Int], _ request: JobRequest, isImage: Bool = false, weights: [Float]? = nil
    ) throws(TableError) -> FeatureOptions {
        var options = Algorithms.featureOptions(request, isImage: isImage)
        options.kept = kept
        options.without = Set(JobOption.words(request.without ?? "").compactMap(PreparationStep.init))
        for (name, method) in request.text {
            let column = try table.column(matching: name)
            guard column.dictionary != nil else {
                throw TableError(
                    .columnUnusable,
                    "'\(column.name)' holds \(column.kind.rawValue) values: --text is for columns of text; read it as text with --type '\(column.name)=text'",
                    path: table.path)
            }
            options.text[column.name] = TextMethod(rawValue: method)
        }
        options.weights = weights
        // Of the learners, trees alone take what is learned from targets: others learn a weight or a vector for each category.
        if options.style == .trees, let encoding {
            options.outcome = TrainingOutcome(
                name: encoding.column, classes: encoding.classes, targets: try encoding.encode(table, rows: rows),
                weights: options.weights, seed: request.seed)
        }
        return options
    }
}
