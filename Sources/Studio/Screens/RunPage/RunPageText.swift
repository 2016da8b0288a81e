import Cells
import Events

/// What the tabs of a run's page say.
struct RunPageText {
    let run: RunSummary
    /// What the workspace said of this run; nil until it did.
    let details: RunDetails?
    let state: AppState
    var width: Int

    var id: RunID { run.record.id }

    func blocks(_ tab: RunTab) -> [Document.Block] {
        switch tab {
        case .overview: overviewBlocks
        case .configuration: [.text(configuration)]
        case .alerts: [.text(alerts)]
        case .checkpoints: checkpoints
        case .artifacts: artifacts
        case .lineage: [.text(lineage)]
        case .system: system
        case .log: [.text(log)]
        }
    }

    /// Columns from which on a line has room for what is said by the way.
    private static let fullWidth = 48

    static let waiting = TextLine("reading the workspace …", .muted)

    // MARK: - Overview

    var overview: [TextLine] {
        headline + [TextLine()] + facts.flatMap { pair($0.label, $0.text, link: $0.link) } + [TextLine(), heading("Metrics")]
            + metrics + (given.isEmpty ? [] : [TextLine(), heading("Settings given by hand")] + given) + warnings
    }

    /// What is not right about the data, as it was found when the run read it.
    private var warnings: [TextLine] {
        let found = (details?.events ?? []).compactMap { event -> DataWarning? in
            if case .job(.dataWarned(let warning)) = event.kind, !warning.isNotice { warning } else { nil }
        }
        var said: Set<DataWarning> = []
        let own = found.filter { said.insert($0).inserted }
        if own.isEmpty { return [] }
        return [TextLine(), heading("Said about the data")]
            + own.prefix(8).flatMap { warning in
                TextWrap.lines(warning.message, width: max(8, width - 6)).enumerated().map { row, text in
                    TextLine((row == 0 ? "△ " : "  ") + text, .warning, indent: 2)
                }
            }
    }

    var headline: [TextLine] {
        var line = TextLine("\(run.status.glyph) \(state.statusWord(of: run))", run.status.role, .bold)
        if let phase = run.phase, width >= Self.fullWidth { line.add("  \(phase.rawValue.lowercased())", .muted) }
        if let share = run.progress { line.add("  \(NumberFormat.percent(share))", .text) }
        if let duration = run.duration(now: state.now) { line.add("  \(NumberFormat.duration(duration))", .muted) }
        let role: ColorRole = run.status == .failed ? .bad : .muted
        return [line] + bestLine
            + (run.reason.isEmpty ? [] : TextWrap.lines(run.reason.text, width: max(8, width - 2)).map { TextLine($0, role) })
    }

    /// The objective's best value and its latest one.
    private var bestLine: [TextLine] {
        guard let best = run.bestObjective else { return [] }
        var line = TextLine("best \(run.record.objective.metric.metric) ", .muted)
        line.add(NumberFormat.significant(best), .good, .bold)
        if let step = run.bestStep, width >= Self.fullWidth { line.add(" at step \(NumberFormat.grouped(step))", .muted) }
        if let last = run.lastObjective, last != best {
            line.add(", now ", .muted)
            line.add(NumberFormat.significant(last))
        }
        return [line]
    }

