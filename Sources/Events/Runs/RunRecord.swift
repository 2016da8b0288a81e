/// What is fixed about a run from the moment it is registered: enough to run it again.
public struct RunRecord: Hashable, Sendable {
    public var id: RunID
    /// Unique in the workspace; what the user types to name the run.
    public var name: String
    public var experiment: String
    /// `linear-learner`, `neural-network`, `xgboost`, `knn`, `kmeans` or `pca`.
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
    /// The run beside which it was started, to be beaten by it; nil when it was asked for by itself.
    public var baselineOf: RunID?
    /// The tuning job that it is a trial of; nil when it was asked for by itself.
    public var tuning: RunTuning?
    /// What was chosen automatically for the number of epochs that the run had at first, and stays chosen though it has others now.
    public var pinned: [String: String] = [:]
    /// Seconds between its attempts, in which nothing trained it.
    public var idleSeconds = 0.0
    public var origin = RunOrigin.trained
    /// The log that a watched run is read from.
    public var log: String?
    /// Whether the user said what a watched run is judged by; its metrics' names do not decide it then.
    public var isObjectiveChosen = false
    /// Its place among the runs of the workspace in the order in which they were registered, from 0: given once, it stays when others
    /// are deleted. Colour and letter follow from it.
    public var number = 0
    /// What a script said can be set while it trains; known of other algorithms without being said.
    public var steerable: [String] = []
    /// Threads that its job computes with, fixed when it first starts, so that nothing else that runs changes a bit of it; what a script is
    /// told of as processors. 0 = not started yet, or by an earlier version.
    public var threads = 0
    /// Metrics by the names that a watched run's log has for them, where those are others than here.
    public var loggedNames: [String: MetricName] = [:]
    /// The name of the machine or workspace elsewhere that it is shown from; nil for a run of this workspace.
    public var place: String?

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

    /// What asks for such a run once more, from its beginning: with what it was given where it was forked, under another name.
    public var requestAgain: JobRequest {
        var request = request
        (request.name, request.seed, request.notebook) = (nil, seed, nil)
        request.hyperparameters.merge(arguments(among: fork?.settings ?? [:])) { $1 }
        return request
    }

    /// What asks for such a run once more with its training rows weighed by groups, so that its model's bias is mended.
    public func reweighed(by facet: String) -> JobRequest {
        var request = requestAgain
        request.reweigh = facet
        request.name = name + "-reweighed"
        request.remedies = AlertReference(run: id, rule: AlertReference.bias)
        return request
    }

    /// Those of a script's settings that it is handed as arguments: what it was never given that way and said can be set while it trains
    /// reaches it by being set, since it may know no such argument.
    public func arguments(among settings: [String: String]) -> [String: String] {
        settings.filter { request.hyperparameters[$0.key] != nil || !steerable.contains($0.key) }
    }
}
