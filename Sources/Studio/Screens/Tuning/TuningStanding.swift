import Cells
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
    package let trials: [TuningTrial]
    package let axes: [TuningAxis]
    /// Of each trial, by number, its place in [0, 1] on each axis; nil where it has none.
    package let places: [Int: [Double?]]
    /// Whether a living process carries it out.
    package let isCarriedOut: Bool
    /// Runs of what looks best on fresh seeds.
    package let confirmations: [TuningConfirmation]
    /// The best trial that ended.
    let best: TuningTrial?
    /// What it is worth over fresh seeds; nil where that was not looked at.
    let confirmed: ConfirmedValue?
    /// Trials that ended.
    let ended: Int
    /// Of each trial, in their order, what it has on each axis in words, and how wide the longest of each axis is.
    let texts: [[String]]
    let widths: [Int]

    package init(
        record: TuningRecord, trials: [TuningTrial], axes: [TuningAxis], places: [Int: [Double?]], isCarriedOut: Bool,
        confirmations: [TuningConfirmation] = []
    ) {
        (self.record, self.trials, self.axes, self.places) = (record, trials, axes, places)
        (self.isCarriedOut, self.confirmations) = (isCarriedOut, confirmations)
        // Found once, and not on the screen's thread: pages ask for them row by row, again and again.
        let texts = trials.map { trial in axes.map { axis in trial.values[axis.name].map(TuningWords.value) ?? "–" } }
        self.texts = texts
        widths = axes.indices.map { axis in texts.reduce(0) { max($0, TextWidth.of($1[axis])) } }
        let winner = record.winner(trials, confirmations)
        (best, confirmed) = (winner?.trial, winner?.confirmed)
        ended = trials.count { $0.outcome != nil }
    }

    var isConfirming: Bool { record.isConfirming(confirmations) }

    /// The status in a word.
    var statusWord: String { isConfirming ? "confirming" : record.statusWord }
}
