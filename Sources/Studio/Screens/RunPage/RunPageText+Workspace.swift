import Cells
import Events

/// The tabs that rest on what the workspace holds.
extension RunPageText {
    // MARK: - Checkpoints

    var checkpoints: [Document.Block] {
        guard let details else { return [.text([Self.waiting])] }
        let saved = keptCheckpoints(details)
        var lines: [TextLine] = []
        if let best = run.bestStep {
            var line = TextLine("best evaluation ", .muted).adding("step \(NumberFormat.grouped(best))", .good, .bold)
            if let value = run.bestObjective {
                line.add("  \(run.record.objective.metric) \(NumberFormat.significant(value, digits: 5))", .muted)
            }
            lines += [line, TextLine()]
        }
        if saved.isEmpty { return [.text(lines + [TextLine("No checkpoint is kept.", .muted)])] }
        var rows = [["step", "epoch", "saved", "size"].map { cell($0, .title, .bold) }]
        for (event, time, file) in saved {
            rows.append(
                [
                    cell(NumberFormat.grouped(event.step)), cell(NumberFormat.fixed(event.epoch, decimals: 2)),
                    cell(clock(time), .muted), cell(NumberFormat.bytes(file.byteCount)),
                ] + (event.step == run.bestStep ? [cell("  ★ best", .good)] : []))
        }
        let columns = [12, 10, 11, 12].map { DocumentTable.Column($0, isRight: true) }
        return [
            .text(lines), .table(DocumentTable(columns, rows)),
            .text([TextLine(), TextLine("F in the runs starts a new run from one of them.", .muted)]),
        ]
    }

    /// The checkpoints whose files are there, newest first.
    private func keptCheckpoints(_ details: RunDetails) -> [(CheckpointSaved, Double, RunDetails.File)] {
        let files = Dictionary(details.files.map { ($0.name, $0) }) { $1 }
        var seen: Set<String> = []
        let kept = details.events.reversed().compactMap { event -> (CheckpointSaved, Double, RunDetails.File)? in
            guard case .job(.checkpointSaved(let saved)) = event.kind,
                let name = saved.path.split(separator: "/").last.map(String.init),
                name.hasPrefix("checkpoint"), let file = files[name], seen.insert(name).inserted
            else { return nil }
            return (saved, event.wallTime, file)
        }
        return kept.sorted { $0.0.step > $1.0.step }
    }

    // MARK: - Artifacts

    var artifacts: [Document.Block] {
        guard let details else { return [.text([Self.waiting])] }
        let lines = wrapped(details.folder, .muted, indent: 0) + [TextLine()]
        if details.files.isEmpty { return [.text(lines + [TextLine("No file was written yet.", .muted)])] }
        let nameWidth = max(5, details.files.map { TextWidth.of($0.name) }.max() ?? 0) + 2
        var rows = [["file", "size", "written"].map { cell($0, .title, .bold) }]
        for file in details.files {
            rows.append([cell(file.name), cell(NumberFormat.bytes(file.byteCount)), cell(clock(file.modifiedAt), .muted)])
        }
        let total = details.files.reduce(0) { $0 + $1.byteCount }
        let count = details.files.count == 1 ? "1 file" : "\(details.files.count) files"
        rows.append([cell(count, .muted), cell(NumberFormat.bytes(total), .muted)])
        let columns = [DocumentTable.Column(nameWidth), .init(10, isRight: true), .init(11, isRight: true)]
        return [.text(lines), .table(DocumentTable(columns, rows))]
    }

    // MARK: - Log

    /// What happened to the run, newest first.
    var log: [TextLine] {
        guard let details else { return [Self.waiting] }
        let lines = details.events.reversed().flatMap { event -> [TextLine] in
            guard let said = said(of: event) else { return [] }
            return TextWrap.lines(said.text, width: max(8, width - 13)).enumerated().map { row, text in
                TextLine(row == 0 ? pad(clock(event.wallTime), 10) : pad("", 10), .muted).adding(text, said.role)
            }
        }
        return lines.isEmpty ? [TextLine("Nothing happened yet.", .muted)] : lines
    }

    /// An event in words; nil for what other tabs show.
    private func said(of event: StudioEvent) -> (text: String, role: ColorRole)? {
        switch event.kind {
        case .run(.registered(let record)):
            let isRead = !record.dataFingerprint.isEmpty
            return (isRead ? "the data was read, fingerprint \(record.dataFingerprint)" : "registered as \(record.name)", .muted)
        // Its end is told by `jobFinished`.
        case .job(.statusChanged(let change)) where change.status.isFinal: return nil
        case .job(.statusChanged(let change)):
            let phase = change.phase.map { ", \($0.rawValue.lowercased())" } ?? ""
            return (change.status.word + phase + (change.reason.isEmpty ? "" : ": " + change.reason.text), change.status.role)
        case .job(.finished(let result)):
            return (result.status.word + (result.reason.isEmpty ? "" : ": " + result.reason.text), result.status.role)
        case .job(.trainingDataSummarised(let data)):
            let rows = NumberFormat.grouped(data.rowCount), held = NumberFormat.grouped(data.validationRowCount)
            return ("\(rows) rows of \(data.featureWords(grouped: NumberFormat.grouped)) to train on, \(held) held out", .text)
        case .job(.dataRead(let reading)): return (reading.line(grouped: NumberFormat.grouped), .muted)
        case .job(.dataWarned(let warning)): return (warning.message, warning.isNotice ? .muted : .warning)
        case .debugger(.alertRaised(let alert)):
            return ("\(alert.rule) at step \(NumberFormat.grouped(alert.step)): \(alert.summary)", alert.severity.role)
        case .job(.hyperparametersChanged(let change)):
            return ("set \(change.text)" + (change.step.map { " from step \(NumberFormat.grouped($0)) on" } ?? ""), .accent)
        case .run(.reproduced(let result)): return (result.text(of: name(of: result.original)), result.isSame ? .good : .warning)
        case .run(.edited): return ("its name, tags, note or place in the archive was edited", .muted)
        case .run(.deleted): return ("moved to the bin", .muted)
        case .run(.restored): return ("brought back from the bin", .muted)
        case .workspace(.recordingStalled(let problem)): return ("not recorded: \(problem.message)", .bad)
        case .workspace(.recordingResumed): return ("recorded again", .good)
        case .notice(.commandFailed(let message)): return (message, .bad)
        case .notice(.messageLogged(let text)): return (text, .text)
        case .job(.checkpointSaved), .sample(.metricsRecorded), .sample(.systemSampled), .job(.progressReported),
            .dataset(.profiled), .dataset(.failed), .entity:
            return nil
        }
    }
}
