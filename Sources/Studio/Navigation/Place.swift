import Events

/// Somewhere one can be in the studio, as one left it.
struct Place: Sendable {
    /// The screens over the home screen, each with its cursor and how far it was scrolled.
    var screens: [any Screen]
    var focus: Pane
    var isZoomed: Bool
    /// What the panes of the home screen had selected, and how they were filtered.
    var run: RunID?
    var dataset: String?
    var column: ListCursor
    var alert: ListCursor
    var filters: [ListFilter]
    /// Whether one left it for somewhere else rather than closing it.
    var wasLeftForAnother = true
}

/// Where one was before, and where one was before going back.
struct PlaceHistory: Sendable {
    static let capacity = 64

    private(set) var back: [Place] = []
    private(set) var forward: [Place] = []

    /// Remembers a place that is left. What was gone back from is forgotten.
    mutating func leave(_ place: Place) {
        back.append(place)
        if back.count > Self.capacity { back.removeFirst() }
        forward = []
    }

    /// The place before, in exchange for the one that is left.
    mutating func stepBack(from place: Place) -> Place? {
        guard let next = back.popLast() else { return nil }
        forward.append(place)
        return next
    }

    /// The place that was gone back from last.
    mutating func stepForward(from place: Place) -> Place? {
        guard let next = forward.popLast() else { return nil }
        back.append(place)
        return next
    }
}
