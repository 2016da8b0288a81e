extension KeyContext {
    static let experiments = KeyContext("Experiments", isHome: true)
}

extension StudioAction {
    static let showRun = StudioAction("run.show")
    static let stopRun = StudioAction("run.stop")
    static let pauseRun = StudioAction("run.pause")
    static let markRun = StudioAction("run.mark")
    static let markRange = StudioAction("run.mark-range")
    static let markMatching = StudioAction("run.mark-matching")
    static let invertMarks = StudioAction("run.invert-marks")
    static let markAll = StudioAction("run.mark-all")
    static let clearMarks = StudioAction("run.clear-marks")
    static let baseline = StudioAction("run.baseline")
    static let rerun = StudioAction("run.again")
    static let steerRun = StudioAction("run.steer")
    static let forkRun = StudioAction("run.fork")
    static let reproduceRun = StudioAction("run.reproduce")
    static let sortLeft = StudioAction("run.sort-left")
    static let sortRight = StudioAction("run.sort-right")
    static let sortReverse = StudioAction("run.sort-reverse")
    static let deleteRun = StudioAction("run.delete")
    static let compareRuns = StudioAction("run.compare")
    static let findImportance = StudioAction("run.importance")
    static let copyRun = StudioAction("run.copy")
}

extension KeyTable {
    /// The selected or marked runs.
    static let runs = KeyGroup([
        KeyBinding(
            .showRun, "enter", [.experiments], hint: "details", priority: 12,
            "Show the run's settings, alerts, checkpoints, files, lineage and log."
        ) {
            $0.experiments.selectedGroup == nil ? needsRun($0) : nil
        },
        KeyBinding(
            .stopRun, "s", [.experiments], hint: "stop…", priority: 14,
            "Stop the marked or selected runs at the next step; the best model is kept.", unless: RunRefusal.stop),
        KeyBinding(
            .pauseRun, "p", [.experiments], hint: "pause/resume", priority: 16,
            "Pause a running run; go on with a paused, stopped or interrupted one.", unless: RunRefusal.pause),
        KeyBinding(
            .markRun, "space", [.experiments, .curves], hint: "mark", priority: 18,
            "Mark the run, to overlay its curves with other marked runs; on a group, all of it."
        ) {
            $0.experiments.selectedGroup == nil ? needsRun($0) : nil
        },
        KeyBinding(
            .markRange, "v", [.experiments], hint: "range", priority: 67,
            "Begin a range at the run; again, to mark all from there to the selected one.", unless: needsRun),
        KeyBinding(
            .markMatching, "M", [.experiments], priority: 61, "Mark the shown runs that meet a condition.", unless: needsRows),
        KeyBinding(
            .invertMarks, "I", [.experiments], priority: 62, "Mark what is not marked, and unmark what is.", unless: needsRows),
        KeyBinding(
            .markAll, "a", [.experiments], hint: "mark all", priority: 62,
            "Mark every run the filter shows; again, to unmark them.", unless: needsRows),
        KeyBinding(.clearMarks, "A", [.experiments, .curves], priority: 63, "Unmark all runs.") {
            $0.experiments.marks.isEmpty ? "no run is marked" : nil
        },
        KeyBinding(
            .baseline, "b", [.experiments], hint: "baseline", priority: 30,
            "Compare every run with this one; again, to stop comparing.", unless: needsRun),
        KeyBinding(
            .rerun, "e", [.experiments], hint: "edit & rerun…", priority: 32,
            "Open the new-run form filled in with this run's settings.", unless: RunRefusal.rerun),
        KeyBinding(
            .steerRun, "E", [.experiments, .curves], hint: "steer…", priority: 33,
            "Change hyperparameters of a run while it trains; give more epochs to one that ended.",
            unless: RunRefusal.steer),
        KeyBinding(
            .forkRun, "F", [.experiments, .curves], hint: "fork…", priority: 35,
            "Start a new run from a checkpoint of this one, with other hyperparameters.", unless: RunRefusal.fork),
        KeyBinding(
            .reproduceRun, "P", [.experiments, .detail], hint: "reproduce…", priority: 37,
            "Run the run again from what was captured of it, and say whether it comes out the same to the bit.",
            unless: RunRefusal.reproduce),
        KeyBinding(.sortLeft, "<", [.experiments], priority: 65, "Sort by the column to the left.", unless: needsRows),
        KeyBinding(
            .sortRight, ">", [.experiments], priority: 65, "Sort by the column to the right.", unless: needsRows),
        KeyBinding(
            .sortReverse, "r", [.experiments], hint: "reverse", priority: 66, "Reverse the sort order.", unless: needsRows),
        KeyBinding(
            .deleteRun, "d del", [.experiments], hint: "delete", priority: 34,
            "Move the marked or selected runs to the bin (u brings them back).", unless: RunRefusal.delete),
        KeyBinding(
            .compareRuns, "c", [.experiments, .curves], hint: "compare", priority: 19,
            "Compare the marked runs side by side, or the selected one with the baseline."
        ) {
            $0.runsToCompare.count > 1 ? nil : "mark two runs with space, or choose a baseline with b"
        },
        KeyBinding(
            .findImportance, "i", [.experiments, .compare], hint: "what matters", priority: 36,
            "Find which hyperparameters bear on the objective, over the marked runs or all that are listed."
        ) { $0.hasRunsToWeigh ? nil : "it takes four runs that ended to see what matters" },
        KeyBinding(.copyRun, "C", [.experiments], priority: 75, "Copy the run's id to the clipboard.", unless: needsRun),
    ]) { $0.performRun($1) }

    @Sendable static func needsRun(_ state: AppState) -> String? {
        state.selectedRun == nil ? RunRefusal.noRun(state) : nil
    }

    @Sendable static func needsRows(_ state: AppState) -> String? {
        state.experiments.rows.isEmpty ? "there is no run yet (n starts one)" : nil
    }
}
