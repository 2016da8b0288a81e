import Events
import PipelineSteps
import Preparing
import Tables

/// A job's table as its pipeline makes it, learned on the rows of one split; where there is no pipeline, the table itself.
struct PreparedTable {
    let table: Table
    /// The split with the rows that are learned from: a pipeline may leave some out, and repeat some.
    let split: RowSplit
    let fitted: FittedPipeline?
    let notes: [TableWarning]

    /// - Parameters:
    ///   - raw: the file's columns, of which target, weight, group and order are the request's.
    ///   - encoding: what the target asks for.
    /// - Throws: as `FittedPipeline.fit`.
    init(
        _ raw: Table, _ split: RowSplit, _ pipeline: DataPipeline?, encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) {
        guard let pipeline else {
            (table, self.split, fitted, notes) = (raw, split, nil, [])
            return
        }
        let roles = try Self.roles(raw, encoding: encoding, request)
        let fit = try FittedPipeline.fit(pipeline, raw, rows: split.training, roles: roles)
        var split = split
        split.training = fit.rows
        (table, self.split, fitted) = (fit.table, split, fit.fitted)
        notes = zip(pipeline.steps.indices, fit.notes).compactMap { index, words in
            guard !words.isEmpty else { return nil }
            let told = words.prefix(Self.mostTold).joined(separator: "; ")
            let more = words.count > Self.mostTold ? "; and \(words.count - Self.mostTold) more" : ""
            return TableWarning(.featureChoice, "step \(index + 1) (\(pipeline.steps[index].kind.rawValue)): \(told)\(more)")
        }
    }

    /// Columns of which it is told what a step learned.
    private static let mostTold = 4

    /// The request's pipeline; nil where there is none.
    ///
    /// - Throws: `badOption`.
    static func pipeline(of request: JobRequest) throws(TableError) -> DataPipeline? {
        guard let text = request.pipeline else { return nil }
        do throws(PipelineError) { return try DataPipeline(parsing: text) } catch { throw TableError(.badOption, error.message) }
    }

    /// What the columns of a request are beside features.
    static func roles(
        _ table: Table, encoding: TargetEncoding?, _ request: JobRequest
    ) throws(TableError) -> ColumnRoles {
        var others: Set<String> = []
        for name in [request.weight, request.group].compactMap({ $0 }) { others.insert(try table.column(matching: name).name) }
        switch request.validationOrder {
        case nil, "random", "stratified", "file": break
        case "time": others.formUnion(table.columns.filter { $0.kind == .date }.map(\.name))
        case let name?: others.insert(try table.column(matching: name).name)
        }
        let target = try request.target.map { name throws(TableError) in try table.column(matching: name).name }
        return ColumnRoles(target: target, asClasses: encoding?.classes != nil, others: others, seed: request.seed)
    }
}

extension JobRequest {
    /// The request as far as it says which columns predict, weigh, group and order: what it says of features is about other columns where
    /// there is a pipeline.
    var aboutRoles: JobRequest {
        var request = self
        (request.drop, request.keep, request.text) = ([], [], [:])
        return request
    }
}
