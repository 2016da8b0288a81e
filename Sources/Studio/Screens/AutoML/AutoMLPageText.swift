import Cells
import Events

/// What an AutoML job's page says.
struct AutoMLPageText {
    let standing: AutoMLStanding
    let state: AppState
    let width: Int

    private var record: AutoMLRecord { standing.record }
    private var metric: String { String(record.objective.metric.metric) }

    var document: Document {
        var document = Document()
        document.head = head
        document.add("", [.table(leaderboard)])
        if let chart = bestSoFar {
            let height = min(14, max(8, state.size.height / 3))
            let title = TextLine("the average as candidates end", .title, .bold)
            document.add(
                "best so far",
                [
                    .charts(
                        [DocumentChart(title: title, in: Rect(x: 0, y: 0, width: width - 2, height: height), chart)],
                        height: height)
                ])
        }
        let picks = AutoMLAdvice(
            record, standing.candidates, number: { NumberFormat.significant($0) }, time: { NumberFormat.duration($0) }
        ).picks
        if !picks.isEmpty {
            document.add(
                "which one",
                picks.flatMap { pick -> [TextLine] in
                    var line = TextLine(pick.want.rawValue.padded(to: 15), .muted)
                    line.add(pick.model, .accent, .bold)
                    return [line] + wrapped(pick.reason, indent: 15)
                })
        }
        if let table = ablation {
            let note = TextLine("What preparation brings", .title, .bold).adding(
                "   the best single model without each step", .muted)
            document.add("what preparation brings", [.text([note]), .table(table)])
        }
        if !record.findings.isEmpty {
            document.add("what was found in the data", record.findings.flatMap { wrapped($0, indent: 0) })
        }
        if let exploration = standing.exploration {
            for (name, blocks) in ExplorationText(exploration: exploration, width: width).sections { document.add(name, blocks) }
        }
        document.add("what was decided", record.decisions.flatMap { wrapped($0, indent: 0) })
        return document
    }

    private func wrapped(_ text: String, indent: Int) -> [TextLine] {
        TextWrap.lines(text, width: max(8, width - 2 - indent)).map { words in
            var line = TextLine(indent: indent)
            line.add(words, .muted)
            return line
        }
    }

    /// How it stands, in two lines; in one where there is little room.
    private var head: [TextLine] {
        var line = TextLine("\(record.status.glyph) \(record.statusWord)", record.status.role, .bold)
        if record.status.isFinal { line.add(": \(ending)", .muted) }
        line.add("   \(standing.ended)", .text, .bold)
        line.add(" candidates")
        if let ensemble = record.ensemble {
            line.add("   average ", .muted)
            let texts = ensemble.spread.map { NumberFormat.withSpread(ensemble.value, $0) }
            line.add(texts?.value ?? NumberFormat.significant(ensemble.value), .good, .bold)
            if let texts { line.add(" ± \(texts.spread)", .muted) }
        }
        guard state.size.height >= 16 else { return [line] }
        var facts = TextLine("\(record.objective.metric.text) \(record.objective.direction == .maximised ? "↑" : "↓")", .muted)
        facts.add("   \(record.request.mode.rawValue)", .muted)
        if let folds = record.request.job.folds { facts.add("   \(folds) folds", .muted) }
        if let limit = record.request.timeLimit { facts.add("   at most \(NumberFormat.duration(limit))", .muted) }
        facts.add("   target \(record.request.job.target ?? "")", .muted)
        if let training { facts.add("   now: \(training.name): \(training.why)", .accent) }
        return [line, facts]
    }

    private var ablation: DocumentTable? {
        guard let found = AutoMLAblation(record, standing.candidates), !found.lines.isEmpty else { return nil }
        let columns = [
            TableColumn(title: "without", width: 16, priority: 0),
            TableColumn(title: metric.shortened(to: 18), width: 12, isRight: true, priority: 1),
            TableColumn(title: "it brings", width: 12, isRight: true, priority: 2),
            TableColumn(title: "", width: 20, priority: 3),
        ]
        let cells = found.lines.map { line -> [TableCell] in
            let texts = NumberFormat.withSpread(line.without, line.gain), role: ColorRole = line.gain > 0 ? .good : .muted
            let words = line.gain > 0 ? "better with it" : line.gain < 0 ? "better without it" : "no difference"
            return [
                TableCell(text: line.step), TableCell(text: texts.value),
                TableCell(text: (line.gain > 0 ? "+" : "") + texts.spread, role: role), TableCell(text: words, role: role),
            ]
        }
        return DocumentTable("preparation", columns, cells, width: width - 2, indent: 2)
    }

