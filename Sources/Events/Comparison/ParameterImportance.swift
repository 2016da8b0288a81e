/// How settings bear on a metric over many runs.
public struct ParameterImportance: Sendable, Hashable {
    /// One setting.
    public struct Parameter: Sendable, Hashable {
        public var name: String
        /// As scattered: the setting's number, or the place of its word among all words, against the metric. - Shape: one a run.
        public var places: [Double]
        /// The words by place; empty for numbers.
        public var words: [String]
        /// Whether places are best looked at on a logarithmic axis: positive and over more than two powers of ten.
        public var isLogarithmic: Bool
        /// Spearman's rank correlation with the metric; nil for words.
        public var correlation: Double?
        /// Share of all importance, from 0 to 1: how much worse a forest's guess of a run it has not seen becomes when this
        /// setting is exchanged among the runs.
        public var importance: Double

        public init(
            name: String, places: [Double], words: [String], isLogarithmic: Bool, correlation: Double?, importance: Double
        ) {
            self.name = name
            self.places = places
            self.words = words
            self.isLogarithmic = isLogarithmic
            self.correlation = correlation
            self.importance = importance
        }
    }

    public var metric: MetricName
    public var minimises: Bool
    public var runs: [RunID]
    /// Of each run.
    public var values: [Double]
    /// The most important first.
    public var parameters: [Parameter]
    /// Share of the metric's variance that the forest's guesses of runs it has not seen explain; at 0 or below, importances say
    /// nothing.
    public var explained: Double

    public init(
        metric: MetricName, minimises: Bool, runs: [RunID], values: [Double], parameters: [Parameter], explained: Double
    ) {
        self.metric = metric
        self.minimises = minimises
        self.runs = runs
        self.values = values
        self.parameters = parameters
        self.explained = explained
    }
}
