import Cells
import CheckedNumbers
import Clocks
import Events

/// What an endpoint's page says.
struct EndpointPageText {
    let record: EndpointRecord
    let reading: EndpointReading
    /// How long each stretch of the counts is.
    let secondsEach: Int
    let state: AppState
    let width: Int
    /// How much of the past the counts tell of: `2 minutes`.
    let past: String

    var traffic: EndpointTraffic? { reading.traffic?[endpoint: record.id] }

    var document: Document {
        var document = Document()
        document.head = head
        document.add("variants", [.table(variants)])
        let room = StudioLayout.interior(Rect(state.size)).height - document.head.count - variants.rows.count - 4
        let high = min(16, max(7, room / 2))
        // What is under way comes before how it looks.
        let isUnderWay = traffic?.rollout != nil
        if isUnderWay, let lines = deployment { document.add("deployment", lines) }
        if let chart = requests(height: high) { document.add("requests", [chart]) }
        if let lines = latency(height: min(14, max(5, room - high - 3))) { document.add("latency", lines) }
        if !isUnderWay, let lines = deployment { document.add("deployment", lines) }
        if let lines = shadow { document.add("shadow", lines) }
        if let table = shadowRows { document.add("rows that differ", [.table(table)]) }
        if let table = alarms { document.add("alarms", [.text([heading("Alarms")]), .table(table)]) }
        if let table = lastRequests {
            document.add("requests one by one", [.text([heading("Last requests", "from the host's log")]), .table(table)])
        }
        document.add("history", [heading("What happened")] + history)
        return document
    }

    func heading(_ title: String, _ note: String = "") -> TextLine {
        let line = TextLine(title, .title, .bold)
        return note.isEmpty ? line : line.adding("   " + note, .muted)
    }

    func clock(_ time: Double) -> String { NumberFormat.clock(time, utcOffsetSeconds: state.utcOffsetSeconds) }

    // MARK: - How it stands

    /// How it stands, where it is reached, and its host.
    private var head: [TextLine] {
        let (status, reason) = state.serving.standing(record)
        var line = TextLine("\(status.glyph) \(status.word)", status.role, .bold)
        if let traffic {
            let stretches = traffic.stretches, all = stretches.reduce(into: RequestCounts()) { $0.add($1) }
            line.add("   \(NewestStretch(stretches, seconds: secondsEach).rate)", .text, .bold)
            line.add(" requests/s")
            if let p50 = all.latency(0.5), let p99 = all.latency(0.99) {
                line.add("   p50 ", .muted)
                line.add(NumberFormat.duration(p50), .text, .bold)
                line.add("   p99 ", .muted)
                line.add(NumberFormat.duration(p99), .text, .bold)
            }
            if all.errors > 0 {
                line.add("   \(NumberFormat.grouped(all.errors)) \(all.errors == 1 ? "error" : "errors")", .bad, .bold)
            }
            line.add("   last asked \(EndpointWords.ago(traffic.lastAt, state.now))", .muted)
        }
        var lines = [line]
        if !reason.isEmpty {
            lines += TextWrap.lines(reason, width: max(8, width - 2)).map {
                TextLine($0, record.isRolledBack == true ? .warning : status.role)
            }
        }
        if let load = state.loads[record.id] { lines.append(loadLine(load)) }
        guard state.size.height >= 16 else { return lines }
        var place = TextLine(state.serving.url(of: record.name) ?? "nobody has listened for it yet", .muted)
        if let percent = record.capturePercent {
            place.add("   captures \(EndpointWords.percent(percent / 100))", .muted)
        }
        lines.append(place)
        lines.append(HostLine(state, reading.traffic).line(width: width - 2))
        return lines
    }

