/// How a column stands beside its baseline.
public struct FeatureDrift: Sendable, Hashable {
    /// What is otherwise than chance would have it.
    public struct Sign: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// Values are distributed otherwise.
            case distribution
            /// Values are higher or lower.
            case place
            /// Values are further apart, or closer.
            case spread
            case missing
            /// Texts that the baseline does not have.
            case unseen
            /// Numbers beyond all of the baseline.
            case beyond
        }

        public var kind: Kind
        /// How likely chance alone is to bring it.
        public var chance: Double
    }

    public var name: String
    public var type: InferredType
    /// Rows with a value, now and in the baseline.
    public var present: Int, presentBefore: Int
    public var completeness: Double, completenessBefore: Double
    /// The greatest difference of shares; nil where nothing can be compared.
    public var distance: Double?
    /// What is compared with the threshold: the distance, what is left of it beside chance, or 1 less a chance.
    public var compared: Double?
    /// Measures that others use; see `Distance`. Wasserstein's in standard deviations of the baseline.
    public var stabilityIndex: Double?, wasserstein: Double?, jensenShannon: Double?
    /// Of numbers: the means; of texts: the share of rows whose text the baseline does not have.
    public var mean: Double?, meanBefore: Double?
    public var unseen: Double?
    /// Everything that was tested, the least likely first.
    public var tested: [Sign] = []
    /// Those of `tested` that are less likely than false alarms may be.
    public var signs: [Sign] = []

    public var isDrifted: Bool { !signs.isEmpty }
}
