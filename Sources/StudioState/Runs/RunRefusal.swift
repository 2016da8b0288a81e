import Events

/// Why a run's action cannot be done.
enum RunRefusal {
    @Sendable static func stop(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return "there is no run yet (n starts one)" }
        return targets.contains { $0.status.isActive && $0.status != .stopping } ? nil : "\(subject(targets)) not running"
    }

    @Sendable static func pause(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return "there is no run yet (n starts one)" }
        if targets.contains(where: { $0.status == .inProgress || $0.canResume }) { return nil }
        return targets.allSatisfy { $0.status == .completed }
            ? "\(subject(targets)) already complete" : "\(subject(targets)) about to change; wait a moment"
    }

    @Sendable static func steer(_ state: AppState) -> String? {
        guard let run = state.selectedRun else { return "there is no run yet (n starts one)" }
        return run.status.isActive && run.status != .stopping ? nil : "\(run.record.name) is not running"
    }

    @Sendable static func fork(_ state: AppState) -> String? {
        guard let run = state.selectedRun else { return "there is no run yet (n starts one)" }
        return run.step > 0 ? nil : "\(run.record.name) has not taken a step"
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
    /// The status in a word; a run whose process was killed says so.
    package var statusWord: String { status == .stopped && reason == "Interrupted" ? "interrupted" : status.word }

    /// Whether it can go on from its last checkpoint.
    package var canResume: Bool { status == .paused || status == .stopped || status == .failed }
}
