extension KeyContext {
    static let steer = KeyContext("While steering")
}

extension StudioAction {
    static let steerRun = StudioAction("run.steer")
    static let forkRun = StudioAction("run.fork")
    static let steerAccept = StudioAction("steer.accept")
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
            "Start a new run from a checkpoint of this one, with other hyperparameters.", unless: RunRefusal.fork),
        KeyBinding(
            .steerAccept, "enter", [.steer], hint: "do it", priority: 10,
            "Set what is typed from the next step on, or start the fork."),
        KeyBinding(.placeDown, "down tab", [.steer], hint: "other checkpoint", priority: 20, "Fork at the next place.") {
            if ($0.top as? SteerPrompt)?.fork != nil { nil } else { "a run is steered where it is" }
        },
        KeyBinding(.placeUp, "up shift-tab", [.steer], "Fork at the previous place.") {
            if ($0.top as? SteerPrompt)?.fork != nil { nil } else { "a run is steered where it is" }
        },
    ]) { $0.performSteering($1) }
}
