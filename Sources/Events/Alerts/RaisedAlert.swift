/// An alert of a run, and whether what it tells of is gone.
public struct RaisedAlert: Sendable, Hashable {
    public var alert: Alert
    /// When it was raised.
    /// - Units: seconds since 1970.
    public var time: Double
    /// How it was cleared; nil while it stands.
    public var cleared: RuleEvaluation?

    public init(_ alert: Alert, time: Double, cleared: RuleEvaluation? = nil) {
        self.alert = alert
        self.time = time
        self.cleared = cleared
    }

    /// The alerts that a run's events tell, in the order in which they were raised. Events of other kinds may be among them.
    public static func all(in events: some Sequence<StudioEvent>) -> [RaisedAlert] {
        var alerts: [RaisedAlert] = []
        for event in events {
            switch event.kind {
            case .debugger(.alertRaised(let alert)): alerts.append(RaisedAlert(alert, time: event.wallTime))
            case .debugger(.ruleEvaluated(let evaluation)) where evaluation.state == .cleared:
                for place in alerts.indices where alerts[place].alert.rule == evaluation.rule {
                    alerts[place].cleared = alerts[place].cleared ?? evaluation
                }
            default: break
            }
        }
        return alerts
    }
}
