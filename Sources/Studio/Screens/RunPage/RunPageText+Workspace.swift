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
        let rows = saved.map { event, time, file in
            [
                cell(NumberFormat.grouped(event.step)), cell(NumberFormat.fixed(event.epoch, decimals: 2)),
                cell(clock(time), .muted), cell(file.map { NumberFormat.bytes($0.byteCount) } ?? ""),
                cell(event.step == run.bestStep ? "★ best" : "", .good),
            ]
        }
        let widths = [("step", 12), ("epoch", 8), ("saved", 9), ("size", 10)]
        let columns =
            widths.enumerated().map { TableColumn(title: $1.0, width: $1.1, isRight: true, priority: $0) }
            + [TableColumn(title: "", width: 6, priority: 4)]
        return [
            .text(lines),
            .table(
                DocumentTable(
                    "checkpoints", columns, rows, links: saved.map { .checkpoint(id, $0.0.step) }, width: width - 2)),
            .text([TextLine(), TextLine("enter on one of them forks the run there, F at the best.", .muted)]),
        ]
    }

    /// The checkpoints whose files are there, newest first.
    private func keptCheckpoints(_ details: RunDetails) -> [(CheckpointSaved, Double, RunDetails.File?)] {
        if run.record.request.isScript {
            // A script's are its own files, wherever they are.
            var steps: Set<Int> = []
            let announced = details.events.reversed().compactMap { event -> (CheckpointSaved, Double, RunDetails.File?)? in
                guard case .job(.checkpointSaved(let saved)) = event.kind, steps.insert(saved.step).inserted else { return nil }
                return (saved, event.wallTime, nil)
            }
            return announced.sorted { $0.0.step > $1.0.step }
        }
        let files = Dictionary(details.files.map { ($0.name, $0) }) { $1 }
        var seen: Set<String> = []
        let kept = details.events.reversed().compactMap { event -> (CheckpointSaved, Double, RunDetails.File?)? in
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
        let rows = details.files.map { file in
            [cell(file.name), cell(NumberFormat.bytes(file.byteCount)), cell(clock(file.modifiedAt), .muted)]
        }
        let total = details.files.reduce(0) { $0 + $1.byteCount }
        let isCut = details.files.count >= RunDetails.mostFiles
        let count = details.files.count == 1 ? "1 file" : "\(isCut ? "the first " : "")\(details.files.count) files"
        let widest = details.files.map { TextWidth.of($0.name) }.max() ?? 0
        let columns = [
            TableColumn(title: "file", width: max(5, widest), priority: 0, isFlexible: true, most: 60),
            TableColumn(title: "size", width: 10, isRight: true, priority: 1),
            TableColumn(title: "written", width: 9, isRight: true, priority: 2),
        ]
        // A checkpoint is one to start from.
        let links = details.files.map { $0.name.hasPrefix("checkpoint") ? ObjectLink.run(id, .checkpoints) : nil }
        return [
            .text(lines), .table(DocumentTable("files", columns, rows, links: links, width: width - 2)),
            .text([TextLine("\(count), \(NumberFormat.bytes(total))", .muted)]),
        ]
    }

    // MARK: - Log

    /// What happened to the run, newest first.
    var log: [TextLine] {
        guard let details else { return [Self.waiting] }
        let told = Self.withoutRepeats(details.events).reversed().compactMap { event in
            said(of: event).map { (event.wallTime, $0.text, $0.role) }
        }
        let names = ObjectNames(state, in: told.lazy.map(\.1))
        let lines = told.flatMap { time, text, role -> [TextLine] in
            TextWrap.lines(text, width: max(8, width - 13)).enumerated().map { row, text in
                var line = TextLine(row == 0 ? pad(clock(time), 10) : pad("", 10), .muted)
                line.parts += names.parts(text, role, besides: .run(id))
                return line
            }
        }
        return lines.isEmpty ? [TextLine("Nothing happened yet.", .muted)] : lines
    }

    /// A record is registered again whenever more is known of it: what it says here are its beginning and its data, once.
    private static func withoutRepeats(_ events: [StudioEvent]) -> [StudioEvent] {
        var known: String?
        return events.filter { event in
            guard case .run(.registered(let record)) = event.kind else { return true }
            defer { known = record.dataFingerprint }
            return record.dataFingerprint != known
        }
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
        case .debugger(.ruleEvaluated(let evaluation)): return line(of: evaluation)
        case .debugger(.rulesChanged(let change)):
            return ("rules changed at step \(NumberFormat.grouped(change.step)): \(change.text)", .accent)
        case .debugger(.remedyMeasured(let outcome)):
            let text =
                "\(outcome.alert.rule) of \(name(of: outcome.alert.run)): \(outcome.words { NumberFormat.significant($0) })"
            return (text, outcome.helped ? .good : .warning)
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
        case .action(.taken(let taken)): return (taken.message, taken.role)
        case .job(.checkpointSaved), .sample(.metricsRecorded), .sample(.systemSampled), .job(.progressReported),
            .dataset(.profiled), .dataset(.failed), .entity, .tensors, .profile, .tuning, .automl, .endpoint:
            return nil
        }
    }

    /// What becomes of rules, as far as no alert tells it.
    private func line(of evaluation: RuleEvaluation) -> (String, ColorRole)? {
        let rule = evaluation.rule
        switch evaluation.state {
        case .cleared: return ("\(rule) \(evaluation.clearedWords)", .good)
        case .suspect: return ("\(rule) suspects: \(evaluation.reason)", .muted)
        case .error: return ("\(rule) cannot look: \(evaluation.reason)", .warning)
        case .disabled: return ("\(rule) is off", .muted)
        case .waitingForData, .ok, .issue: return nil
        }
    }
}
