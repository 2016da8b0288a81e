extension KeyContext {
    static let profile = KeyContext("On the page of a run's time")
}

extension StudioAction {
    static let showProfile = StudioAction("run.profile")
    static let profileNext = StudioAction("profile.next")
    static let profilePrevious = StudioAction("profile.previous")
    static let profileOn = StudioAction("profile.on")
    static let profileBack = StudioAction("profile.back")
    static let profileZoomIn = StudioAction("profile.zoom-in")
    static let profileZoomOut = StudioAction("profile.zoom-out")
    static let profileAll = StudioAction("profile.all")
}

extension KeyTable {
    /// Where a run's time goes.
    static let profile = KeyGroup([
        KeyBinding(
            .showProfile, "U", [.experiments, .curves, .alerts, .runPage, .alertPage], hint: "time", priority: 45,
            "Show where the run's time goes, what the machine does meanwhile, and its slowest steps."
        ) { $0.insightsRun == nil ? "there is no run" : nil },
        KeyBinding(
            .profilePrevious, "left h", [.profile], hint: "back in time", priority: 14, "Go to the stretch of time before."),
        KeyBinding(.profileNext, "right l", [.profile], hint: "on", priority: 15, "Go to the next stretch of time."),
        KeyBinding(.profileBack, "H", [.profile], "Go ten stretches back."),
        KeyBinding(.profileOn, "L", [.profile], "Go ten stretches on."),
        KeyBinding(.profileZoomIn, "+ =", [.profile], hint: "zoom", priority: 18, "Show half as much time, around the cursor."),
        KeyBinding(.profileZoomOut, "-", [.profile], "Show twice as much time."),
        KeyBinding(.profileAll, "0", [.profile], hint: "all", priority: 20, "Show all the time, and the newest."),
    ]) { $0.performProfile($1) }
}

extension AppState {
    mutating func performProfile(_ action: StudioAction) -> [Effect] {
        if action == .showProfile { return insightsRun.map { open(ProfilePage($0)) } ?? [] }
        changeTop(ProfilePage.self) { page, _ in
            switch action {
            case .profileNext: page.move(by: 1)
            case .profilePrevious: page.move(by: -1)
            case .profileOn: page.move(by: 10)
            case .profileBack: page.move(by: -10)
            case .profileZoomIn: page.zoom(in: true)
            case .profileZoomOut: page.zoom(in: false)
            default: page.showAll()
            }
        }
        pageChanged()
        return []
    }
}