    /// The candidate that trains now.
    private var training: AutoMLCandidate? {
        record.status.isFinal ? nil : standing.candidates.first { $0.outcome == nil }
    }

    private var ending: String {
        AutoMLEnding(record.reason)?.words
            ?? (record.reason == .interrupted ? "its process is gone: X goes on" : record.reason.text)
    }

    // MARK: - The leaderboard

    private var leaderboard: DocumentTable {
        let ordered = standing.ordered
        let numbers = NumberColumn(ordered.compactMap(\.value) + [record.ensemble?.value].compactMap { $0 }, least: 6)
        let name = ordered.map { TextWidth.of(short($0.name)) }.max() ?? 8
        let columns = [
            TableColumn(title: "model", width: max(11, min(24, name)), priority: 0),
            TableColumn(
                title: metric.shortened(to: 18), width: max(numbers.width, min(18, TextWidth.of(metric))), isRight: true,
                priority: 1),
            TableColumn(title: "±", width: 9, isRight: true, priority: 4),
            TableColumn(title: "fit", width: 7, isRight: true, priority: 5),
            TableColumn(title: "ms/row", width: 8, isRight: true, priority: 6),
            TableColumn(title: "weight in the average", width: 28, priority: 2),
            TableColumn(title: "kind", width: standing.candidates.contains { $0.level > 1 } ? 22 : 14, priority: 7),
            TableColumn(title: "why", width: 60, priority: 9, isFlexible: true, least: 20, most: 90),
        ]
        var cells: [[TableCell]] = [], links: [ObjectLink?] = []
        if let ensemble = record.ensemble {
            let count = standing.candidates.count { $0.weight > 0 }
            cells.append([
                TableCell(text: "the average", role: .good, attributes: .bold),
                TableCell(text: numbers.text(ensemble.value), role: .good, attributes: .bold),
                TableCell(text: ensemble.spread.map(numbers.text) ?? "", role: .muted),
                TableCell(text: ""),
                TableCell(text: NumberFormat.significant(ensemble.predictMilliseconds, digits: 2), role: .muted),
                TableCell(text: count == 1 ? "one model" : "of \(count) models", role: .muted),
                TableCell(text: "ensemble", role: .muted), TableCell(text: "descent predict \(record.name) FILE", role: .muted),
            ])
            links.append(nil)
        }
        for candidate in ordered {
            cells.append(row(candidate, numbers))
            links.append(.run(candidate.run))
        }
        return DocumentTable("leaderboard", columns, cells, links: links, width: width - 2)
    }

    private func row(_ candidate: AutoMLCandidate, _ numbers: NumberColumn) -> [TableCell] {
        let counts = candidate.weight > 0, role: ColorRole = counts ? .text : .muted
        let state: (text: String, role: ColorRole) =
            switch candidate.outcome {
            case nil: (record.status.isFinal ? "waits" : "training", .accent)
            case .failed: ("failed", .bad)
            default: (candidate.value.map(numbers.text) ?? "–", role)
            }
        return [
            TableCell(text: short(candidate.name), role: counts ? .accent : .muted),
            TableCell(text: state.text, role: state.role),
            TableCell(text: candidate.spread.map(numbers.text) ?? "", role: .muted),
            TableCell(text: candidate.fitSeconds.map(NumberFormat.duration) ?? "", role: .muted),
            TableCell(text: candidate.predictMilliseconds.map { NumberFormat.significant($0, digits: 2) } ?? "", role: .muted),
            TableCell(text: Self.bar(candidate.weight), role: .series2),
            TableCell(text: candidate.level > 1 ? "level 2: \(candidate.family)" : candidate.family, role: .muted),
            TableCell(text: candidate.outcome == .failed ? candidate.reason : candidate.why, role: .muted),
        ]
    }

    /// A share as a bar, its number behind it.
    private static func bar(_ weight: Double) -> String {
        guard weight > 0 else { return "" }
        let chart = BarChart([.init("", weight, text: "")], most: 1)
        return chart.text(of: chart.bars[0], room: 22) + " \(NumberFormat.percent(weight, decimals: 0))"
    }

    /// A candidate's name without the job's.
    private func short(_ name: String) -> String {
        name.hasPrefix(record.name + "-") ? String(name.dropFirst(record.name.count + 1)) : name
    }

    // MARK: - How it comes on

    /// The same as its chart looks to this user; nil while none has ended with a value.
    var bestSoFar: LineChart? {
        guard var chart = AutoMLCurve.chart(standing) else { return nil }
        chart.glyphs = state.settings.glyphs
        (chart.bands, chart.isColorless) = (state.bands, state.isColorless)
        return chart
    }
}
