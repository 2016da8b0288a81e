/// How much of what the objective varies by comes from each parameter of a search, and from pairs of them together.
public struct SearchImportance: Sendable, Hashable {
    /// How far what was found is more than chance.
    public enum Certainty: String, Sendable, Hashable, CaseIterable {
        /// More than a parameter that nothing depends on gets, by two deviations.
        case clear
        /// By one deviation.
        case likely
        /// No more than that.
        case unclear = "may be chance"
    }

    public struct Effect: Sendable, Hashable {
        /// One parameter, or two.
        public var parameters: [String]
        /// Of all variance over the search space, from 0 to 1.
        public var share: Double
        /// By how much it differs between halves of the trials: a standard deviation.
        public var deviation: Double
        public var certainty: Certainty
    }

    /// The largest first.
    public var parameters: [Effect]
    /// What pairs bring beyond what both bring alone; the largest first.
    public var pairs: [Effect]
    /// The share of the objective's variance among trials that the model foretells for trials it was not shown; at 0 and below it
    /// knows nothing.
    public var explained: Double
    /// How many trials it rests on.
    public var trialCount: Int
}
