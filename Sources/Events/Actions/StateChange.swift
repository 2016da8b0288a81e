import Clocks
import JSON

/// A rule or an alarm stands otherwise than before: what actions follow from.
public struct StateChange: Sendable, Hashable {
    /// What kind of thing changed; the word is the wire's.
    public enum Kind: String, Sendable, Hashable {
        case rule
        /// An alarm over an endpoint: on is `issue`, off is `cleared`, nothing to measure is `waitingForData`.
        case alarm
    }

    public var kind: Kind
    /// Its name, such as `Overfit`.
    public var name: String
    public var state: RuleState
    /// How grave what it found is; nil where it has found nothing yet.
    public var severity: Alert.Severity?
    /// The run; of an alarm none, with an empty text.
    public var run: RunID
    /// The run's name; of an alarm, that of its endpoint.
    public var runName: String
    /// Of an alarm 0.
    public var step: Int
    /// When.
    /// - Units: seconds since 1970.
    public var time: Double
    /// One line: what was seen, or why it is gone.
    public var summary: String
    public var cause: String
    public var remedies: [String]

    public init(
        kind: Kind = .rule, name: String, state: RuleState, severity: Alert.Severity? = nil, run: RunID, runName: String,
        step: Int, time: Double, summary: String, cause: String = "", remedies: [String] = []
    ) {
        (self.kind, self.name, self.state, self.severity) = (kind, name, state, severity)
        (self.run, self.runName, self.step, self.time) = (run, runName, step, time)
        (self.summary, self.cause, self.remedies) = (summary, cause, remedies)
    }

    /// What a rule's new state tells.
    /// - Parameter alert: what it raised at last; nil where it has not.
    public init(_ evaluation: RuleEvaluation, alert: Alert?, of record: RunRecord, at time: Double) {
        let isFound = evaluation.state == .issue
        self.init(
            name: evaluation.rule, state: evaluation.state, severity: alert?.severity, run: record.id, runName: record.name,
            step: evaluation.step, time: time,
            summary: isFound ? alert?.summary ?? evaluation.reason : evaluation.reason,
            cause: isFound ? alert?.cause ?? "" : "", remedies: isFound ? alert?.remedies.map(\.text) ?? [] : [])
    }

    /// `Overfit: Issue in digits-1 at step 120`.
    public var title: String {
        switch kind {
        case .rule: "\(name): \(state.rawValue) in \(runName) at step \(step)"
        case .alarm: "alarm \(name): \(alarmWord) on \(runName)"
        }
    }

    /// How an alarm stands, in CloudWatch's words.
    public var alarmWord: String {
        switch state {
        case .issue: "ALARM"
        case .cleared, .ok: "OK"
        default: "INSUFFICIENT_DATA"
        }
    }

    /// What makes two of them the same: one is never told twice.
    public var identity: String {
        switch kind {
        case .rule: "\(kind.rawValue)/\(run.text)/\(name)/\(state.rawValue)/\(step)"
        // An alarm may go on and off any number of times.
        case .alarm: "\(kind.rawValue)/\(runName)/\(name)/\(state.rawValue)/\(WallClock.text(time))"
        }
    }
}

extension StateChange {
    public var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "name": .string(name), "state": .string(state.rawValue),
            "severity": severity.map { .string($0.rawValue) }, "run": .string(run.text), "runName": .string(runName),
            "step": .integer(step), "time": .string(WallClock.text(time)), "summary": .string(summary), "cause": .string(cause),
            "remedies": .array(remedies.map { .string($0) }),
        ])
    }

    public init?(json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let name = json["name"]?.string,
            let state = json["state"]?.string.flatMap(RuleState.init), let run = json["run"]?.string,
            let step = json["step"]?.integer, let time = json["time"]?.string.flatMap(WallClock.seconds(parsing:))
        else { return nil }
        self.init(
            kind: kind, name: name, state: state, severity: json["severity"]?.string.flatMap(Alert.Severity.init),
            run: RunID(run),
            runName: json["runName"]?.string ?? run, step: step, time: time, summary: json["summary"]?.string ?? "",
            cause: json["cause"]?.string ?? "", remedies: json["remedies"]?.array?.compactMap(\.string) ?? [])
    }
}
