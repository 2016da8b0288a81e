/// What is fixed about a run from the moment it is registered: enough to run it again.
public struct RunRecord: Hashable, Sendable {
    public var id: RunID
    /// Unique in the workspace; what the user types to name the run.
    public var name: String
    public var experiment: String
    /// `linear-learner`, `neural-network`, `xgboost`, `kmeans` or `pca`.
    public var algorithm: String
    public var request: JobRequest
    /// Every hyperparameter after defaults and `auto` were resolved, by SageMaker's names.
    public var hyperparameters: [String: String]
    public var objective: Objective
    public var seed: UInt64
    /// 64-bit hash of the training file's bytes, as 16 hexadecimal digits; empty until the data was read.
    public var dataFingerprint: String
    /// Commit of the git work tree the command ran in, if there is one.
    public var gitRevision: String?
    /// Version of Descent that registered the run.
    public var version: String
    /// Seconds since 1970.
    public var createdAt: Double
    /// The process that trains the run, so that others can tell a live run from one whose process was killed.
    public var processID: Int32
    /// The run and step it was forked from; nil when it began by itself.
    public var fork: RunFork?
    /// The run that it does again, from what was captured of that one; nil when it was asked for by itself.
    public var reproduces: RunID?
    /// The alert whose remedy it tries; nil when it was not started from one.
    public var remedies: AlertReference?
    /// What was chosen automatically for the number of epochs that the run had at first, and stays chosen though it has others now.
    public var pinned: [String: String] = [:]
    /// Seconds between its attempts, in which nothing trained it.
    public var idleSeconds = 0.0
    public var origin = RunOrigin.trained
    /// The log that a watched run is read from.
    public var log: String?
    /// Whether the user said what a watched run is judged by; its metrics' names do not decide it then.
    public var isObjectiveChosen = false
    /// Metrics by the names that a watched run's log has for them, where those are others than here.
    public var loggedNames: [String: MetricName] = [:]

    public init(
        id: RunID, name: String, experiment: String, algorithm: String, request: JobRequest,
        hyperparameters: [String: String], objective: Objective, seed: UInt64, dataFingerprint: String,
        gitRevision: String?, version: String, createdAt: Double, processID: Int32,
        fork: RunFork? = nil
    ) {
        self.id = id
        self.name = name
        self.experiment = experiment
        self.algorithm = algorithm
        self.request = request
        self.hyperparameters = hyperparameters
        self.objective = objective
        self.seed = seed
        self.dataFingerprint = dataFingerprint
        self.gitRevision = gitRevision
        self.version = version
        self.createdAt = createdAt
        self.processID = processID
        self.fork = fork
    }
}

extension RunRecord {
    /// Whether the user set a hyperparameter, when the run was started or where it was forked.
    public func isSetByHand(_ name: String) -> Bool {
        request.hyperparameters[name] != nil || fork?.settings[name] != nil
    }
}

/// What a user asks for when starting a job: data, target, algorithm and the hyperparameters that differ from the defaults.
public struct JobRequest: Hashable, Sendable {
    public var datasetPath: String
    /// The target column; nil for algorithms that take none.
    public var target: String?
    public var algorithm: String
    /// Only what was set by hand.
    public var hyperparameters: [String: String]
    public var validationPath: String?
    /// Share of the rows held out for validation when there is no validation file, in (0, 1); 0 = none.
    public var validationSplit: Double
    /// The column that says how much each row counts; nil = all the same.
    public var weight: String?
    /// What is done with the features before they are learned from, such as `pca=8` or `kmeans=12`; nil = nothing.
    public var prepare: String?
    /// Columns that are not learned from.
    public var drop: [String]
    public var experiment: String
    /// The experiment of runs that were given none.
    public static let defaultExperiment = "default"
    /// nil = a name is made from the algorithm and its most telling hyperparameters.
    public var name: String?
    public var seed: UInt64
    /// The alert whose remedy the run is to try; kept in the run's record and not in the request that stands there.
    public var remedies: AlertReference?

    public init(
        datasetPath: String, target: String?, algorithm: String, hyperparameters: [String: String] = [:],
        validationPath: String? = nil, validationSplit: Double = 0.2, experiment: String = defaultExperiment,
        name: String? = nil, seed: UInt64 = 0, weight: String? = nil, prepare: String? = nil,
        drop: [String] = []
    ) {
        self.datasetPath = datasetPath
        self.target = target
        self.algorithm = algorithm
        self.hyperparameters = hyperparameters
        self.validationPath = validationPath
        self.validationSplit = validationSplit
        self.experiment = experiment
        self.name = name
        self.seed = seed
        self.weight = weight
        self.prepare = prepare
        self.drop = drop
    }

    /// The request without its seed and what does not bear on the result: equal for runs that differ only in their seed.
    public var withoutSeed: JobRequest {
        var request = self
        (request.seed, request.name, request.experiment, request.remedies) = (0, nil, "", nil)
        return request
    }
}
