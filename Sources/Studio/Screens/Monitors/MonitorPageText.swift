import Cells
import CheckedNumbers
import Events

/// What a monitor's page says.
struct MonitorPageText {
    let standing: MonitorStanding
    let reading: MonitorReading
    let state: AppState
    let width: Int

    var record: MonitorRecord { standing.record }

    var document: Document {
        var document = Document()
        document.head = head
        if reading.judged.isEmpty {
            document.add("", waiting)
        } else if let table = values {
            document.add("what moved", [.text([heading(valuesTitle, valuesNote), axis]), .table(table)])
        }
        if let chart = chart(height: chartHeight) { document.add("as time goes on", [chart]) }
        if !standing.violations.isEmpty { document.add("violations", [heading("Violations that stand")] + violations) }
        if let table = retrainings {
            document.add("models trained again", [.text([heading("Models trained again")]), .table(table)])
        }
        document.add("executions", [.text([heading("Executions")]), .table(executions)])
        return document
    }

    func heading(_ title: String, _ note: String = "") -> TextLine {
        let line = TextLine(title, .title, .bold)
        return note.isEmpty ? line : line.adding("   " + note, .muted)
    }

    func clock(_ time: Double) -> String { NumberFormat.clock(time, utcOffsetSeconds: state.utcOffsetSeconds) }

    // MARK: - How it stands

    private var head: [TextLine] {
        let status = standing.last?.status
        var line = TextLine(
            status.map { "\(MonitorWords.glyph($0)) \($0.rawValue)" } ?? "○ not yet",
            status.map { MonitorWords.role($0) } ?? .muted, .bold)
        line.add("   \(MonitorWords.kind(record.kind)) of ", .muted)
        let endpoint = record.endpoint.flatMap { state.serving.endpoint(named: $0) }
        line.add(record.sourceWords, .accent, [], link: endpoint.map { .endpoint($0.id) })
        line.add("   \(MonitorWords.schedule(record))", .muted)
        if record.nextAt != nil || record.isPaused {
            line.add("   next \(MonitorWords.next(record, state.now))", record.isPaused ? .warning : .muted)
        }
        var lines = [line]
        if let reason = standing.last?.reason, !reason.isEmpty {
            lines += TextWrap.lines(reason, width: max(8, width - 2)).prefix(3).map {
                TextLine($0, status == .failed ? .bad : .muted)
            }
        }
        if let retraining = standing.retraining, !retraining.status.isOver || !standing.violations.isEmpty {
            lines += TextWrap.lines(MonitorWords.retraining(retraining), width: max(8, width - 4)).enumerated().map {
                TextLine(($0 == 0 ? "↻ " : "  ") + $1, MonitorWords.role(retraining.status))
            }
        } else if !standing.violations.isEmpty, MonitorRefusal.retraining(state) == nil {
            lines.append(TextLine("f mends it: trains again on new rows, compares, deploys a canary", .info))
        }
        return lines
    }

    private var waiting: [TextLine] {
        let text =
            standing.last == nil
            ? "It has not looked yet: r has it look now."
            : "It has not seen any rows yet: nobody asked the endpoint in its windows."
        return TextWrap.lines(text, width: max(8, width - 2)).map { TextLine($0, .muted) }
    }

    private var violations: [TextLine] {
        standing.violations.flatMap { violation -> [TextLine] in
            var line = TextLine("▲ ", .bad, .bold, indent: 2)
            let value = standing.judged?.drift.keys.first { standing.judged?.violation(of: $0) == violation }
            line.add(value ?? violation.feature, .text, .bold, link: .monitorValue(record.name, value ?? violation.feature))
            line.add("  \(violation.check)", .muted)
            return [line]
                + TextWrap.lines(violation.description, width: max(8, width - 8)).map { TextLine($0, .text, indent: 6) }
        }
    }

    // MARK: - Executions

    private var executions: DocumentTable {
        let columns = [
            TableColumn(title: "at", width: 14, priority: 0), TableColumn(title: "status", width: 25, priority: 1),
            TableColumn(title: "rows", width: 9, isRight: true, priority: 2),
            TableColumn(title: "violations", width: 10, isRight: true, priority: 3),
            TableColumn(title: "took", width: 7, isRight: true, priority: 5),
            TableColumn(title: "of the time", width: 20, priority: 6),
            TableColumn(title: "what is to be known", width: 40, priority: 4, isFlexible: true, least: 12, most: 120),
        ]
        let cells = reading.executions.reversed().prefix(100).map { execution -> [TableCell] in
            let took = execution.endedAt.flatMap { end in execution.startedAt.map { end - $0 } }
            return [
                TableCell(text: when(execution.scheduledAt)),
                TableCell(
                    text: "\(MonitorWords.glyph(execution.status)) \(execution.status.rawValue)",
                    role: MonitorWords.role(execution.status)),
                TableCell(text: NumberFormat.grouped(execution.rowCount)),
                TableCell(
                    text: execution.violations.isEmpty ? "–" : "\(execution.violations.count)",
                    role: execution.violations.isEmpty ? .muted : .bad),
                TableCell(text: took.map(NumberFormat.duration) ?? "–", role: .muted),
                TableCell(text: "\(clock(execution.from)) to \(clock(execution.until))", role: .muted),
                TableCell(
                    text: execution.reason.isEmpty
                        ? MonitorWords.features(execution.violations).joined(separator: ", ") : execution.reason,
                    role: .muted),
            ]
        }
        return DocumentTable("executions", columns, Array(cells), width: width - 2, indent: 2)
    }

    /// `13:00:05`; of another day than today how many days it is back, as in `-2d 13:00`.
    func when(_ time: Double) -> String {
        func day(_ time: Double) -> Int { Int(roundedDownWithin: (time + Double(state.utcOffsetSeconds)) / 86_400) }
        let back = day(state.now) - day(time)
        return back == 0 ? clock(time) : "-\(back)d \(clock(time).prefix(5))"
    }

    private var retrainings: DocumentTable? {
        guard !reading.retrainings.isEmpty else { return nil }
        let columns = [
            TableColumn(title: "at", width: 14, priority: 0), TableColumn(title: "status", width: 12, priority: 1),
            TableColumn(title: "model", width: 24, priority: 4),
            TableColumn(title: "new rows", width: 9, isRight: true, priority: 5),
            TableColumn(title: "compared", width: 44, priority: 2),
            TableColumn(title: "", width: 40, priority: 6, isFlexible: true, least: 10, most: 90),
        ]
        let cells = reading.retrainings.prefix(10).map { one -> [TableCell] in
            [
                TableCell(text: when(one.requestedAt)),
                TableCell(text: one.status.rawValue, role: MonitorWords.role(one.status), attributes: .bold),
                TableCell(text: one.runName ?? "–", role: .accent),
                TableCell(text: NumberFormat.grouped(one.newRowCount)),
                TableCell(text: one.measures.isEmpty ? "–" : MonitorWords.verdict(one)),
                TableCell(text: one.reason, role: .muted),
            ]
        }
        return DocumentTable(
            "models trained again", columns, Array(cells),
            links: reading.retrainings.prefix(10).map { $0.run.flatMap { state.runs[$0] == nil ? nil : .run($0) } },
            width: width - 2, indent: 2)
    }
}
