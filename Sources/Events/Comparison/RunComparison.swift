/// Two or more runs side by side: what each reached, whether the difference is more than noise, and in what they differ. The
/// first is what the others are compared with.
public struct RunComparison: Sendable, Hashable {
    /// How a run fares beside the first one.
    public struct Verdict: Sendable, Hashable {
        public enum Outcome: String, Sendable, Hashable { case better, worse, even, none }

        public var outcome: Outcome
        /// What it rests on, in words: the spread over seeds, rows drawn again, or that there is nothing to go by.
        public var reason: String

        public init(_ outcome: Outcome, _ reason: String) {
            self.outcome = outcome
            self.reason = reason
        }
    }

    /// A metric over runs that are alike but for their seed.
    public struct Spread: Sendable, Hashable {
        /// Runs, two and more.
        public var count: Int
        public var mean: Double
        /// Of the sample: with `count` − 1.
        public var deviation: Double

        public init(count: Int, mean: Double, deviation: Double) {
            self.count = count
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// One metric of every run.
    public struct Metric: Sendable, Hashable {
        public var name: MetricName
        /// nil when more or less is neither good nor bad.
        public var minimises: Bool?
        public var isObjective: Bool
        /// In the order of the runs; nil where the run has none.
        public var values: [Double?]
        /// In the order of the runs; nil for the first, and where there is nothing to compare.
        public var verdicts: [Verdict?]
        /// Over each run and its seed siblings in the workspace, in the order of the runs; nil where it has none.
        public var spreads: [Spread?]
        /// Places of the runs that reached the best value; empty when all did, or when the values do not compare.
        public var best: Set<Int> = []

        /// - Parameter spreads: nil = no run has seed siblings.
        public init(
            name: MetricName, minimises: Bool?, isObjective: Bool, values: [Double?], verdicts: [Verdict?],
            spreads: [Spread?]? = nil
        ) {
            self.name = name
            self.minimises = minimises
            self.isObjective = isObjective
            self.values = values
            self.verdicts = verdicts
            self.spreads = spreads ?? values.map { _ in nil }
        }
    }

    /// One setting or fact of every run.
    public struct Row: Sendable, Hashable {
        public var name: String
        /// In the order of the runs; nil where the run has none.
        public var values: [String?]
        /// False for a default that only some of the algorithms have at all.
        public var isTelling: Bool
        public var differs: Bool { isTelling && Set(values).count > 1 }

        public init(_ name: String, _ values: [String?], isTelling: Bool = true) {
            self.name = name
            self.values = values
            self.isTelling = isTelling
        }
    }

    /// What the values of a run's metrics are values of.
    public enum Source: Sendable, Hashable {
        /// The model that was kept, by the step it is from.
        case keptModel(step: Int?)
        /// The newest evaluation: no model was kept.
        case newest(step: Int)
    }

    /// Why the metrics of a run say nothing beside those of the first.
    public enum Obstacle: String, Sendable, Hashable {
        /// It predicts another column.
        case target
        /// It learned from, and was judged by, other data.
        case data
        /// A script measured it, or another one: what its metrics mean only the script knows.
        case program
    }

    public var runs: [RunID]
    public var names: [String]
    /// In the order of the runs; nil where metrics compare with those of the first.
    public var obstacles: [Obstacle?]
    /// In the order of the runs.
    public var sources: [Source]
    public var metrics: [Metric]
    public var hyperparameters: [Row]
    /// Data, split, seed, versions.
    public var environment: [Row]
    /// What the models make of rows that none was trained on; nil while it is not known.
    public var heldOut: HeldOutComparison?
    /// Why there is no comparison on held-out rows; empty while it is being made or when there is one.
    public var obstacle: String

    public init(
        runs: [RunID], names: [String], obstacles: [Obstacle?]? = nil, sources: [Source]? = nil, metrics: [Metric],
        hyperparameters: [Row], environment: [Row], heldOut: HeldOutComparison? = nil, obstacle: String = ""
    ) {
        self.runs = runs
        self.names = names
        self.obstacles = obstacles ?? runs.map { _ in nil }
        self.sources = sources ?? runs.map { _ in .keptModel(step: nil) }
        self.metrics = metrics
        self.hyperparameters = hyperparameters
        self.environment = environment
        self.heldOut = heldOut
        self.obstacle = obstacle
    }
}

extension RunComparison.Source {
    public var isKeptModel: Bool { if case .keptModel = self { true } else { false } }
}

/// Several models on rows that were held out from all of them. Values are in the order of `places`.
public struct HeldOutComparison: Sendable, Hashable {
    /// A run that could not be asked.
    public struct LeftOut: Sendable, Hashable {
        /// Its place among the compared runs.
        public var place: Int
        public var reason: String