    private var facts: [(label: String, text: String, link: ObjectLink?)] {
        let record = run.record, alerts = state.alerts.alerts(of: id)
        let direction = record.objective.direction.words
        let origin = record.log.map { "watched: " + $0 } ?? ""
        let place =
            record.place.map { name in state.places.first { $0.name == name }.map { "\(name) (\($0.address))" } ?? name } ?? ""
        let pairs: [(label: String, text: String, link: ObjectLink?)] = [
            ("run", id.text, nil), ("name", record.name, nil), ("experiment", record.experiment, nil),
            ("algorithm", record.algorithm, nil),
            ("script", record.request.script ?? record.request.command ?? "", nil),
            ("output", record.request.isScript ? "O shows what it writes" : "", nil),
            ("forked from", forkedFrom, link(to: record.fork?.parent)),
            ("does again", record.reproduces.map(name(of:)) ?? "", link(to: record.reproduces)), ("came out", reproduction, nil),
            ("origin", origin, nil), ("where", place, nil), ("dataset", record.request.datasetPath, dataLink),
            ("objective", "\(record.objective.metric) (\(direction))", nil),
            ("steps", steps, nil),
            // A script may count steps alone.
            ("epochs", record.request.isScript && run.epoch == 0 ? "" : NumberFormat.fixed(run.epoch, decimals: 2), nil),
            ("created", clock(record.createdAt), nil), ("tags", run.tags.joined(separator: " "), nil), ("note", run.note, nil),
            (
                "alerts", alertWords(alerts),
                alerts.isEmpty ? nil : .run(id, .alerts)
            ),
        ]
        return pairs.filter { !$0.text.isEmpty }
    }

    var steps: String {
        NumberFormat.grouped(run.step) + (run.plannedSteps > 0 ? " of \(NumberFormat.grouped(run.plannedSteps))" : "")
    }

    var forkedFrom: String {
        run.record.fork.map { "\(name(of: $0.parent)) at step \(NumberFormat.grouped($0.step))" } ?? ""
    }

    /// What came of doing another run again.
    private var reproduction: String {
        let results = (details?.events ?? []).compactMap { event in
            if case .run(.reproduced(let result)) = event.kind { result } else { nil }
        }
        return results.last.map { $0.text(of: name(of: $0.original)) } ?? ""
    }

    var metrics: [TextLine] { metrics { _ in true } }

    func metrics(where isShown: (MetricName) -> Bool) -> [TextLine] {
        if run.lastMetrics.isEmpty { return [TextLine("none yet", .muted, indent: 2)] }
        let baseline = result?.evaluation?.baseline ?? [:]
        let room = max(26, min(width / 2, (run.lastMetrics.keys.map { TextWidth.of($0.text) }.max() ?? 0) + 2))
        return run.lastMetrics.filter { isShown($0.key) }.sorted { $0.key < $1.key }.map { name, value in
            var line = TextLine(pad(name.text, room), .muted, indent: 2).adding(NumberFormat.significant(value, digits: 5))
            if let same = baseline[name] { line.add("   baseline \(NumberFormat.significant(same, digits: 5))", .muted) }
            return line
        }
    }

    // MARK: - Configuration

    private var configuration: [TextLine] {
        let request = run.record.request
        let asked =
            [
                ("target", request.target ?? "none"),
                ("validation", request.validationText), ("read with", DataReading.words(of: request.reading)),
            ] + JobOption.all.map { ($0.label, $0.text(request)) } + [
                ("seed", String(run.record.seed)), ("git revision", run.record.gitRevision ?? ""),
                ("descent", run.record.version),
            ]
        var lines =
            [heading("Request")] + pair("algorithm", request.algorithm) + pair("dataset", request.datasetPath, link: dataLink)
        if let path = request.notebook {
            lines += pair("notebook", path, link: run.record.place == nil ? .notebook(path) : nil)
        }
        lines += asked.filter { !$0.1.isEmpty }.flatMap { pair($0.0, $0.1) }
        lines += [TextLine(), heading("Hyperparameters").adding("   ● given", .accent)] + hyperparameters
        let changes = state.runs.entries[id]?.changes ?? []
        if !changes.isEmpty {
            lines += [TextLine(), heading("Steered")]
            lines += changes.flatMap { pair("step \(NumberFormat.grouped($0.step))", $0.text) }
        }
        return lines
    }

    private var hyperparameters: [TextLine] {
        let given = run.record.request.hyperparameters, resolved = run.record.hyperparameters
        let names = Set(given.keys).union(resolved.keys).sorted()
        if names.isEmpty { return [TextLine("not resolved yet", .muted, indent: 2)] }
        return names.map { name in
            let asked = given[name], value = resolved[name] ?? asked ?? ""
            var line = TextLine(asked == nil ? "  " : "● ", .accent).adding(pad(name, 34), asked == nil ? .muted : .accent)
            line.add(value, .text, asked == nil ? [] : .bold)
            // `auto` was resolved, or the run was steered.
            if let asked, asked != value { line.add("   given \(asked)", .muted) }
            return line
        }
    }