    private func loadLine(_ standing: EndpointLoadStanding) -> TextLine {
        let load = standing.load
        var line = TextLine(standing.isOver ? "load is over" : "▶ load", standing.isOver ? .muted : .info, .bold)
        line.add(
            "  \(NumberFormat.compact(load.rate))/s of \(standing.source)   \(NumberFormat.grouped(standing.answered)) answered",
            .muted)
        if standing.elapsed > 0.5 {
            line.add(" (\(NumberFormat.compact(Double(standing.answered) / standing.elapsed))/s)", .muted)
        }
        let bad = standing.refused + standing.unanswered
        if bad > 0 { line.add("   \(NumberFormat.grouped(bad)) failed", .bad, .bold) }
        line.add(
            standing.isOver
                ? "   \(standing.ending)"
                : "   \(NumberFormat.duration(max(0, load.seconds - standing.elapsed).rounded())) left, l stops it", .muted)
        return line
    }

    // MARK: - Variants

    /// A variant as pages tell it from others of its name.
    func label(_ variant: VariantTraffic) -> String {
        let own = (record.variants + record.pending).first { $0.name == variant.name && $0.modelID == variant.modelID }
        let model =
            own?.model ?? state.serving.model(variant.modelID)?.title ?? state.runs[RunID(variant.modelID)]?.record.name
            ?? variant.modelID
        return variant.name == "AllTraffic" ? model : variant.name
    }

    func role(of index: Int) -> ColorRole {
        let roles: [ColorRole] = [.series1, .series2, .series3, .series4, .series5, .series6, .series7, .series8]
        return roles[index % roles.count]
    }

    /// What the host counts; where it is away, what the workspace says.
    private var shownVariants: [VariantTraffic] {
        if let traffic, !traffic.variants.isEmpty { return traffic.variants }
        return record.variants.map { .init(name: $0.name, modelID: $0.modelID, part: .current, total: RequestCounts()) }
            + record.pending.map { .init(name: $0.name, modelID: $0.modelID, part: .new, total: RequestCounts()) }
    }

    private func share(of variant: VariantTraffic) -> Double {
        switch variant.part {
        case .current: record.variants.first { $0.name == variant.name }.map { record.share(of: $0) } ?? 0
        case .new: record.pending.first { $0.name == variant.name }.map { record.share(ofPending: $0) } ?? 0
        case .retired: 0
        }
    }

    var variants: DocumentTable {
        let shown = shownVariants.filter { $0.part != .retired || $0.stretches.contains { $0.invocations > 0 } }
        let names = shown.map { label($0) + ($0.part == .new ? " (new)" : "") }
        let columns = [
            TableColumn(title: "variant", width: min(30, max(8, names.map { TextWidth.of($0) }.max() ?? 8)), priority: 0),
            TableColumn(title: "share", width: 26, priority: 1),
            TableColumn(title: "req/s", width: 7, isRight: true, priority: 2),
            TableColumn(title: "p50", width: 7, isRight: true, priority: 5),
            TableColumn(title: "p99", width: 7, isRight: true, priority: 3),
            TableColumn(title: "errors", width: 7, isRight: true, priority: 4),
            TableColumn(title: "answered", width: 10, isRight: true, priority: 6),
            TableColumn(title: "model s", width: 8, isRight: true, priority: 7),
            TableColumn(title: "model", width: 16, priority: 8),
        ]
        let cells = zip(shown, names).map { variant, name in row(variant, name) }
        return DocumentTable("variants", columns, cells, links: shown.map { modelLink($0.modelID) }, width: width - 2)
    }

