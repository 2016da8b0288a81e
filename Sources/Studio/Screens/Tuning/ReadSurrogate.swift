import Events

/// What the objective may be somewhere.
package struct TuningBelief: Hashable, Sendable {
    package var middle: Double
    /// Two deviations below and above.
    package var low: Double
    package var high: Double

    package init(middle: Double, low: Double, high: Double) { (self.middle, self.low, self.high) = (middle, low, high) }
}

/// What is believed of a tuning job's objective.
package struct TuningSurrogate: Sendable {
    /// What was known of a configuration before it was tried.
    package struct Guess: Hashable, Sendable {
        package var values: [String: String]
        /// Its place in [0, 1] on each axis.
        package var places: [Double]
        package var why: String
        /// nil where too few trials told anything then.
        package var belief: TuningBelief?
        /// How likely it was to be the best so far, in [0, 1].
        package var chance: Double?
        /// Trials that were known.
        package var count: Int

        package init(
            values: [String: String], places: [Double], why: String, belief: TuningBelief?, chance: Double?, count: Int
        ) {
            (self.values, self.places, self.why) = (values, places, why)
            (self.belief, self.chance, self.count) = (belief, chance, count)
        }
    }

    /// Along the first parameter, evenly from its smallest value to its largest.
    package var line: [TuningBelief] = []
    /// Rows of the second parameter, its largest value first; columns of the first.
    package var plane: [[TuningBelief]] = []
    /// The configuration that slices go through.
    package var through: [String: String] = [:]
    /// Trials that it was made from.
    package var count = 0
    /// Of the trial that was asked about.
    package var chosen: Guess?
    /// What would be tried next.
    package var next: Guess?
    /// What matters how much.
    package var importance: TuningImportance?
    /// Why there are no slices.
    package var refusal: String?

    package init() {}
}

/// How much of what the objective differs by is due to what is searched, in shares of all of it.
package struct TuningImportance: Hashable, Sendable {
    package struct Share: Hashable, Sendable {
        /// One parameter, or two that only matter together.
        package var names: [String]
        package var share: Double
        /// By how much it differs between halves of the trials, and how far that is more than chance.
        package var deviation: Double, certainty: String

        package init(names: [String], share: Double, deviation: Double = 0, certainty: String = "") {
            (self.names, self.share, self.deviation, self.certainty) = (names, share, deviation, certainty)
        }
    }

    /// The largest first.
    package var shares: [Share]
    /// Trials that it was found from.
    package var count: Int
    /// The part of what differs in trials it was not shown that the model foretells.
    package var explained: Double

    package init(shares: [Share], count: Int, explained: Double = 1) {
        (self.shares, self.count, self.explained) = (shares, count, explained)
    }
}

/// Asks what is believed of a tuning job's objective.
package struct ReadSurrogate: StudioQuery {
    package static let lane = QueryLane.compute
    package static let isLive = true
    /// Places along a line, and cells of a plane.
    package static let lineCount = 81, columns = 48, rows = 16

    package let tuning: String
    /// Places among the axes.
    package let first: Int
    package let second: Int?
    /// The trial that slices go through, and that is explained; nil = the best.
    package let trial: Int?

    package init(_ tuning: String, _ first: Int, _ second: Int?, trial: Int?) {
        (self.tuning, self.first, self.second, self.trial) = (tuning, first, second, trial)
    }

    package func take(_ answer: TuningSurrogate, into state: inout AppState) -> [Effect] {
        state.changeScreen(TuningPage.self) { page, _ in if page.tuning == tuning { page.take(answer) } }
        return []
    }

    package func renewed(in state: AppState) -> ReadSurrogate? {
        (state.screens.last { $0 is TuningPage } as? TuningPage)?.surrogateQuery
    }
}
