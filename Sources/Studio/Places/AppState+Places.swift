import Cells
import CheckedNumbers
import Events

/// The workspaces elsewhere that the studio shows, and which of them it has not heard of for a while.
extension AppState {
    mutating func take(_ places: [PlaceStanding]) {
        let before = self.places
        self.places = places
        for place in places { tell(place, before: before.first { $0.name == place.name }) }
        experiments.isStale = true
        needsRedraw = true
    }

    /// What is lost is said once, and so is what is back.
    private mutating func tell(_ place: PlaceStanding, before: PlaceStanding?) {
        switch (place.link, before?.link) {
        case (.away(_, _, let why), .connected): say("\(place.name): \(why)", .bad)
        case (.away(_, _, let why), nil), (.away(_, _, let why), .connecting): say("\(place.name): \(why)", .bad)
        case (.connected, .away): say("\(place.name) is back", .good)
        default: break
        }
    }

    var isAnyPlaceStale: Bool { places.contains(where: \.isStale) }

    /// Whether what is shown of a run that goes on may not be so any more.
    func isStale(_ run: RunSummary) -> Bool {
        guard let name = run.record.place, !run.status.isFinal, let place = places.first(where: { $0.name == name }) else {
            return false
        }
        return place.isStale
    }

    /// Which places are away, since when, and when they are tried again; nil when all are there.
    var placeProblem: String? {
        let away = places.filter { if case .away = $0.link { true } else { false } }
        guard let first = away.first, case .away(let since, let next, _) = first.link else { return nil }
        if away.count > 1 { return "\(away.count) places away: " + away.map(\.name).joined(separator: ", ") }
        let time = since.map { NumberFormat.clock($0, utcOffsetSeconds: utcOffsetSeconds, showsSeconds: false) }
        let lost = "\(first.name): no connection" + (time.map { " since \($0)" } ?? "")
        guard let next else { return lost + ", trying" }
        return lost + ", next try in \(Int(roundedUpWithin: max(0, next - now))) s"
    }
}
