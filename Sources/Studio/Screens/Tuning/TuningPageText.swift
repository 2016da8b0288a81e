import Cells
import Events

/// What a tuning job's page says.
struct TuningPageText {
    let page: TuningPage
    let standing: TuningStanding
    let state: AppState
    let width: Int

    var record: TuningRecord { standing.record }
    var metric: String { record.objective.metric.text }
    /// Rows that a tab has for itself.
    var height: Int {
        let inside = StudioLayout.interior(page.place(on: state.size)).height
        return max(3, inside - page.ownRows(height: inside) - head.count)
    }

    var document: Document {
        var document: Document
        switch page.tab {
        case .trials: document = trials
        case .progress: document = progress
        case .curves: document = curves
        case .parallel: document = parallel
        case .slices: document = slices
        case .importance: document = importance
        case .why: document = why
        }
        document.head = head
        return document
    }

    /// How it stands, in two lines; in one where there is little room.
    var head: [TextLine] {
        var line = TextLine("\(record.status.glyph) \(standing.statusWord)", record.status.role, .bold)
        if standing.isConfirming {
            let done = standing.confirmations.count { $0.outcome != nil }
            line.add(": \(done == 0 ? "no seed" : done == 1 ? "1 seed" : "\(done) seeds") done", .muted)
        }
        let ending = TuningWords.ending(record)
        if record.status.isFinal, !ending.isEmpty { line.add(": \(ending)", .muted) }
        line.add("   \(standing.ended)", .text, .bold)
        line.add(" of \(record.request.maxJobs) trials")
        if let best = standing.best, let value = best.value {
            line.add("   best ", .muted)
            let confirmed = standing.isConfirming ? nil : standing.confirmed
            line.add(NumberFormat.significant(confirmed?.mean ?? value), .good, .bold)
            if let confirmed, confirmed.values != [value] {
                let spread = confirmed.deviation.map { " ± \(NumberFormat.significant($0))" } ?? ""
                let seeds = "\(confirmed.values.count) seed\(confirmed.values.count == 1 ? "" : "s")"
                line.add("\(spread) over \(seeds)", .good)
                line.add(" (trial \(best.number + 1), \(NumberFormat.significant(value)) when it was chosen)", .muted)
            } else {
                line.add(" (trial \(best.number + 1))", .muted)
            }
        }
        guard state.size.height >= 16 else { return [line] }
        var facts = TextLine("\(metric) \(record.objective.direction == .maximised ? "↑" : "↓")", .muted)
        facts.add("   \(record.request.strategy)", .muted)
        if record.request.stopsEarly { facts.add(", stops early", .muted) }
        if let cluster = record.request.cluster {
            facts.add("   on \(cluster["engine"] ?? "") \(cluster["master"] ?? "local[*]")", .muted)
        }
        for limit in TuningLimit.allCases where limit != .maxJobs {
            let text = limit.text(in: record.request)
            if !text.isEmpty, !(limit == .maxParallelJobs && text == "1") { facts.add("   \(limit.rawValue) \(text)", .muted) }
        }
        facts.add("   " + record.request.ranges.joined(separator: " "), .muted)
        return [line, facts]
    }

    // MARK: - Trials

    /// How a trial stands, by its run where it trains.
    func status(of trial: TuningTrial) -> JobStatus {
        switch trial.outcome {
        case .completed: .completed
        case .failed: .failed
        case .stopped: .stopped
        case nil: state.runs[trial.run]?.status ?? .pending
        }
    }

    /// What a trial is worth, or has reached so far.
    func value(of trial: TuningTrial) -> Double? {
        trial.outcome == nil ? state.runs[trial.run]?.lastMetrics[record.objective.metric] : trial.value
    }

    /// The places of trials in the order of the table.
    private var ordered: [Int] {
        let trials = standing.trials, keys = trials.map(key)
        return trials.indices.sorted { one, other in
            let (key, another) = (keys[one], keys[other])
            // What has no value stands at the end, whichever way.
            if key.isNaN != another.isNaN { return another.isNaN }
            if key == another || key.isNaN { return trials[one].number > trials[other].number }
            return page.isReversed ? key > another : key < another
        }
    }

    /// Rows that the table has at most: nobody goes through more, and another order brings others to its top.
    private static let mostRows = 1000

    private func key(of trial: TuningTrial) -> Double {
        switch page.sort {
        case .number: Double(trial.number)
        case .status: Double(status(of: trial).tableOrder)
        case .objective:
            value(of: trial).map { record.objective.direction == .maximised ? -$0 : $0 } ?? .nan
        case .duration: state.runs[trial.run]?.duration(now: state.now) ?? .nan
        case .axis(let axis): standing.places[trial.number]?[axis] ?? .nan
        }
    }

