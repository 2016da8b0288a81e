extension KeyContext {
    static let experiments = KeyContext("Experiments", isHome: true)
}

extension StudioAction {
    static let showRun = StudioAction("run.show")
    static let stopRun = StudioAction("run.stop")
    static let pauseRun = StudioAction("run.pause")
    static let rerun = StudioAction("run.again")
    static let deleteRun = StudioAction("run.delete")
    static let bestRun = StudioAction("run.best")
    static let copyRun = StudioAction("run.copy")
    static let copyRunHere = StudioAction("run.copyHere")
}

extension KeyTable {
    /// The selected or marked runs: looking at them, their jobs, the bin.
    static let runs = KeyGroup([
        KeyBinding(
            .showRun, "enter", [.experiments], hint: "details", priority: 12,
            "Show the run's settings, alerts, checkpoints, files, lineage and log."
        ) {
            $0.experiments.selectedGroup == nil ? needsRun($0) : nil
        },
        KeyBinding(
            .stopRun, "s", [.experiments, .runPage], hint: "stop…", priority: 14,
            "Stop the marked or selected runs at the next step; the best model is kept.", unless: RunRefusal.stop),
        KeyBinding(
            .pauseRun, "p", [.experiments, .runPage], hint: "pause/resume", priority: 16,
            "Pause a running run; go on with a paused, stopped or interrupted one.", unless: RunRefusal.pause),
        KeyBinding(
            .rerun, "e", [.experiments, .runPage], hint: "edit & rerun…", priority: 32,
            "Open the new-run form filled in with this run's settings.", unless: RunRefusal.rerun),
        KeyBinding(
            .deleteRun, "d del", [.experiments, .runPage], hint: "delete", priority: 34,
            "Move the marked or selected runs to the bin (u brings them back).", unless: RunRefusal.delete),
        KeyBinding(
            .bestRun, "*", [.experiments], hint: "best", priority: 64,
            "Select the best run of those shown that answer the selected one's question: same data, target and objective.",
            unless: needsRows),
        KeyBinding(
            .copyRun, "C", [.experiments, .runPage], priority: 75, "Copy the run's id to the clipboard.", unless: needsRun),
        KeyBinding(
            .copyRunHere, "", [.experiments, .runPage], priority: 76,
            "Copy the run of another machine, with its model and checkpoints, into your own workspace here."
        ) {
            guard let run = $0.subjectRun else { return RunRefusal.noRun($0) }
            return run.record.place == nil ? "\(run.record.name) is here already" : nil
        },
    ]) { $0.performRun($1) }
}
