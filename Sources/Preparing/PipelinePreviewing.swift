import Numerics
import PipelineSteps
import Tables

/// Looks at a table before and after each step of a pipeline.
public enum PipelinePreviewing {
    /// Most columns that are looked at after a step.
    private static let columnLimit = 200

    /// Learns the pipeline, and tells what each step did. A step that cannot be done ends it: those before are told.
    ///
    /// - Parameter heldOut: rows that are not learned from.
    /// - Returns: also what was learned; nil where a step could not be done.
    public static func preview(
        _ pipeline: DataPipeline, _ table: Table, rows: [Int], heldOut: Int, roles: ColumnRoles
    ) -> (preview: PipelinePreview, fit: FittedPipeline.Fit?, fault: TableError?) {
        var preview = PipelinePreview(target: roles.target, rowCount: table.rowCount, heldOutCount: heldOut)
        var last = StepFitting(table, rows: rows, roles: roles)
        do throws(TableError) {
            let fit = try FittedPipeline.fit(pipeline, table, rows: rows, roles: roles) { index, now, outcome in
                preview.steps.append(step(pipeline.steps[index], index + 1, last, now, outcome))
                last = now
            }
            return (preview, fit, nil)
        } catch {
            preview.fault = error.message
            return (preview, nil, error)
        }
    }

    private static func step(
        _ step: PipelineStep, _ number: Int, _ before: StepFitting, _ after: StepFitting, _ outcome: StepFitting.Outcome
    ) -> PipelinePreview.Step {
        let names = Array(changed(outcome, before, after).prefix(columnLimit))
        let looks = (look(names, before), look(names, after))
        return PipelinePreview.Step(
            number: number, kind: step.kind, words: step.words, rows: (before.rows.count, after.rows.count),
            columns: (before.columns.names.count, after.columns.names.count),
            changes: names.map { .init(name: $0, before: looks.0[$0], after: looks.1[$0]) }, notes: outcome.notes)
    }

    /// Columns that a step made, changed or left out; of one that chooses rows, the target.
    private static func changed(_ outcome: StepFitting.Outcome, _ before: StepFitting, _ after: StepFitting) -> [String] {
        if outcome.operations.isEmpty { return before.rows == after.rows ? [] : [before.roles.target].compactMap { $0 } }
        var seen: Set<String> = []
        return outcome.operations.flatMap { $0.removes + $0.writes }.filter { name in
            seen.insert(name).inserted && before.columns[name] != after.columns[name]
        }
    }

    private static func look(_ names: [String], _ fitting: StepFitting) -> [String: PipelinePreview.Look] {
        let rows = fitting.rows, target = fitting.roles.target
        let columns = names.compactMap { fitting.columns[$0] }
        var powers: [String: Double] = [:]
        if let target, let goal = fitting.columns[target] {
            let table = Table(columns: columns.filter { $0.name != target } + [goal]).selecting(rows: rows)
            for told in TargetRelations(table, target: target, asClasses: fitting.roles.asClasses).columns {
                powers[told.column] = told.power
            }
        }
        return Dictionary(columns.map { ($0.name, look($0, rows, powers[$0.name])) }) { first, _ in first }
    }

    private static func look(_ column: Column, _ rows: [Int], _ power: Double?) -> PipelinePreview.Look {
        var look = PipelinePreview.Look(kind: column.kind.rawValue, missing: 0, distinct: 0, power: power)
        switch column.storage {
        case .numbers(let numbers):
            let present = rows.map { numbers[$0] }.filter { !$0.isNaN }
            (look.missing, look.distinct) = (rows.count - present.count, Set(present).count)
            guard column.kind != .date, !present.isEmpty else { return look }
            look.mean = present.reduce(0, +) / Double(present.count)
            (look.minimum, look.maximum) = (present.min(), present.max())
        case .codes(let codes, _):
            let present = rows.map { codes[$0] }.filter { $0 >= 0 }
            (look.missing, look.distinct) = (rows.count - present.count, Set(present).count)
        }
        return look
    }
}