    private func row(_ variant: VariantTraffic, _ name: String) -> [TableCell] {
        let index = traffic?.variants.firstIndex(of: variant) ?? 0, part = share(of: variant)
        let all = variant.stretches.reduce(into: RequestCounts()) { $0.add($1) }
        let bar = BarChart([.init("", part, text: "")], most: 1)
        let share = variant.part == .retired ? "no requests any more" : bar.text(of: bar.bars[0], room: 18)
        let isKnown = traffic != nil
        return [
            TableCell(text: name, role: variant.part == .retired ? .muted : .accent, attributes: .bold),
            TableCell(
                text: share + (variant.part == .retired ? "" : (share.isEmpty ? "" : " ") + EndpointWords.percent(part)),
                role: variant.part == .retired ? .muted : role(of: index)),
            TableCell(text: isKnown ? NewestStretch(variant.stretches, seconds: secondsEach).rate : "–"),
            TableCell(text: all.latency(0.5).map(NumberFormat.duration) ?? "–", role: .muted),
            TableCell(text: all.latency(0.99).map(NumberFormat.duration) ?? "–"),
            EndpointWords.errors(all),
            TableCell(text: isKnown ? NumberFormat.grouped(variant.total.invocations) : "–", role: .muted),
            TableCell(text: isKnown ? NumberFormat.significant(variant.total.modelSeconds, digits: 3) : "–", role: .muted),
            TableCell(text: variant.modelID, role: .muted),
        ]
    }

    private func modelLink(_ id: String) -> ObjectLink? {
        if state.serving.model(id) != nil { return .model(id) }
        return state.runs[RunID(id)] == nil ? .automl(id) : .run(RunID(id))
    }

    // MARK: - What happened

    private var alarms: DocumentTable? {
        let own = state.serving.alarms(of: record)
        guard !own.isEmpty else { return nil }
        let columns = [
            TableColumn(title: "alarm", width: min(24, max(5, own.map { TextWidth.of($0.name) }.max() ?? 5)), priority: 0),
            TableColumn(title: "state", width: 19, priority: 1), TableColumn(title: "since", width: 8, priority: 3),
            TableColumn(title: "when", width: 44, priority: 2, isFlexible: true, least: 16, most: 60),
            TableColumn(title: "over", width: 26, priority: 4),
        ]
        let cells = own.map { alarm in
            [
                TableCell(text: alarm.name, attributes: .bold),
                TableCell(text: "\(alarm.glyph) \(alarm.state)", role: alarm.role, attributes: alarm.isOn ? .bold : []),
                TableCell(text: alarm.history.last.map { clock($0.at) } ?? "", role: .muted),
                TableCell(text: alarm.words + (alarm.variant.map { " of \($0)" } ?? "")),
                TableCell(text: alarm.periods, role: .muted),
            ]
        }
        return DocumentTable("alarms", columns, cells, width: width - 2, indent: 2)
    }

    private var lastRequests: DocumentTable? {
        guard !reading.requests.isEmpty else { return nil }
        let columns = [
            TableColumn(title: "UTC", width: 12, priority: 0), TableColumn(title: "status", width: 6, priority: 1),
            TableColumn(title: "took", width: 7, isRight: true, priority: 2),
            TableColumn(title: "variant", width: 20, priority: 3), TableColumn(title: "in", width: 8, isRight: true, priority: 4),
            TableColumn(title: "out", width: 8, isRight: true, priority: 5), TableColumn(title: "caller", width: 10, priority: 6),
        ]
        let cells = reading.requests.map { request in
            [
                TableCell(text: String(request.time.dropFirst(11).prefix(12)), role: .muted),
                TableCell(
                    text: request.status == 0 ? "left" : "\(request.status)",
                    role: (200..<300).contains(request.status) ? .good : .bad),
                TableCell(text: NumberFormat.duration(Double(request.microseconds) * 1e-6)),
                TableCell(text: request.variant), TableCell(text: NumberFormat.bytes(request.requestBytes), role: .muted),
                TableCell(text: NumberFormat.bytes(request.answerBytes), role: .muted),
                TableCell(text: request.caller, role: .muted),
            ]
        }
        return DocumentTable("last requests", columns, cells, width: width - 2, indent: 2)
    }

    private var history: [TextLine] {
        reading.history.reversed().prefix(40).flatMap { past -> [TextLine] in
            let words = TextWrap.lines(EndpointWords.text(past.event), width: max(8, width - 14))
            return words.enumerated().map { number, text in
                TextLine(number == 0 ? clock(past.at) + "  " : "          ", .muted, indent: 2)
                    .adding(text, past.event.news.status.role == .good ? .text : past.event.news.status.role)
            }
        }
    }
}
