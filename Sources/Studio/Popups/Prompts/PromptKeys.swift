extension KeyContext {
    static let prompt = KeyContext("At a prompt")
    static let steer = KeyContext("While steering")
    static let line = KeyContext("At a line")
}

extension StudioAction {
    static let lineAccept = StudioAction("line.accept")
    static let lineComplete = StudioAction("line.complete")
    static let promptAccept = StudioAction("prompt.accept")
    static let promptComplete = StudioAction("prompt.complete")
    static let steerAccept = StudioAction("steer.accept")
    static let placeDown = StudioAction("fork.nextPlace")
    static let placeUp = StudioAction("fork.previousPlace")
}

extension KeyTable {
    /// At a line.
    static let line = KeyGroup([
        KeyBinding(.lineAccept, "enter", [.line], hint: "do it", priority: 10, "Take what is typed."),
        KeyBinding(.lineComplete, "tab", [.line], hint: "complete", priority: 20, "Complete the word at the cursor."),
    ]) { $0.performLine($1) }

    /// At the prompt for a path.
    static let path = KeyGroup([
        KeyBinding(.promptAccept, "enter", [.prompt], hint: "open", priority: 10, "Open the file."),
        KeyBinding(.promptComplete, "tab", [.prompt], hint: "complete", priority: 20, "Complete the path."),
    ]) { $0.performPath($1) }

    /// While steering or forking.
    static let steering = KeyGroup([
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
