extension KeyContext {
    static let tuning = KeyContext("On a tuning job's page")
    static let tunings = KeyContext("Among tuning jobs")
}

extension StudioAction {
    static let showTunings = StudioAction("tuning.list")
    static let tuningOpen = StudioAction("tuning.open")
    static let tuningNextTab = StudioAction("tuning.next-tab")
    static let tuningPreviousTab = StudioAction("tuning.previous-tab")
    static let tuningSortRight = StudioAction("tuning.right")
    static let tuningSortLeft = StudioAction("tuning.left")
    static let tuningReverse = StudioAction("tuning.reverse")
    static let tuningOther = StudioAction("tuning.other-axis")
    static let tuningLowerDown = StudioAction("tuning.lower-down")
    static let tuningLowerUp = StudioAction("tuning.lower-up")
    static let tuningUpperDown = StudioAction("tuning.upper-down")
    static let tuningUpperUp = StudioAction("tuning.upper-up")
    static let tuningUnbrush = StudioAction("tuning.unbrush")
    static let tuningUnbrushAll = StudioAction("tuning.unbrush-all")
    static let tuningNextTrial = StudioAction("tuning.next-trial")
    static let tuningPreviousTrial = StudioAction("tuning.previous-trial")
    static let tuningBest = StudioAction("tuning.best")
    static let tuningPause = StudioAction("tuning.pause")
    static let tuningStop = StudioAction("tuning.stop")
    static let tuningAdd = StudioAction("tuning.add")
    static let tuningLimits = StudioAction("tuning.limits")
    static let tuningRanges = StudioAction("tuning.ranges")
    static let tuningObjective = StudioAction("tuning.objective")
    static let tuningPromote = StudioAction("tuning.promote")
}

extension KeyTable {
    /// Tuning jobs: where they are, and what is done on the page of one.
    static let tuning = KeyGroup([
        KeyBinding(.showTunings, "5", [.global], "Go to the searches for hyperparameters, from anywhere."),
        KeyBinding(
            .tuningOpen, "enter", [.tunings], hint: "look", priority: 8,
            "Go to the search under the cursor, else to the newest."
        ) { ($0.top as? TuningsPage)?.chosen == nil ? "nothing was searched in this workspace" : nil },
        KeyBinding(
            .tuningNextTab, "right l tab", [.tuning], hint: "next tab", priority: 9, "Show the next tab of the tuning job's page."
        ),
        KeyBinding(.tuningPreviousTab, "left h shift-tab", [.tuning], "Show the previous tab of the tuning job's page."),
        KeyBinding(
            .tuningSortRight, ">", [.tuning], hint: "sort/axis", priority: 20,
            "Sort the trials by the column to the right; on axes and slices, go to the next parameter.", unless: needsTuning),
        KeyBinding(
            .tuningSortLeft, "<", [.tuning],
            "Sort the trials by the column to the left; on axes and slices, go to the parameter before.", unless: needsTuning),
        KeyBinding(.tuningReverse, "r", [.tuning], "Reverse the order of the trials.", unless: needsTuning),
        KeyBinding(
            .tuningOther, "y", [.tuning], hint: "other parameter", priority: 21,
            "On slices: show the plane over the next other parameter.", unless: onSlices),
        KeyBinding(
            .tuningLowerUp, "}", [.tuning], hint: "brush { } ( )", priority: 22,
            "On parallel axes: raise the lower end of what is brushed on the axis; on slices, move the cross up.", unless: onAxes),
        KeyBinding(
            .tuningLowerDown, "{", [.tuning],
            "On parallel axes: sink the lower end of the brush; on slices, move the cross down.",
            unless: onAxes),
        KeyBinding(
            .tuningUpperDown, "(", [.tuning],
            "On parallel axes: sink the upper end of the brush; on slices, move the cross left.",
            unless: onAxes),
        KeyBinding(
            .tuningUpperUp, ")", [.tuning],
            "On parallel axes: raise the upper end of the brush; on slices, move the cross right.",
            unless: onAxes),
        KeyBinding(.tuningUnbrush, "0", [.tuning], "Brush all of the axis again.", unless: needsBrush),
        KeyBinding(.tuningUnbrushAll, "Z", [.tuning], "Brush all of every axis again.", unless: needsBrush),
        KeyBinding(.tuningNextTrial, "J", [.tuning], hint: "trials", priority: 24, "Choose the next trial.", unless: needsTrial),
        KeyBinding(.tuningPreviousTrial, "K", [.tuning], "Choose the trial before.", unless: needsTrial),
        KeyBinding(.tuningBest, "*", [.tuning], hint: "best", priority: 25, "Choose the best trial.") {
            page($0)?.standing?.best == nil ? "no trial has ended with a value" : nil
        },
        KeyBinding(
            .tuningPause, "w", [.tuning], hint: "hold search", priority: 11,
            "Begin no new trials, or go on with them; trials that run go on."
        ) { TuningRefusal.running($0) },
        KeyBinding(
            .tuningStop, "X", [.tuning], hint: "stop/resume search", priority: 12,
            "Stop the search after checkpoints, or go on with one that was stopped or interrupted.", unless: needsTuning),
        KeyBinding(
            .tuningAdd, "a", [.tuning], hint: "add trial…", priority: 13,
            "Try a configuration of your own; the search learns from it.", unless: needsTuning),
        KeyBinding(
            .tuningLimits, "m", [.tuning], hint: "limits…", priority: 16, "Change when the search ends.", unless: needsTuning),
        KeyBinding(
            .tuningRanges, "v", [.tuning], hint: "ranges…", priority: 17,
            "Change what is searched; trials outside of new ranges tell the search nothing any more.", unless: needsTuning),
        KeyBinding(
            .tuningObjective, "i", [.tuning], hint: "objective…", priority: 18, "Change what trials are compared by.",
            unless: needsTuning),
        KeyBinding(
            .tuningPromote, "f", [.tuning], hint: "full run…", priority: 14,
            "Open the form of a run with the trial's values that learns from all rows; best first: * chooses the best.",
            unless: needsTrial),
    ]) { $0.performTuning($1) }

    private static func page(_ state: AppState) -> TuningPage? { state.screens.last as? TuningPage }

    @Sendable private static func needsTuning(_ state: AppState) -> String? {
        page(state)?.standing == nil ? "the tuning job is not read yet" : nil
    }

    @Sendable private static func needsTrial(_ state: AppState) -> String? {
        page(state)?.chosenTrial == nil ? "there is no trial yet" : nil
    }

    @Sendable private static func needsBrush(_ state: AppState) -> String? {
        page(state)?.brushes.isEmpty ?? true ? "nothing is brushed" : nil
    }

    @Sendable private static func onSlices(_ state: AppState) -> String? {
        guard let page = page(state), page.tab == .slices else { return "slices have two parameters: their tab is further right" }
        return page.standing?.axes.count ?? 0 < 2 ? "only one parameter is searched" : nil
    }

    @Sendable private static func onAxes(_ state: AppState) -> String? {
        page(state).map { $0.tab == .parallel || $0.tab == .slices } ?? false
            ? nil : "axes are brushed on the tab parallel, and crossed on slices"
    }
}

/// Why something cannot be done to a tuning job.
enum TuningRefusal {
    static func running(_ state: AppState) -> String? {
        guard let standing = (state.screens.last as? TuningPage)?.standing else { return "the tuning job is not read yet" }
        return standing.record.status.isFinal ? "\(standing.record.name) does not run: X goes on with it" : nil
    }
}
