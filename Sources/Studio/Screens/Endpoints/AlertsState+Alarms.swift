import Cells
import Events

// Alarms of endpoints that are on, among the alerts.
extension AlertsState.Item {
    /// The step of what has none.
    static let noStep = -1

    /// An alarm that is on.
    init(alarm: AlarmRecord) {
        let place = alarm.endpoint + (alarm.variant.map { "/\($0)" } ?? "")
        self.init(
            run: RunID(""), time: alarm.history.last?.at ?? 0,
            alert: Alert(
                rule: alarm.name, severity: .issue, step: Self.noStep, summary: "\(place): \(alarm.words), \(alarm.periods)",
                evidence: [], cause: "", remedies: []))
        endpoint = alarm.endpoint
    }
}

extension AppState {
    /// The endpoint whose alarm an alert is, by its id; nil for what the debugger found, and where the endpoint is gone.
    func endpoint(of item: AlertsState.Item) -> String? { item.endpoint.flatMap { serving.endpoint(named: $0)?.id } }
}
