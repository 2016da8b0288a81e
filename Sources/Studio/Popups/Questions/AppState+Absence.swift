import Cells
import Events

/// What happened in the workspace while no studio looked at it.
public struct Absence: Sendable, Hashable {
    /// - Units: seconds since 1970.
    public var since: Double
    /// Runs that ended, the latest first.
    public var ended: [RunSummary]
    /// Runs that were found faulty and have not ended, with how many alerts.
    public var alerted: [RunSummary]

    public init(since: Double, ended: [RunSummary], alerted: [RunSummary]) {
        (self.since, self.ended, self.alerted) = (since, ended, alerted)
    }
}

extension AppState {
    /// Greets with what happened meanwhile.
    mutating func greet(_ absence: Absence) {
        guard !absence.ended.isEmpty || !absence.alerted.isEmpty, popups.isEmpty else { return }
        let clock = { [utcOffsetSeconds] (time: Double) in
            NumberFormat.clock(time, utcOffsetSeconds: utcOffsetSeconds, showsSeconds: false)
        }
        let most = 6
        // What failed is not folded away.
        let ended = absence.ended.filter { $0.status == .failed } + absence.ended.filter { $0.status != .failed }
        var lines = ended.prefix(most).map { run in
            let best = run.bestObjective.map { ", \(run.record.objective.metric.metric) \(NumberFormat.significant($0))" } ?? ""
            let alerts = run.alertCount > 0 ? ", \(run.alertCount) alert\(run.alertCount == 1 ? "" : "s")" : ""
            let time = run.finishedAt.map { clock($0) + " " } ?? ""
            let why = run.status == .failed && !run.reason.isEmpty ? ": \(run.reason.text.prefix(80))" : ""
            return "\(time)\(run.record.name) \(run.statusWord)\(best)\(alerts)\(why)"
        }
        if absence.ended.count > most { lines.append("and \(absence.ended.count - most) more") }
        lines += absence.alerted.prefix(most).map { run in
            "\(run.record.name) trains, \(run.alertCount) alert\(run.alertCount == 1 ? "" : "s")"
        }
        let failed = absence.ended.first { $0.status == .failed }
        let first = failed ?? absence.ended.first ?? absence.alerted.first
        var answers = [Question.Answer(key: "c", text: "close")]
        if let first {
            let id = first.record.id
            answers.insert(.init(key: "l", text: "look at \(first.record.name)") { $0.showRun(id) }, at: 0)
        }
        let days = Int(roundedDownWithin: (now - absence.since) / 86_400)
        let when = days > 0 ? "\(days) day\(days == 1 ? "" : "s") ago" : "since \(clock(absence.since))"
        open(Question("While you were away, \(when)", text: lines.joined(separator: "\n"), answers: answers, isNews: true))
    }
}
