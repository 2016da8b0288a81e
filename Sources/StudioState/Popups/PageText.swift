import Cells
import Events

/// What a page of text says.
package enum PageText {
    package static func lines(of page: Page, _ state: AppState, width: Int) -> [TextLine] {
        switch page.kind {
        case .importance: state.importanceLines(width: width)
        case .comparison(let ids): state.comparisonLines(ids, width: width, showsAll: page.showsAll)
        case .log: log(state)
        case .run(let id): state.runs[id].map { run($0, state, width: width) } ?? [TextLine("The run is gone.", .muted)]
        }
    }

    private static func log(_ state: AppState) -> [TextLine] {
        if state.log.isEmpty { return [TextLine("Nothing was logged yet.", .muted)] }
        return state.log.reversed().map { line in
            TextLine(NumberFormat.clock(line.time, utcOffsetSeconds: state.utcOffsetSeconds), .muted)
                .adding("  " + line.text, line.role)
        }
    }

    private static func run(_ run: RunSummary, _ state: AppState, width: Int) -> [TextLine] {
        var lines = headline(run, state)
        lines += [TextLine(), heading("Record")] + record(run, state).flatMap { pair($0.0, $0.1, width: width) }
        lines += [TextLine(), heading("Metrics")] + metrics(run, width: width)
        lines +=
            [TextLine(), heading("Hyperparameters").adding("   ● set by hand", .accent)] + hyperparameters(run, width: width)
        let alerts = state.alerts.alerts(of: run.record.id)
        lines += [TextLine(), heading("Alerts")]
        if alerts.isEmpty { lines.append(TextLine("none", .muted, indent: 2)) }
        for item in alerts {
            let role = item.alert.severity.role
            let head = "▲ \(item.alert.rule)  step \(NumberFormat.grouped(item.alert.step))"
            lines.append(TextLine(head, role, .bold, indent: 2))
            lines += TextWrap.lines(item.alert.summary, width: max(1, width - 4)).map { TextLine($0, .text, indent: 4) }
        }
        return lines
    }

    private static func headline(_ run: RunSummary, _ state: AppState) -> [TextLine] {
        var line = TextLine("\(run.status.glyph) \(run.statusWord)", run.status.role, .bold)
        if let phase = run.phase { line.add("  \(phase.rawValue.lowercased())", .muted) }
        if let share = run.progress { line.add("  \(NumberFormat.percent(share))", .text) }
        if let duration = run.duration(now: state.now) { line.add("  \(NumberFormat.duration(duration))", .muted) }
        var lines = [line]
        if !run.reason.isEmpty {
            let role: ColorRole = run.status == .failed ? .bad : .muted
            lines.append(TextLine(run.reason, role))
        }
        return lines
    }

    private static func record(_ run: RunSummary, _ state: AppState) -> [(String, String)] {
        let record = run.record, request = record.request
        let direction = record.objective.minimises ? "lower is better" : "higher is better"
        let validation =
            request.validationPath
            ?? (request.validationSplit > 0 ? NumberFormat.percent(request.validationSplit) + " of the rows" : "none")
        var pairs = [
            ("run", record.id.text), ("name", record.name), ("experiment", record.experiment), ("algorithm", record.algorithm),
            ("dataset", request.datasetPath), ("data fingerprint", record.dataFingerprint), ("target", request.target ?? "none"),
            ("validation", validation), ("objective", "\(record.objective.metric) (\(direction))"),
            ("seed", String(record.seed)),
            (
                "steps",
                NumberFormat.grouped(run.step) + (run.plannedSteps > 0 ? " of \(NumberFormat.grouped(run.plannedSteps))" : "")
            ),
            ("epochs", NumberFormat.fixed(run.epoch, decimals: 2)),
            ("created", NumberFormat.clock(record.createdAt, utcOffsetSeconds: state.utcOffsetSeconds)),
            ("git revision", record.gitRevision ?? ""), ("descent", record.version),
            ("tags", run.tags.joined(separator: " ")), ("note", run.note),
        ]
        if let prepare = request.prepare { pairs.insert(("prepared by", prepare), at: 7) }
        if let weight = request.weight { pairs.insert(("row weights", weight), at: 7) }
        if let fork = record.fork {
            let parent = state.runs[fork.parent]?.record.name ?? fork.parent.text
            pairs.insert(("forked from", "\(parent) at step \(NumberFormat.grouped(fork.step))"), at: 2)
        }
        pairs.removeAll { $0.1.isEmpty }
        return pairs
    }

    private static func metrics(_ run: RunSummary, width: Int) -> [TextLine] {
        if run.lastMetrics.isEmpty { return [TextLine("none yet", .muted, indent: 2)] }
        var lines: [TextLine] = []
        for (name, value) in run.lastMetrics.sorted(by: { $0.key < $1.key }) {
            var line = TextLine(pad(name.text, 26), .muted, indent: 2).adding(NumberFormat.significant(value, digits: 5))
            if name == run.record.objective.metric, let best = run.bestObjective {
                line.add("   best \(NumberFormat.significant(best, digits: 5))", .good)
                if let step = run.bestStep { line.add(" at step \(NumberFormat.grouped(step))", .muted) }
            }
            lines.append(line)
        }
        return lines
    }

    private static func hyperparameters(_ run: RunSummary, width: Int) -> [TextLine] {
        let byHand = run.record.request.hyperparameters
        let all = run.record.hyperparameters.merging(byHand) { resolved, _ in resolved }
        if all.isEmpty { return [TextLine("not resolved yet", .muted, indent: 2)] }
        return all.sorted { $0.key < $1.key }.map { name, value in
            let isSet = byHand[name] != nil
            return TextLine(isSet ? "● " : "  ", .accent)
                .adding(pad(name, 34), isSet ? .accent : .muted).adding(value, .text, isSet ? .bold : [])
        }
    }

    private static func heading(_ text: String) -> TextLine { TextLine(text, .title, .bold) }

    private static func pair(_ label: String, _ value: String, width: Int) -> [TextLine] {
        let lines = TextWrap.lines(value, width: max(8, width - 20))
        return lines.enumerated().map { index, text in
            TextLine(pad(index == 0 ? label : "", 18), .muted, indent: 2).adding(text)
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - TextWidth.of(text)))
    }
}
