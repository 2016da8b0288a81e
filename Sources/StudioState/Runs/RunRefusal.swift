import Events

/// Why a run's action cannot be done.
enum RunRefusal {
    /// Why there is no selected run.
    static func noRun(_ state: AppState) -> String {
        state.experiments.selectedGroup == nil ? "there is no run yet (n starts one)" : "this is a group: select one of its runs"
    }

    @Sendable static func edit(_ state: AppState) -> String? { state.targetRuns.isEmpty ? noRun(state) : nil }

    @Sendable static func stop(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return noRun(state) }
        return targets.contains { $0.status.isActive && $0.status != .stopping } ? nil : "\(subject(targets)) not running"
    }

    @Sendable static func pause(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return noRun(state) }
        if targets.contains(where: { $0.status == .inProgress || $0.canResume }) { return nil }
        return targets.allSatisfy { $0.status == .completed }
            ? "\(subject(targets)) already complete: E gives it more epochs"
            : "\(subject(targets)) about to change; wait a moment"
    }

    @Sendable static func steer(_ state: AppState) -> String? {
        guard let run = state.selectedRun else { return noRun(state) }
        if run.status.isFinal, run.step > 0 { return nil }
        return run.status.isActive && run.status != .stopping ? nil : "\(run.record.name) is not running"
    }

    @Sendable static func fork(_ state: AppState) -> String? {
        guard let run = state.selectedRun else { return noRun(state) }
        return run.step > 0 ? nil : "\(run.record.name) has not taken a step"
    }

    @Sendable static func reproduce(_ state: AppState) -> String? {
        if case .page(let page) = state.popups.last, !page.isOfRun { return "this page is not about a run" }
        guard let run = state.reproducedRun else { return noRun(state) }
        if !run.status.isFinal { return "\(run.record.name) has not ended: stop it first (s)" }
        return state.algorithms.contains { $0.name == run.record.algorithm }
            ? nil : "\(run.record.name) was only watched: run it again where it was trained"
    }

    @Sendable static func delete(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return "there is no run to delete" }
        return targets.contains { !$0.status.isActive } ? nil : "\(subject(targets)) still running: stop it first (s)"
    }

    private static func subject(_ runs: [RunSummary]) -> String {
        runs.count == 1 ? "\(runs[0].record.name) is" : "the marked runs are"
    }
}

extension RunSummary {
    /// Whether it can go on from its last checkpoint.
    package var canResume: Bool { status == .paused || status == .stopped || status == .failed }
}