    // MARK: - Alerts

    /// The rules that found something; in brackets those whose finding is gone.
    private func alertWords(_ alerts: [AlertsState.Item]) -> String {
        let names = alerts.map { state.alerts.cleared($0) == nil ? $0.alert.rule : "(\($0.alert.rule), cleared)" }
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    private var alerts: [TextLine] {
        let items = state.alerts.alerts(of: id)
        if items.isEmpty { return [TextLine("The debugger found nothing wrong.", .muted)] }
        return diagnoses
            + items.enumerated().flatMap { index, item in
                (index == 0 ? [] : [TextLine()]) + lines(of: item)
            }
    }

    private func lines(of item: AlertsState.Item) -> [TextLine] {
        let alert = item.alert
        let step = "  step \(NumberFormat.grouped(alert.step))  \(clock(item.time))"
        let cleared = state.alerts.cleared(item)
        var lines = [
            TextLine(cleared == nil ? "▲ " : "○ ", cleared == nil ? alert.severity.role : .muted, .bold)
                .adding(
                    alert.rule, cleared == nil ? alert.severity.role : .muted, .bold,
                    link: .alert(AlertReference(run: item.run, rule: alert.rule))
                ).adding(step, .muted)
        ]
        if let cleared { lines += wrapped(cleared.clearedWords, .good, indent: 2) }
        lines += wrapped(alert.summary, .text, indent: 2)
        let evidence = alert.evidence.map { "\($0.name) \(NumberFormat.compact($0.value, digits: 4))" }
        lines += wrapped(evidence.joined(separator: " · "), .info, indent: 2)
        lines += wrapped(alert.cause, .text, indent: 2)
        for remedy in alert.remedies {
            let set = remedy.set.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
            lines += wrapped("→ \(remedy.text)" + (set.isEmpty ? "" : " [\(set)]"), .good, indent: 2)
        }
        for measured in state.alerts.outcomes(of: item) {
            let name = state.runs[measured.run].map { " by \($0.record.name)" } ?? "", helped = measured.outcome.helped
            let words = measured.outcome.words { NumberFormat.significant($0) }
            lines += wrapped((helped ? "✔ " : "✖ ") + words + name, helped ? .good : .warning, indent: 2)
        }
        return lines
    }

    // MARK: - Parts

    func heading(_ text: String) -> TextLine { TextLine(text, .title, .bold) }

    func pair(_ label: String, _ value: String, _ role: ColorRole = .text, link: ObjectLink? = nil) -> [TextLine] {
        TextWrap.lines(value, width: max(8, width - 22)).enumerated().map { index, text in
            TextLine(pad(index == 0 ? label : "", 18), .muted, indent: 2).adding(text, role, link: index == 0 ? link : nil)
        }
    }

    /// To another run; nil for one that is not in this workspace any more.
    func link(to run: RunID?) -> ObjectLink? { run.flatMap { state.runs[$0] }.map { .run($0.record.id) } }

    /// To the data it learned from; a run that was trained elsewhere has none here.
    var dataLink: ObjectLink? {
        let path = run.record.request.datasetPath
        return path.isEmpty || run.record.origin == .watched ? nil : .dataset(path)
    }

    func wrapped(_ text: String, _ role: ColorRole, indent: Int) -> [TextLine] {
        text.isEmpty ? [] : TextWrap.lines(text, width: max(8, width - indent - 2)).map { TextLine($0, role, indent: indent) }
    }

    func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - TextWidth.of(text)))
    }

    /// A table's cell.
    func cell(_ text: String, _ role: ColorRole = .text, _ attributes: Style.Attributes = []) -> TableCell {
        TableCell(text: text, role: role, attributes: attributes)
    }

    func clock(_ time: Double) -> String { NumberFormat.clock(time, utcOffsetSeconds: state.utcOffsetSeconds) }

    func name(of run: RunID) -> String { state.runs[run]?.record.name ?? run.text }
}
