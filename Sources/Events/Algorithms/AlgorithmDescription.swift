import Hyperparameters

/// What the new-run form and the help need to know about an algorithm.
public struct AlgorithmDescription: Sendable, Hashable {
    /// As on the command line: `linear-learner`.
    public var name: String
    public var title: String
    public var summary: String
    public var needsTarget: Bool
    /// The algorithm's own, then those of the job.
    public var hyperparameters: [Hyperparameter]
    /// Names of those that a run of it may change while it trains.
    public var steerable: [String]
    /// The hyperparameter that says how long a run trains, and of which one that ended, or a fork, may be given more; nil where
    /// the end lies in the method.
    public var lengthSetting: String?
    /// Names of the few hyperparameters that people change most, in the order in which forms show them; empty = the first ones.
    public var essentials: [String]
    /// Ranges in which it is worth searching, as `descent tune --range` takes them; empty = it proposes none.
    public var searchRanges: [String] = []
    /// What it measures on each split, `loss` first.
    public var metrics: [String]
    /// Whether it takes settings of any name besides, as a script of the user's does.
    public var takesAnySetting: Bool

    public init(
        name: String, title: String, summary: String, needsTarget: Bool, hyperparameters: [Hyperparameter],
        steerable: [String] = [], lengthSetting: String? = nil, essentials: [String] = [], metrics: [String] = [],
        takesAnySetting: Bool = false
    ) {
        self.name = name
        self.title = title
        self.summary = summary
        self.needsTarget = needsTarget
        self.hyperparameters = hyperparameters
        self.steerable = steerable
        self.lengthSetting = lengthSetting
        self.essentials = essentials
        self.metrics = metrics
        self.takesAnySetting = takesAnySetting
    }
}
