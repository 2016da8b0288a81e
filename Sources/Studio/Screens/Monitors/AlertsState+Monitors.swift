import Cells
import Events

// What monitors found, among the alerts.
extension AlertsState.Item {
    /// A monitor's violations that stand; nil where there are none.
    init?(monitor standing: MonitorStanding) {
        guard let judged = standing.judged, let first = judged.violations.first else { return nil }
        let record = standing.record, names = MonitorWords.features(judged.violations)
        let words = judged.violations.count == 1 ? "" : "\(MonitorWords.violations(judged.violations)); "
        self.init(
            run: RunID(""), time: judged.endedAt ?? judged.scheduledAt,
            alert: Alert(
                rule: record.name, severity: .issue, step: Self.noStep,
                summary: "\(record.sourceWords): \(words)\(names.first ?? ""): \(first.description)", evidence: [], cause: "",
                remedies: []))
        endpoint = record.endpoint
        monitor = record.name
    }
}
