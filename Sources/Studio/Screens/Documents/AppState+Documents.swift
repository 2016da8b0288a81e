import Cells
import Events

extension AppState {
    /// What the layout of a document depends on.
    var readingKey: Reading.Key { Reading.Key(size: size, revision: revision) }

    /// Lays out what is about to be drawn, so that drawing it again costs nothing while nothing happens.
    public mutating func layOut() {
        guard !screens.isEmpty else { return }
        var screen = screens.removeLast()
        screen.layOut(self)
        screens.append(screen)
    }

    mutating func performDocument(_ action: StudioAction) -> [Effect] {
        guard popups.isEmpty, !screens.isEmpty else { return [] }
        var screen = screens.removeLast()
        screen.scroll(action, self)
        screens.append(screen)
        return []
    }

    /// Has screens ask anew about what they show.
    mutating func askForScreens(after events: [StudioEvent] = [], loaded: Set<RunID> = []) -> [Effect] {
        if screens.isEmpty { return [] }
        let outdated = screens.filter { $0.isOutdated(by: events, loaded: loaded) }
        return outdated.compactMap { $0.query(self) }.flatMap { ask($0) }
    }
}
