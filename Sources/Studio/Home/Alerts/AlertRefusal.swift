import Events

/// Why an alert's action cannot be done.
enum AlertRefusal {
    @Sendable static func none(_ state: AppState) -> String? { state.selectedAlert == nil ? "there is no alert" : nil }

    @Sendable static func chart(_ state: AppState) -> String? {
        if state.selectedAlert?.monitor != nil { return "what a monitor found has no place in a curve: enter shows it" }
        if state.selectedAlert?.endpoint != nil { return "an endpoint's alarm has no place in a curve: enter shows the endpoint" }
        return none(state)
    }

    @Sendable static func fix(_ state: AppState) -> String? {
        guard let item = state.selectedAlert else { return "there is no alert" }
        if let name = item.monitor {
            guard let standing = state.serving.monitor(name) else { return "the monitor is gone" }
            return MonitorRefusal.retraining(standing, state)
        }
        if item.endpoint != nil { return "an alarm is mended at its endpoint: enter goes there" }
        if item.alert.remedies.isEmpty { return "this alert suggests no remedy" }
        if item.alert.remedies.indices.contains(state.alerts.remedy), item.alert.remedies[state.alerts.remedy].set.isEmpty {
            let others = item.alert.remedies.contains { !$0.set.isEmpty }
            return others
                ? "this remedy is no setting: l goes to another one" : "no remedy of this alert is a setting to start a run with"
        }
        guard let run = state.runs[item.run] else { return "the alert's run is not in this workspace any more" }
        return run.record.refusal
    }
}
