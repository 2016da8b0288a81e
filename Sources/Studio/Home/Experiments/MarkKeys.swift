extension StudioAction {
    static let markRun = StudioAction("run.mark")
    static let markRange = StudioAction("run.mark-range")
    static let markMatching = StudioAction("run.mark-matching")
    static let invertMarks = StudioAction("run.invert-marks")
    static let markAll = StudioAction("run.mark-all")
    static let clearMarks = StudioAction("run.clear-marks")
    static let baseline = StudioAction("run.baseline")
}

extension KeyTable {
    /// Marking runs.
    static let marks = KeyGroup([
        KeyBinding(
            .markRun, "space", [.experiments, .curves, .runPage], hint: "mark", priority: 18,
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
        KeyBinding(.clearMarks, "A", [.experiments, .curves, .runPage], priority: 63, "Unmark all runs.") {
            $0.experiments.marks.isEmpty ? "no run is marked" : nil
        },
        KeyBinding(
            .baseline, "b", [.experiments, .runPage], hint: "baseline", priority: 30,
            "Compare every run with this one; again, to stop comparing.", unless: needsRun),
    ]) { $0.performMarks($1) }
}
