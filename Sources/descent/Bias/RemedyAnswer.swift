import Cells
import Events
import Experiments
import Fairness
import JSON
import PrintableText
import Tables

/// What `descent bias --remedy` tells.
struct RemedyAnswer {
    private let remedy: GroupRemedy
    private let name: String

    /// - Parameter table: of the file that the user names, which has to be the run's.
    /// - Throws: `badRequest` for what makes no sense, `badData` where nothing can be measured.
    init(_ kind: String, _ arguments: ParsedArguments, _ table: Table) throws(FairnessError) {
        guard kind == "thresholds" else { throw FairnessError(.badRequest, "--remedy '\(kind)': say thresholds") }
        guard let model = arguments.value("--model") else {
            throw FairnessError(.badRequest, "--remedy mends what a run's model predicts: name the run with --model")
        }
        if arguments.flag("--out") {
            throw FairnessError(.badRequest, "--out writes metrics, and not what a remedy does: take --json for that")
        }
        do {
            let workspace = try WorkspaceChoice.existing(arguments)
            let run = try RunStore(reading: workspace).run(named: model)
            guard run.record.dataFingerprint.contains(table.fingerprint) else {
                throw FairnessError(
                    .badRequest, "\(run.record.name) was trained on another file, \(run.record.request.datasetPath): give that")
            }
            (remedy, name) = (try GroupRemedy(run, workspace), run.record.name)
        } catch let error as FairnessError {
            throw error
        } catch {
            let told = CommandError(error)
            throw FairnessError(told.code == .data ? .badData : .badRequest, told.description)
        }
    }

    func tell(_ study: BiasStudy, _ arguments: ParsedArguments, notes: [String]) throws(FairnessError) {
        let outcomes = try remedy.thresholds(study)
        if !arguments.flag("--quiet") {
            for note in notes + (outcomes.first?.notes ?? []) { Console.note("note: \(note.printable)") }
        }
        if arguments.flag("--json") { Console.print(json(outcomes).text) } else { Console.printRaw(text(outcomes, study)) }
    }

    private func json(_ outcomes: [GroupRemedyOutcome]) -> JSONValue {
        .object([
            "kind": .string("biasRemedy"), "remedy": .string("thresholds"), "model": .string(name),
            "facets": .array(outcomes.map(json)), "rows": .integer(remedy.run.rows?.count ?? 0),
        ])
    }

    private func json(_ outcome: GroupRemedyOutcome) -> JSONValue {
        let thresholds: JSONValue = .object([
            "facet": .number(outcome.score(outcome.thresholds.own)), "others": .number(outcome.score(outcome.thresholds.others)),
            "before": .number(outcome.score(outcome.own)),
        ])
        let facet = outcome.before.facet
        return .object([
            "facet": .string(facet.name), "value": .string(facet.value),
            "positiveWhereScore": .string(outcome.isTurned ? "atMost" : "atLeast"), "thresholds": thresholds,
            "chosenOnRows": .integer(outcome.chosenOn), "before": json(outcome.lines.map { ($0, $0.before) }),
            "after": json(outcome.lines.map { ($0, $0.after) }),
        ])
    }

    /// One side of a remedy.
    private func json(_ lines: [(line: GroupRemedyOutcome.Line, side: GroupRemedyOutcome.Side)]) -> JSONValue {
        func values(isQuality: Bool) -> JSONValue {
            .object(
                lines.filter { ($0.line.neutral == nil) == isQuality }.compactMap { line, side in
                    side.value.map { .init(line.name, .number($0)) }
                })
        }
        let intervals: [JSONValue.Member] = lines.compactMap { line, side in
            side.interval.map { .init(line.name, .array([.number($0.lowerBound), .number($0.upperBound)])) }
        }
        return .object([
            "metrics": values(isQuality: false), "quality": values(isQuality: true), "intervals": .object(intervals),
        ])
    }

    private func text(_ outcomes: [GroupRemedyOutcome], _ study: BiasStudy) -> String {
        var text = "\(study.label), positive: \(study.positive.value); \(remedy.run.rowsInWords)\n"
        func number(_ value: Double?) -> String { value.map { NumberFormat.significant($0, digits: 3) } ?? "–" }
        func ends(_ interval: ClosedRange<Double>?) -> String {
            interval.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" } ?? ""
        }
        for outcome in outcomes {
            text += "\n\(outcome.before.facet.name) \(outcome.before.facet.value): \(outcome.words)\n"
            let rows = outcome.lines.map { line in
                [
                    "  " + line.name, number(line.before.value), ends(line.before.interval), number(line.after.value),
                    ends(line.after.interval),
                ]
            }
            text += RunText.table([["", "before", "95 %", "after", "95 %"]] + rows, rightAligned: [1, 3])
        }
        return text
    }
}
