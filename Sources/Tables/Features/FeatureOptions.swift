/// What a learner wants of its features, beside what the columns say.
public struct FeatureOptions: Sendable, Hashable {
    /// What kind of learner the features are for: each gets a column in the form that it learns most from.
    public enum Style: Sendable, Hashable {
        /// Sums of weighted features.
        case linear
        /// Layers of them.
        case network
        /// Thresholds on single features.
        case trees
        /// Distances and variances, without a target.
        case distances
    }

    public var style = Style.linear
    /// Text, and categories of more than so many values, become codes, the last features; nil = never.
    public var codesFrom: Int?
    /// Whether numbers that never change are features all the same, as the pixels of an image are.
    public var keepsConstants = false
    /// By column, how often each text occurs in a file of which the rows are a sample.
    public var counts: [String: [String: Int]] = [:]
    /// Columns that are used whatever the rules say.
    public var kept: Set<String> = []
    /// Where in their file the rows to learn from stand, from 0; nil = as in the table.
    public var rowNumbers: [Int]?
    /// By column, what of its text becomes features; columns that are not here are judged by what they hold.
    public var text: [String: TextMethod] = [:]
    /// What is known of the training rows beside their columns; nil = nothing, so that no encoding learns from it.
    public var outcome: TrainingOutcome?
    /// How much each training row counts; nil = all alike.
    public var weights: [Float]?
    /// Steps that are left out.
    public var without: Set<PreparationStep> = []
    /// Columns of text, which share the room for words.
    var textColumnCount = 1

    public init(style: Style = .linear, codesFrom: Int? = nil, keepsConstants: Bool = false) {
        self.style = style
        self.codesFrom = codesFrom
        self.keepsConstants = keepsConstants
    }
}
