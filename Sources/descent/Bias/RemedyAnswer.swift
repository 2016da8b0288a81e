import Cells
import Events
import Experiments
import Fairness
import JSON
import PrintableText
import Tables

/// What `descent bias --remedy` tells.
struct RemedyAnswer {
    /// What can be tried.
    enum Kind: String, CaseIterable {
        /// A threshold for each group.
        case thresholds
        /// Training rows weighed so that labels do not depend on the groups.
        case reweigh
    }

    private let kind: Kind
    private let run: RunSummary
    private let workspace: Workspace

    /// - Parameter table: of the file that the user names, which has to be the run's.
    /// - Throws: `badRequest` for what makes no sense, `badData` where nothing can be measured.
    init(_ kind: String, _ arguments: ParsedArguments, _ table: Table) throws(FairnessError) {
        guard let known = Kind(rawValue: kind) else {
            throw FairnessError(.badRequest, "--remedy '\(kind)': say thresholds or reweigh")
        }
        guard let model = arguments.value("--model") else {
            throw FairnessError(.badRequest, "--remedy mends what a run's model predicts: name the run with --model")
        }
        if arguments.flag("--out") {
            throw FairnessError(.badRequest, "--out writes metrics, and not what a remedy does: take --json for that")
        }
        self.kind = known
        do {
            workspace = try WorkspaceChoice.existing(arguments)
            run = try RunStore(reading: workspace).run(named: model)
        } catch {
            let told = CommandError(error)
            throw FairnessError(told.code == .data ? .badData : .badRequest, told.description)
        }
        guard run.record.dataFingerprint.contains(table.fingerprint) else {
            throw FairnessError(
                .badRequest, "\(run.record.name) was trained on another file, \(run.record.request.datasetPath): give that")
        }
    }

    func tell(_ study: BiasStudy, _ arguments: ParsedArguments, notes: [String]) throws -> CommandError.ExitCode {
        switch kind {
        case .thresholds:
            let remedy: GroupRemedy, outcomes: [GroupRemedyOutcome]
            do throws(FairnessError) {
                remedy = try GroupRemedy(run, workspace)
                outcomes = try remedy.thresholds(study)
            } catch { throw CommandError(error) }
            say(notes + (outcomes.first?.notes ?? []), arguments)
            tell(outcomes.map(json), remedy.run.rows?.count ?? 0, arguments) {
                Self.text(outcomes.map { ($0.words, $0.effect) }, study, remedy.run.rowsInWords)
            }
            return .done
        case .reweigh: return try reweigh(study, arguments, notes)
        }
    }

    /// Trains the run again with its rows weighed, and tells what that did.
    private func reweigh(
        _ study: BiasStudy, _ arguments: ParsedArguments, _ notes: [String]
    ) throws -> CommandError.ExitCode {
        let facet: String
        do throws(FairnessError) {
            facet = try ReweighedPair.facet(of: study)
            // What cannot be measured is not trained either.
            try checkMeasurable(study)
        } catch { throw CommandError(error) }
        say(notes, arguments)
        let engine = try Engine(workspace: workspace)
        defer { engine.close() }
        try Engine.checkIsTrainedHere(run.record)
        var started: RunID?
        let code = try ForegroundJob(engine: engine, arguments: arguments).run {
            let record = try engine.start(run.record.reweighed(by: facet))
            started = record.id
            return record.id
        }
        guard code == .done, let started, let reweighed = try engine.store.run(started) else { return code }
        do throws(FairnessError) {
            let pair = try ReweighedPair(run, reweighed, workspace), effects = try pair.effects(study)
            let rows = "\(NumberFormat.grouped(pair.rows.count)) rows that neither was trained on"
            tell(effects.map { json($0, reweighed) }, pair.rows.count, arguments, reweighed) {
                Self.text(effects.map { (pair.words, $0) }, study, rows)
            }
        } catch { throw CommandError(error) }
        return .done
    }

    private func checkMeasurable(_ study: BiasStudy) throws(FairnessError) {
        let judged: JudgedRun
        if run.record.request.isScript {
            throw FairnessError(
                .badRequest, "\(run.record.name) is a script's run, whose rows only the script can weigh: give another run")
        }
        do { judged = try JudgedRun(run, workspace) } catch { throw FairnessError(.badData, CommandError(error).description) }
        try ReweighedPair.check(judged, run.record.name)
        if run.record.request.reweigh != nil {
            throw FairnessError(.badRequest, "\(run.record.name) weighs its rows already: give the run that it was made from")
        }
        guard let target = judged.model.target?.column, study.positive.parts[0].column == target else {
            throw FairnessError(
                .badRequest,
                "\(run.record.name) predicts \(judged.model.target?.column ?? "nothing"), and its rows are weighed by that: say "
                    + "--label \(judged.model.target?.column ?? "")")
        }
        var known = study
        (known.rows, known.predicted) = (judged.rows, try judged.positives(study))
        _ = try known.report(on: judged.table)
    }

    private func say(_ notes: [String], _ arguments: ParsedArguments) {
        if !arguments.flag("--quiet") { for note in notes { Console.note("note: \(note.printable)") } }
    }

    private func tell(
        _ facets: [JSONValue], _ rows: Int, _ arguments: ParsedArguments, _ reweighed: RunSummary? = nil, _ text: () -> String
    ) {
        guard arguments.flag("--json") else { return Console.printRaw(text()) }
        Console.print(
            JSONValue.object([
                "kind": .string("biasRemedy"), "remedy": .string(kind.rawValue), "model": .string(run.record.name),
                "reweighed": reweighed.map { .string($0.record.id.text) }, "facets": .array(facets), "rows": .integer(rows),
            ]).text)
    }

    private func json(_ effect: RemedyEffect, _ reweighed: RunSummary) -> JSONValue {
        .object([
            "facet": .string(effect.before.facet.name), "value": .string(effect.before.facet.value),
            "before": json(effect.lines.map { ($0, $0.before) }), "after": json(effect.lines.map { ($0, $0.after) }),
        ])
    }

    private func json(_ outcome: GroupRemedyOutcome) -> JSONValue {
        let thresholds: JSONValue = .object([
            "facet": .number(outcome.score(outcome.thresholds.own)), "others": .number(outcome.score(outcome.thresholds.others)),
            "before": .number(outcome.score(outcome.own)),
        ])
        let facet = outcome.effect.before.facet
        return .object([
            "facet": .string(facet.name), "value": .string(facet.value),
            "positiveWhereScore": .string(outcome.isTurned ? "atMost" : "atLeast"), "thresholds": thresholds,
            "chosenOnRows": .integer(outcome.chosenOn), "before": json(outcome.lines.map { ($0, $0.before) }),
            "after": json(outcome.lines.map { ($0, $0.after) }),
        ])
    }

    /// One side of a remedy.
    private func json(_ lines: [(line: RemedyEffect.Line, side: RemedyEffect.Side)]) -> JSONValue {
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

    /// - Parameter effects: each with what was done, in words.
    private static func text(_ effects: [(words: String, effect: RemedyEffect)], _ study: BiasStudy, _ rows: String) -> String {
        var text = "\(study.label), positive: \(study.positive.value); \(rows)\n"
        func number(_ value: Double?) -> String { value.map { NumberFormat.significant($0, digits: 3) } ?? "–" }
        func ends(_ interval: ClosedRange<Double>?) -> String {
            interval.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" } ?? ""
        }
        for (words, effect) in effects {
            text += "\n\(effect.before.facet.name) \(effect.before.facet.value): \(words)\n"
            let rows = effect.lines.map { line in
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
