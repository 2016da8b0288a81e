import Cells
import Clocks
import Events
import PrintableText

/// Progress for a person, on standard error: one line that is rewritten on a terminal, a line now and then elsewhere.
struct ProgressReporter: EventReporter {
    let isTerminal: Bool
    private var metrics: [MetricName: Double] = [:]
    private var step = 0
    private var epoch = 0.0
    private var plannedSteps = 0
    private var rowsPerSecond = 0.0
    private var lastShown = -Double.infinity
    private var phase: JobPhase?
    /// The run that is told of: the first that begins. Baselines beside it are told of at the end.
    private var run: RunID?
    /// Whether it has ended: what is asked of it afterwards is answered elsewhere.
    private var hasEnded = false

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    mutating func report(_ batch: EventBatch) {
        for event in batch.merged {
            if case .run(.registered(let record)) = event.kind, run == nil { run = record.id }
            if event.run == nil || event.run == run || run == nil { take(event) }
        }
    }

    private mutating func take(_ event: StudioEvent) {
        switch event.kind {
        case .job(.statusChanged(let change)):
            if change.plannedSteps > 0 { plannedSteps = change.plannedSteps }
            if let new = change.phase, new != phase, new != .training { say(new.rawValue.lowercased()) }
            phase = change.phase
            if change.status.isFinal, isTerminal { Console.showProgress("") }
        case .job(.trainingDataSummarised(let data)):
            say(
                "\(NumberFormat.grouped(data.rowCount)) rows, \(data.featureWords(grouped: NumberFormat.grouped)), "
                    + "\(NumberFormat.grouped(data.validationRowCount)) validation rows")
            if let goal = data.goal { say(goal) }
        case .job(.dataRead(let reading)): say(reading.line(grouped: NumberFormat.grouped))
        case .job(.dataWarned(let warning)): say(warning.line)
        case .debugger(.alertRaised(let alert)): say("▲ \(alert.rule) at step \(alert.step): \(alert.summary)")
        case .debugger(.ruleEvaluated(let rule)) where rule.state == .cleared: say("\(rule.rule) \(rule.clearedWords)")
        case .debugger(.rulesChanged(let change)): say("rules changed at step \(change.step): \(change.text)")
        case .debugger(.ruleEvaluated(let rule)) where rule.state == .error: say("descent: rule \(rule.rule): \(rule.reason)")
        case .job(.finished) where event.run == run: hasEnded = true
        case .notice(.commandFailed) where hasEnded && event.run == run && run != nil: break
        case .notice(.commandFailed(let message)): say("descent: \(message)")
        case .notice(.messageLogged(let message)): say("note: \(message)")
        case .workspace(.recordingStalled(let problem)): say("descent: not recorded: \(problem.message)")
        case .workspace(.recordingResumed): say("descent: everything is recorded again")
        case .action(.taken(let taken)): say((taken.isWarning ? "descent: " : "") + taken.message)
        case .job(.hyperparametersChanged(let change)): say("steered at step \(change.step ?? step): \(change.text)")
        case .job(.progressReported(let progress)): rowsPerSecond = progress.rowsPerSecond
        case .sample(.metricsRecorded(let recorded)):
            metrics.merge(recorded.values) { _, new in new }
            (step, epoch) = (recorded.step, recorded.epoch)
            show(isEvaluation: recorded.values.keys.contains { $0.split == "validation" })
        default: break
        }
    }

    /// One line, whatever names and messages hold.
    private func say(_ text: String) {
        if isTerminal { Console.noteOverProgress(text.printable) } else { Console.note(text.printable) }
    }

    /// On a terminal ten times a second; elsewhere with an evaluation, at most once a second.
    private mutating func show(isEvaluation: Bool) {
        let time = SteadyClock.seconds()
        guard isTerminal ? time - lastShown > 0.1 : isEvaluation && time - lastShown > 1 else { return }
        lastShown = time
        var parts = ["step \(NumberFormat.grouped(step))" + (plannedSteps > 0 ? " of \(NumberFormat.grouped(plannedSteps))" : "")]
        parts.append("epoch \(NumberFormat.fixed(epoch, decimals: 1))")
        for name in [MetricName.trainLoss, .validationLoss] {
            if let value = metrics[name] { parts.append("\(name) \(NumberFormat.significant(value))") }
        }
        if rowsPerSecond > 0 { parts.append("\(NumberFormat.compact(rowsPerSecond)) rows/s") }
        let line = parts.joined(separator: "   ")
        if isTerminal { Console.showProgress(line) } else { Console.note(line.printable) }
    }
}
