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
        if let refusal = watched(targets) { return refusal }
        return targets.contains { $0.status.isActive && $0.status != .stopping } ? nil : "\(subject(targets)) not running"
    }

    @Sendable static func pause(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return noRun(state) }
        if let refusal = watched(targets) { return refusal }
        if targets.contains(where: { $0.status == .inProgress || $0.canResume || state.queue.waits($0.record.id) }) {
            return nil
        }
        return targets.allSatisfy { $0.status == .completed }
            ? "\(subject(targets)) already complete: E gives it more epochs"
            : "\(subject(targets)) about to change; wait a moment"
    }

    @Sendable static func steer(_ state: AppState) -> String? {
        guard let run = state.subjectRun else { return noRun(state) }
        if let refusal = run.record.refusal { return refusal }
        if run.status.isFinal, run.step > 0 { return nil }
        return run.status.isActive && run.status != .stopping ? nil : "\(run.record.name) is not running"
    }

    @Sendable static func rerun(_ state: AppState) -> String? {
        guard let run = state.subjectRun else { return noRun(state) }
        return run.record.refusal
    }

    @Sendable static func fork(_ state: AppState) -> String? {
        guard let run = state.subjectRun else { return noRun(state) }
        return fork(of: run)
    }

    static func fork(of run: RunSummary) -> String? {
        run.record.refusal ?? (run.step > 0 ? nil : "\(run.record.name) has not taken a step")
    }

    @Sendable static func reproduce(_ state: AppState) -> String? {
        guard let run = state.subjectRun else { return noRun(state) }
        if let refusal = run.record.refusal { return refusal }
        if !run.status.isFinal { return "\(run.record.name) has not ended: stop it first (s)" }
        return state.algorithms.contains { $0.name == run.record.algorithm }
            ? nil : "this studio does not know the algorithm \(run.record.algorithm): run it again in the version that trained it"
    }

    @Sendable static func delete(_ state: AppState) -> String? {
        let targets = state.targetRuns
        if targets.isEmpty { return "there is no run to delete" }
        return targets.contains { !$0.status.isActive } ? nil : "\(subject(targets)) still running: stop it first (s)"
    }

    /// Why none of the runs can be stopped or paused: all of them are only watched.
    private static func watched(_ runs: [RunSummary]) -> String? {
        guard runs.allSatisfy({ $0.record.origin == .watched }) else { return nil }
        return runs.count == 1
            ? runs[0].record.refusal : "the marked runs are only watched: go on with them where they are trained"
    }

    private static func subject(_ runs: [RunSummary]) -> String {
        runs.count == 1 ? "\(runs[0].record.name) is" : "the marked runs are"
    }
}

extension KeyTable {
    @Sendable static func needsRun(_ state: AppState) -> String? {
        state.subjectRun == nil ? RunRefusal.noRun(state) : nil
    }

    @Sendable static func needsRows(_ state: AppState) -> String? {
        state.experiments.rows.isEmpty ? "there is no run yet (n starts one)" : nil
    }
}
