import Events
import Tables

// Which rows a job learns from and which it is judged by.
extension Preparation {
    /// The rows that a job with this request holds out from training; all usable ones of a validation file.
    static func heldOutRows(of table: Table, _ encoding: TargetEncoding, _ request: JobRequest) throws(TableError) -> [Int] {
        var columns = JobColumns(encoding: encoding)
        columns.weight = try request.weight.map { name throws(TableError) in try table.column(matching: name).name }
        let usable = try columns.usableRows(of: table).rows
        // A class that the models do not know is none that they could be compared by.
        let targets = try encoding.encodeAdmittingUnseen(table, rows: usable).targets
        let limit = encoding.classes.map { Float($0.count) } ?? .infinity
        if request.validationPath != nil { return usable.indices.filter { targets[$0] < limit }.map { usable[$0] } }
        return try split(table, rows: usable, encoding: encoding, request).heldOut
    }

    /// Rows to learn from and rows held out; with folds, whose model learns from all rows, none of these.
    static func split(
        _ table: Table, rows: [Int], encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) -> RowSplit {
        let holdsOut = request.validationPath == nil && request.folds == nil
        return try RowSplit(
            table, rows: rows, method: holdsOut ? try method(table, encoding, request) : .random,
            fraction: holdsOut ? request.validationSplit : 0, seed: request.seed)
    }

    /// The folds a request asks for.
    static func folds(
        _ table: Table, rows: [Int], encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) -> [RowSplit] {
        guard let count = request.folds else { return [] }
        return try RowSplit.folds(
            table, rows: rows, method: try method(table, encoding, request), count: count, seed: request.seed)
    }

    private static func method(
        _ table: Table, _ encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) -> RowSplit.Method {
        if let group = request.group { return .grouped(by: group) }
        let path = table.path.isEmpty ? nil : table.path
        switch request.validationOrder {
        case nil:
            guard let encoding, encoding.classes != nil else { return .random }
            return .stratified(by: encoding.column)
        case "random": return .random
        case "file": return .ordered()
        case "stratified":
            guard let encoding, encoding.classes != nil else {
                throw TableError(.columnUnusable, "validation-order stratified takes a target of classes", path: path)
            }
            return .stratified(by: encoding.column)
        case "time":
            let dates = table.columns.filter { $0.kind == .date && $0.name != encoding?.column }
            guard let only = dates.first, dates.count == 1 else {
                let words =
                    dates.isEmpty
                    ? "no column holds dates: name the column that orders the rows, or say file"
                    : "\(dates.map(\.name).joined(separator: ", ")) hold dates: name the one that orders the rows"
                throw TableError(.columnUnusable, "validation-order time: \(words)", path: path)
            }
            return .ordered(by: only.name)
        case let column?:
            guard column != encoding?.column else {
                throw TableError(
                    .columnUnusable, "validation-order \(column): rows in the order of the target cannot judge a model of it",
                    path: path)
            }
            return .ordered(by: column)
        }
    }

    /// Says where rows without a value of the column go that orders the rows; nil where there are none.
    ///
    /// - Parameter splits: what was made of the rows.
    static func unorderedRows(
        _ table: Table, rows: [Int], _ splits: [RowSplit], encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) -> TableWarning? {
        let holdsOut = request.validationPath == nil && (request.folds != nil || request.validationSplit > 0)
        guard holdsOut, case .ordered(let name?) = try method(table, encoding, request) else { return nil }
        let column = try table.column(matching: name)
        let without = Set(rows.filter { column.isMissing(at: $0) })
        guard !without.isEmpty else { return nil }
        let judging = splits.reduce(0) { $0 + $1.heldOut.count(where: without.contains) }
        let fate = judging == 0 ? "are learned from" : "\(judging) of them judge the model"
        let (rows, they) = without.count == 1 ? ("1 row has", "it comes") : ("\(without.count) rows have", "they come")
        return TableWarning(
            .validation, column: column.name,
            "\(rows) no \(column.name): \(they) before all others in that order, and \(without.count == 1 && judging == 0 ? "is learned from" : fate)"
        )
    }

    /// What is advised on validation and not done.
    static func validationWarnings(_ advice: [DataAdvice], _ request: JobRequest) -> [TableWarning] {
        let holdsOut = request.validationPath == nil && (request.folds != nil || request.validationSplit > 0)
        guard holdsOut, let next = advice.first(where: { $0.topic == .validation }) else { return [] }
        let isDone = JobOption.all.contains { next.options[$0.name] != nil && !$0.values(request).isEmpty }
        // Who chose another way knows why.
        guard !isDone, request.validationOrder == nil, request.group == nil, request.folds == nil || next.options["folds"] == nil
        else { return [] }
        let words = next.options.sorted { $0.key < $1.key }.map { "--\($0.key) \($0.value)" }.joined(separator: " ")
        return [TableWarning(.validation, "\(next.reason) (\(words))")]
    }

    /// What the model is better measured by than by its loss; nil where the objective is chosen, or the loss says it all.
    static func metricAdvice(
        _ advice: [DataAdvice], _ encoding: TargetEncoding?, _ request: JobRequest
    ) -> String? {
        guard let encoding, request.hyperparameters[JobSettings.objective] == nil,
            let metric = advice.first(where: { $0.topic == .metric }),
            let name = metric.options["objective"], name != "rmse", name != "accuracy",
            // What the target was set to be is another matter than what its values say.
            (name == "f1") == (encoding.classes != nil)
        else { return nil }
        let positive = metric.options["positive"]
        guard positive == nil || request.positive == nil else {
            return "the classes are uneven: f1 and pr_auc tell more than accuracy (--objective \(name))"
        }
        return "\(metric.reason) (\(positive.map { "--positive \($0) " } ?? "")--objective \(name))"
    }
}