        public init(place: Int, reason: String) {
            self.place = place
            self.reason = reason
        }

        /// Why runs were left out, each reason once: several may share one.
        public static func reasons(_ runs: [LeftOut]) -> [String] {
            var reasons: [String] = []
            for run in runs where !reasons.contains(run.reason) { reasons.append(run.reason) }
            return reasons
        }
    }

    /// A mean over the rows, and how it differs from the first model's when the rows are drawn again.
    public struct Measure: Sendable, Hashable {
        /// `log_loss`, `accuracy`, `rmse`, `mae`.
        public var name: String
        public var minimises: Bool
        public var values: [Double]
        /// The middle 95 % of the difference to the first, in the order of the runs; nil for the first.
        public var intervals: [ClosedRange<Double>?]

        public init(name: String, minimises: Bool, values: [Double], intervals: [ClosedRange<Double>?]) {
            self.name = name
            self.minimises = minimises
            self.values = values
            self.intervals = intervals
        }
    }

    public struct Point: Sendable, Hashable {
        public var x: Double
        public var y: Double

        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// A row that the models see most differently.
    public struct Disagreement: Sendable, Hashable {
        /// A column that adds other amounts in one model than in another.
        public struct Cause: Sendable, Hashable {
            public var column: String
            /// What it adds to each run's prediction, in the margin.
            public var values: [Double]

            public init(_ column: String, _ values: [Double]) { (self.column, self.values) = (column, values) }
        }

        /// Record in the data file, from 1.
        public var record: Int
        public var expected: String
        /// What each run predicts, with the probability where there is one.
        public var predicted: [String]
        /// Values of the row, by column.
        public var values: [RunComparison.Row]
        /// Columns that make the runs say different things, those that do most first; empty as long as that is not known.
        public var causes: [Cause] = []

        public init(record: Int, expected: String, predicted: [String], values: [RunComparison.Row]) {
            self.record = record
            self.expected = expected
            self.predicted = predicted
            self.values = values
        }
    }

    /// Which of the compared runs these are; the first is what the others are compared with here.
    public var places: [Int]
    public var leftOut: [LeftOut]
    public var rowCount: Int
    /// Empty for regressors.
    public var classes: [String]
    public var measures: [Measure]
    /// Rows by expected and, within, by predicted class, for each run. - Shape: [runs][classes × classes]; none for regressors.
    public var confusions: [[Int]]
    /// For classifiers of two classes, for each run: false against true positive rate; recall against precision; mean
    /// probability against share of positives in tenths of the probability.
    public var roc: [[Point]]
    public var precisionRecall: [[Point]]
    public var calibration: [[Point]]
    /// For regressors, for each run: prediction against residual (expected less predicted), at most 400 rows.
    public var residuals: [[Point]]
    public var disagreements: [Disagreement]

    /// - Parameter places: nil = all of the runs that there are values of.
    public init(
        rowCount: Int, classes: [String], measures: [Measure], places: [Int]? = nil, leftOut: [LeftOut] = []
    ) {
        self.places = places ?? Array(0..<(measures.first?.values.count ?? 0))
        self.leftOut = leftOut
        self.rowCount = rowCount
        self.classes = classes
        self.measures = measures
        confusions = []
        roc = []
        precisionRecall = []
        calibration = []
        residuals = []
        disagreements = []
    }

    /// Where the values of a compared run stand; nil for one that was left out.
    public func index(ofPlace place: Int) -> Int? { places.firstIndex(of: place) }
}
