import Events
import Learners
import Tables

/// What a request says of a table's columns: which is predicted and how, which weighs the rows, which are no features.
struct JobColumns {
    var target: String?, weight: String?
    /// Those that the request leaves out.
    var dropped: [String] = []
    /// Those that are used whatever the rules say.
    var kept: Set<String> = []
    var encoding: TargetEncoding?
    /// What was decided by what is asked for besides: nothing is wrong.
    private(set) var notes: [TableWarning] = []

    /// - Throws: `columnNotFound`, `columnUnusable`; as `TargetEncoding.infer` and `make`.
    init(_ table: Table, _ request: JobRequest) throws(TableError) {
        let named = { (name: String) throws(TableError) in try table.column(matching: name).name }
        // A target that is not needed is left out of the features.
        target = try request.target.map(named)
        weight = try request.weight.map(named)
        if let weight, weight == target {
            throw TableError(
                .columnUnusable, "'\(weight)' cannot be both target and row weight: name two columns", path: table.path)
        }
        dropped = try (request.drop + [request.group].compactMap { $0 }).map(named)
        if let needed = dropped.first(where: { $0 == target || $0 == weight }) {
            throw TableError(
                .columnUnusable,
                "'\(needed)' cannot be left out of the features: it is the \(needed == target ? "target" : "row weight")",
                path: table.path)
        }
        kept = Set(try request.keep.map(named))
        if let both = dropped.first(where: kept.contains) {
            throw TableError(.columnUnusable, "'\(both)' cannot be both kept and left out: say one of them", path: table.path)
        }
        for (option, names) in [("keep", request.keep), ("text", request.text.keys.sorted())] {
            for name in try names.map(named) {
                guard let role = role(of: name) else { continue }
                throw TableError(
                    .columnUnusable, "'\(name)' is \(role), which is no feature: leave it out of --\(option)", path: table.path)
            }
        }
        encoding = try Self.encoding(try table.counting(weight), column: target, request, &notes)
    }

    /// What a column is instead of a feature; nil for a feature.
    private func role(of name: String) -> String? {
        name == target ? "the target" : name == weight ? "the row weight" : dropped.contains(name) ? "left out" : nil
    }

    /// The target alone, however it was found out.
    init(encoding: TargetEncoding) { self.encoding = encoding }

    /// What the target asks for: what the settings say, else what the column's values say and the objective can be measured of.
    private static func encoding(
        _ table: Table, column: String?, _ request: JobRequest, _ notes: inout [TableWarning]
    ) throws(TableError) -> TargetEncoding? {
        guard let column, Algorithms.impliedTask(request)?.needsTarget != false else { return nil }
        let implied = Algorithms.impliedTask(request).flatMap { TargetEncoding.Task(rawValue: $0.rawValue) }
        let wish = request.task.flatMap { TargetEncoding.Wish($0) } ?? implied.map { .task($0) }
        let encoding =
            if let wish { try TargetEncoding.make(table, column: column, wish: wish) } else {
                try fitting(try TargetEncoding.infer(table, column: column), table, request, &notes)
            }
        return try request.positive.map { text throws(TableError) in try encoding.positive(text) } ?? encoding
    }

    /// Numbers may be taken for classes and classes for numbers: an objective that only one of the two has decides.
    private static func fitting(
        _ guessed: TargetEncoding, _ table: Table, _ request: JobRequest, _ notes: inout [TableWarning]
    ) throws(TableError) -> TargetEncoding {
        let tasks = Algorithms.tasksOfObjective(request).compactMap { TargetEncoding.Task(rawValue: $0.rawValue) }
        guard !tasks.isEmpty, !tasks.contains(guessed.task) else { return guessed }
        let wish: TargetEncoding.Wish = tasks == [.regressor] ? .task(.regressor) : .classification
        let other: TargetEncoding
        do throws(TableError) { other = try TargetEncoding.make(table, column: guessed.column, wish: wish) } catch {
            return guessed
        }
        guard tasks.contains(other.task) else { return guessed }
        let objective = request.hyperparameters[JobSettings.objective] ?? ""
        let words = other.classes == nil ? ("numbers", "classes") : ("classes", "numbers")
        notes.append(
            TableWarning(
                .targetTask, column: guessed.column,
                "\(guessed.column) is taken as \(words.0), as \(objective) is asked for; its values alone look like \(words.1)"))
        return other
    }

    /// Encodes the target as the training rows ask for it.
    mutating func takeOrigin(_ table: Table, _ rows: [Int], _ request: JobRequest) throws(TableError) {
        guard Algorithms.takesTargetOrigin(request) else { return }
        encoding = try encoding?.learningOrigin(table, rows: rows)
    }

    /// Rows that have a target, where one is asked for, and count, and what is said of the others.
    func usableRows(of table: Table) throws(TableError) -> (rows: [Int], warnings: [TableWarning]) {
        let all = Array(0..<table.rowCount)
        var known: (rows: [Int], warning: TableWarning?) = (all, nil)
        if let encoding { known = try encoding.usableRows(table, rows: all) }
        let counted = try RowWeights.countedRows(table, column: weight, rows: known.rows)
        return (counted.rows, [known.warning, counted.warning].compactMap { $0 })
    }

    /// Rows as a learner takes them.
    ///
    /// - Parameter outcome: what the pipeline learned from, where the rows are those that it was learned on.
    func labelled(
        _ table: Table, _ rows: [Int], _ pipeline: FeaturePipeline, outcome: TrainingOutcome? = nil
    ) throws(TableError) -> LabelledMatrix {
        try LabelledMatrix(table, rows, pipeline, encoding: encoding, weight: weight, outcome: outcome)
    }
}
