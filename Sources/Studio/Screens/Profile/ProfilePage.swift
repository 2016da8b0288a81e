import Cells
import Events

/// Where a run's time goes: a timeline of its parts over what the machine did, its slowest steps, and what rules of the profiler found.
package struct ProfilePage: ScreenOfRun {
    package let run: RunID
    /// nil until it was read.
    package private(set) var profile: RunProfile?
    /// Names of the rules that look at it.
    package private(set) var rules: Set<String> = []
    /// Which slice the cursor stands on; nil for the newest.
    package private(set) var cursor: Int?
    /// Slices that are shown; nil for all.
    package private(set) var window: Range<Int>?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.profile, .detail] }

    init(_ run: RunID) { self.run = run }

    package func title(_ state: AppState) -> String { "Time: \(state.runs[run]?.record.name ?? run.text)" }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let profile else { return Document([TextLine("reading …", .muted)]) }
        return ProfilePageText(page: self, profile: profile, state: state, width: width).document
    }

    mutating func take(_ answer: ProfileAnswer) {
        (profile, rules) = (answer.profile, answer.rules)
        let places = answer.profile.slices.indices
        if let cursor, !places.contains(cursor) { self.cursor = nil }
        if let shown = window, shown.upperBound > places.upperBound { window = nil }
    }

    /// The slices that are shown.
    var range: Range<Int> { window ?? (profile?.slices ?? []).indices }
    /// The slice under the cursor.
    var place: Int? { range.isEmpty ? nil : min(cursor ?? range.upperBound - 1, range.upperBound - 1) }

    mutating func move(by count: Int) {
        guard let profile, let place else { return }
        let next = min(max(0, place + count), profile.slices.count - 1)
        cursor = next == profile.slices.count - 1 ? nil : next
        if let shown = window, !shown.contains(next) {
            let start = min(max(0, next - shown.count / 2), profile.slices.count - shown.count)
            window = start..<(start + shown.count)
        }
    }

    /// Shows half as many slices around the cursor, or twice as many.
    mutating func zoom(in closer: Bool) {
        guard let profile, let place else { return }
        let count = closer ? max(4, range.count / 2) : range.count * 2
        guard count < profile.slices.count else { return window = nil }
        let start = min(max(0, place - count / 2), profile.slices.count - count)
        window = start..<(start + count)
    }

    mutating func showAll() { (window, cursor) = (nil, nil) }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadProfile(run) }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run)
            || events.contains { event in
                if case .profile = event.kind { event.run == run } else { false }
            }
    }
}
