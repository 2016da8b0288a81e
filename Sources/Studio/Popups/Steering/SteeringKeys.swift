extension KeyContext {
    static let steer = KeyContext("While steering")
    static let fork = KeyContext("While forking")
}

extension StudioAction {
    static let steerRun = StudioAction("run.steer")
    static let forkRun = StudioAction("run.fork")
    static let steerAccept = StudioAction("steer.accept")
    static let steerComplete = StudioAction("steer.complete")
    static let steerCompleteBack = StudioAction("steer.complete-back")
    static let settingDown = StudioAction("steer.next-setting")
    static let settingUp = StudioAction("steer.previous-setting")
    static let placeDown = StudioAction("fork.nextPlace")
    static let placeUp = StudioAction("fork.previousPlace")
}

extension KeyTable {
    /// Steering and forking runs.
    static let steering = KeyGroup([
        KeyBinding(
            .steerRun, "E", [.experiments, .curves, .runPage], hint: "steer…", priority: 33,
            "Change hyperparameters of a run while it trains; give more epochs to one that ended.",
            unless: RunRefusal.steer),
        KeyBinding(
            .forkRun, "F", [.experiments, .curves, .runPage], hint: "fork…", priority: 35,
            "Start a new run from this one's best evaluation or a checkpoint, with other hyperparameters.",
            unless: RunRefusal.fork),
        KeyBinding(
            .steerAccept, "enter ctrl-s", [.steer], hint: "do it", priority: 10,
            "Set what is typed from the next step on, or start the fork."),
        KeyBinding(
            .steerComplete, "tab", [.steer], hint: "complete", priority: 15,
            "Complete the name of a setting; again, the next one; behind a value, another setting."),
        KeyBinding(.steerCompleteBack, "shift-tab", [.steer], "Complete the name of the setting before."),
        KeyBinding(.settingDown, "down", [.steer], hint: "other setting", priority: 20, "Select the next setting."),
        KeyBinding(.settingUp, "up", [.steer], "Select the previous setting."),
        KeyBinding(.placeDown, "down", [.fork], hint: "other checkpoint", priority: 18, "Fork at the next place."),
        KeyBinding(.placeUp, "up", [.fork], "Fork at the previous place."),
    ]) { $0.performSteering($1) }
}