    private var trials: Document {
        guard !standing.trials.isEmpty else { return Document([TextLine("no trial has begun yet", .muted)]) }
        let shown = ordered.prefix(Self.mostRows), best = standing.best?.run, count = standing.trials.count
        let numbers = NumberColumn(shown.compactMap { value(of: standing.trials[$0]) }, least: 6)
        let rows = shown.map { place in
            let trial = standing.trials[place]
            return cells(of: trial, standing.texts[place], numbers, isBest: trial.run == best)
        }
        var document = Document([
            .table(
                DocumentTable(
                    "trials", columns(numbers), rows, links: shown.map { ObjectLink.run(standing.trials[$0].run) },
                    width: width - 2))
        ])
        var notes: [String] = []
        if shown.count < count {
            let counts = "\(NumberFormat.grouped(shown.count)) of \(NumberFormat.grouped(count)) trials"
            notes.append("\(counts): < > and r put others first; descent tune export has all")
        }
        if !page.brushes.isEmpty { notes.append("\(standing.trials.count(where: page.isBright)) in what is brushed") }
        if !notes.isEmpty { document.sections[0].blocks.append(.text([TextLine()] + notes.map { TextLine($0, .muted) })) }
        return document
    }

    private func columns(_ numbers: NumberColumn) -> [TableColumn] {
        func title(_ text: String, _ sort: TuningSort) -> String {
            page.sort == sort ? text + (page.isReversed ? "▼" : "▲") : text
        }
        let axes = standing.axes.enumerated().map { index, axis -> TableColumn in
            let name = title(axis.name.shortened(to: width < 100 ? 11 : 16), .axis(index))
            return TableColumn(
                title: name, width: max(TextWidth.of(name), min(16, standing.widths[index])), isRight: !axis.isWord,
                priority: 5 + index)
        }
        let measured = metric.hasPrefix("validation:") ? String(metric.dropFirst("validation:".count)) : metric
        let objective = title(width < 60 ? "value" : measured.shortened(to: 20), .objective)
        return [
            TableColumn(title: "", width: 1, priority: 3),
            TableColumn(title: title("#", .number), width: 5, isRight: true, priority: 0),
            TableColumn(title: "", width: 1, priority: 1),
            TableColumn(title: width < 60 ? "" : title("status", .status), width: width < 60 ? 1 : 11, priority: 2),
            TableColumn(title: objective, width: max(TextWidth.of(objective), numbers.width), isRight: true, priority: 1),
            TableColumn(title: title("time", .duration), width: 7, isRight: true, priority: 4),
        ] + axes + [TableColumn(title: "why it ended", width: 60, priority: 60, isFlexible: true, least: 12, most: 80)]
    }

    private func cells(of trial: TuningTrial, _ texts: [String], _ numbers: NumberColumn, isBest: Bool) -> [TableCell] {
        let status = status(of: trial), isBright = page.isBright(trial), run = state.runs[trial.run]
        let plain: ColorRole = isBright ? .text : .faint
        let value = value(of: trial)
        let settings = texts.map { TableCell(text: $0, role: isBright ? .text : .faint) }
        return [
            TableCell(text: state.experiments.isMarked(trial.run) ? "●" : " ", role: .mark),
            TableCell(text: "\(trial.number + 1)", role: plain),
            TableCell(text: String(state.runs.letter(of: trial.run)), role: isBright ? state.runs.role(of: trial.run) : .faint),
            TableCell(
                text: width < 60
                    ? "\(status.glyph)" : "\(status.glyph) \(run == nil && trial.outcome == nil ? "waits" : status.word)",
                role: isBright ? status.role : .faint),
            TableCell(
                text: value.map(numbers.text) ?? "–",
                role: !isBright ? .faint : isBest ? .good : trial.outcome == .completed ? .text : .muted,
                attributes: isBest ? .bold : []),
            TableCell(text: run?.duration(now: state.now).map(NumberFormat.duration) ?? "", role: plain),
        ] + settings + [
            TableCell(text: trial.outcome == .completed ? (isBest ? "the best so far" : "") : trial.reason, role: .muted)
        ]
    }

    // MARK: - Charts

    /// A chart that looks as the user chose.
    func chart(_ series: [ChartSeries]) -> LineChart {
        var chart = LineChart(series: series)
        chart.glyphs = state.settings.glyphs
        (chart.bands, chart.isColorless) = (state.bands, state.isColorless)
        chart.utcOffsetSeconds = state.utcOffsetSeconds
        chart.drawsEveryPoint = true
        return chart
    }

    func nothing(_ text: String) -> Document {
        Document(TextWrap.lines(text, width: max(8, width - 2)).map { TextLine($0, .muted) })
    }
}
