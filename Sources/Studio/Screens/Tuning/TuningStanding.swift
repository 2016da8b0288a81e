import CheckedNumbers
import Events

/// One parameter that is searched, as pages show it.
package struct TuningAxis: Hashable, Sendable {
    package var name: String
    /// As its range is written.
    package var range: String
    /// Values at even places from its smallest to its largest, `tickCount` of them; of words each.
    package var ticks: [String]
    package var isWord: Bool

    package static let tickCount = 81

    package init(name: String, range: String, ticks: [String], isWord: Bool) {
        (self.name, self.range, self.ticks, self.isWord) = (name, range, ticks, isWord)
    }

    /// The value nearest to a place in [0, 1].
    func text(at place: Double) -> String {
        guard !ticks.isEmpty else { return "" }
        let last = Double(ticks.count - 1)
        let index = isWord ? Int(roundedDownWithin: place * Double(ticks.count)) : Int(nearestWithin: place * last)
        return ticks[min(max(0, index), ticks.count - 1)]
    }
}

/// A tuning job, as pages show it.
package struct TuningStanding: Sendable {
    package var record: TuningRecord
    package var trials: [TuningTrial]
    package var axes: [TuningAxis]
    /// Of each trial, by number, its place in [0, 1] on each axis; nil where it has none.
    package var places: [Int: [Double?]]
    /// Whether a living process carries it out.
    package var isCarriedOut: Bool

    package init(
        record: TuningRecord, trials: [TuningTrial], axes: [TuningAxis], places: [Int: [Double?]], isCarriedOut: Bool
    ) {
        (self.record, self.trials, self.axes, self.places) = (record, trials, axes, places)
        self.isCarriedOut = isCarriedOut
    }

    /// The best trial that ended.
    var best: TuningTrial? {
        var best: TuningTrial?
        for trial in trials where trial.outcome == .completed {
            if let value = trial.value, record.objective.isBetter(value, than: best?.value ?? .nan) { best = trial }
        }
        return best
    }

    var ended: Int { trials.count { $0.outcome != nil } }
}
