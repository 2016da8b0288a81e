import Events

/// Why an alert's action cannot be done.
enum AlertRefusal {
    @Sendable static func fix(_ state: AppState) -> String? {
        guard let item = state.selectedAlert else { return "there is no alert" }
        if item.alert.remedies.isEmpty { return "this alert suggests no remedy" }
        guard let run = state.runs[item.run] else { return "the alert's run is not in this workspace any more" }
        return run.record.refusal
    }
}
