import Events

extension KeyContext {
    static let monitors = KeyContext("Among monitors")
    static let monitor = KeyContext("On a monitor's page")
    /// What is done to a monitor, in their list and on its pages.
    static let monitoring = KeyContext("To a monitor")
}

extension StudioAction {
    static let showMonitors = StudioAction("monitor.list")
    static let monitorOpen = StudioAction("monitor.open")
    static let monitorRun = StudioAction("monitor.run")
    static let monitorPause = StudioAction("monitor.pause")
    static let monitorRetrain = StudioAction("monitor.retrain")
    static let monitorReport = StudioAction("monitor.report")
    static let monitorDelete = StudioAction("monitor.delete")
    static let setUpMonitors = StudioAction("monitor.set-up")
}

extension KeyTable {
    /// Monitors: what they found, and what is done to one.
    static let monitors = KeyGroup([
        KeyBinding(.showMonitors, "8", [.global], "Go to the monitors, from anywhere."),
        KeyBinding(
            .monitorOpen, "enter", [.monitors], hint: "look", priority: 8,
            "Show what the monitor under the cursor found, else the first one's.", unless: MonitorRefusal.none),
        KeyBinding(
            .monitorRetrain, "f", [.monitoring], hint: "mend…", priority: 11,
            "Train the endpoint's model again on what it was asked since, compare both, and deploy the new one as a canary.",
            unless: MonitorRefusal.retraining),
        KeyBinding(
            .monitorRun, "r", [.monitoring], hint: "look now", priority: 12,
            "Have the monitor look now at what came since it last did.",
            unless: MonitorRefusal.change),
        KeyBinding(
            .monitorPause, "p", [.monitoring], hint: "pause/resume", priority: 14, "Have the monitor's schedule rest, or go on.",
            unless: MonitorRefusal.pause),
        KeyBinding(
            .monitorReport, "R", [.monitoring], hint: "report", priority: 24,
            "Write the violations that stand as constraint_violations.json into the current folder.",
            unless: MonitorRefusal.report),
        KeyBinding(
            .monitorDelete, "d del", [.monitoring], hint: "delete…", priority: 28, "Delete the monitor with its executions.",
            unless: MonitorRefusal.change),
        KeyBinding(
            .setUpMonitors, "w", [.experiments, .runPage, .automl, .models, .serving], hint: "watch…", priority: 48,
            "Have everything that the model's endpoint is asked written down, and the monitors that it can have look at it.",
            unless: MonitorRefusal.setUp),
    ]) { $0.performMonitor($1) }
}

/// Why something cannot be done to a monitor.
enum MonitorRefusal {
    @Sendable static func none(_ state: AppState) -> String? {
        state.chosenMonitor == nil ? "there is no monitor yet: w on an endpoint (7) makes those that it can have" : nil
    }

    @Sendable static func change(_ state: AppState) -> String? {
        if let refusal = none(state) { return refusal }
        return state.places.isEmpty ? nil : "monitors of another machine are changed there: descent monitor"
    }

    @Sendable static func pause(_ state: AppState) -> String? {
        if let refusal = change(state) { return refusal }
        guard let record = state.chosenMonitor?.record, record.schedule.lowercased() == "now" else { return nil }
        return "\(record.name) has no schedule: r has it look"
    }

    @Sendable static func report(_ state: AppState) -> String? {
        if let refusal = none(state) { return refusal }
        return state.chosenMonitor?.judged == nil ? "it has looked at no rows yet: r has it look" : nil
    }

    @Sendable static func retraining(_ state: AppState) -> String? {
        change(state) ?? state.chosenMonitor.flatMap { retraining($0, state) }
    }

    static func retraining(_ standing: MonitorStanding, _ state: AppState) -> String? {
        let record = standing.record
        guard let endpoint = record.endpoint else {
            return "\(record.name) looks at files: what its model is trained on is yours to choose (n)"
        }
        if let open = standing.retraining, !open.status.isOver {
            return "\(endpoint)'s model is being trained again: \(open.status.rawValue)"
        }
        guard state.serving.endpoint(named: endpoint) != nil else { return "the endpoint \(endpoint) is gone" }
        let isLabelled = state.serving.monitors.contains { $0.record.endpoint == endpoint && $0.record.groundTruth != nil }
        return isLabelled
            ? nil
            : "no monitor of \(endpoint) knows where labels come to: descent monitor create … --type model-quality --ground-truth"
    }

    @Sendable static func setUp(_ state: AppState) -> String? {
        if !state.places.isEmpty { return "endpoints of another machine are watched there: descent monitor setup" }
        if let record = state.endpointToWatch {
            let own = state.serving.monitors.filter { $0.record.endpoint == record.name }
            let kinds = Set(own.map(\.record.kind))
            return kinds.count == MonitorRecord.Kind.allCases.count ? "\(record.name) has all four monitors: 8 shows them" : nil
        }
        return EndpointRefusal.deploy(state)
    }
}
