import Events

extension StudioAction {
    static let queueUp = StudioAction("queue.move-up")
    static let queueDown = StudioAction("queue.move-down")
    static let queueFirst = StudioAction("queue.move-first")
    static let queueLast = StudioAction("queue.move-last")
    static let startHost = StudioAction("host.start-host")
}

extension KeyTable {
    /// Jobs that wait for the workspace's host.
    static let queue = KeyGroup([
        KeyBinding(
            .queueUp, "{", [.experiments], hint: "sooner", priority: 15, "Move the selected job up in the host's queue.",
            unless: RunRefusal.queue),
        KeyBinding(
            .queueDown, "}", [.experiments], hint: "later", priority: 15, "Move the selected job down in the host's queue.",
            unless: RunRefusal.queue),
        KeyBinding(
            .queueFirst, "", [.experiments], priority: 68, "Move the selected job to the front of the host's queue.",
            unless: RunRefusal.queue),
        KeyBinding(
            .queueLast, "", [.experiments], priority: 68, "Move the selected job to the end of the host's queue.",
            unless: RunRefusal.queue),
        KeyBinding(
            .startHost, "H", [.experiments], priority: 70,
            "Start the workspace's host, which trains what waits in its queue though this studio is left."
        ) {
            $0.queue.hasHost ? "the workspace has a host: new runs are trained by it" : nil
        },
    ]) { $0.performQueue($1) }
}

extension RunRefusal {
    @Sendable static func queue(_ state: AppState) -> String? {
        guard let run = state.selectedRun else { return noRun(state) }
        return state.queue.waits(run.record.id) ? nil : "\(run.record.name) does not wait in the host's queue"
    }
}

extension AppState {
    mutating func performQueue(_ action: StudioAction) -> [Effect] {
        if action == .startHost {
            say("starting the workspace's host", .text)
            return [.command(.startHost)]
        }
        guard let run = selectedRun?.record.id else { return [] }
        let moves: [StudioAction: QueueMove] = [.queueUp: .up, .queueDown: .down, .queueFirst: .first, .queueLast: .last]
        return moves[action].map { [.command(.moveQueued(run, $0))] } ?? []
    }
}
