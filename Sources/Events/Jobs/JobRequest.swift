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
    /// Groups of rows that training rows are weighed by, so that labels do not depend on them: a column, or a test such as `sex=Female`;
    /// nil = they are not.
    public var reweigh: String?
    /// What the target is, by `JobOption`'s words; nil = what its values say.
    public var task: String?
    /// Of two classes the one that scores are about; nil = the affirmative, else the last one.
    public var positive: String?
    /// Which rows are held out, by `JobOption`'s words or by a column; nil = stratified for classes, else at random.
    public var validationOrder: String?
    /// The column whose equal values stay on one side of the split; nil = rows are on their own.
    public var group: String?
    /// Parts of which each is held out once; at least 2; nil = one part is held out.
    public var folds: Int?
    /// What is done with the features before they are learned from, such as `pca=8` or `kmeans=12`; nil = nothing.
    public var prepare: String?
    /// Steps that make other columns and rows of those of the file, as `DataPipeline` reads them; nil = none. Before a job is started it
    /// may be a file's path: with the run stands what is in it.
    public var pipeline: String?
    /// Steps of preparing features that are left out, with commas between; nil = none.
    public var without: String?
    /// Runs of folds on the same rows, by their ids: what they predicted of rows that they did not learn from is learned from too.
    public var stack: [String] = []
    /// Columns that are not learned from.
    public var drop: [String]
    /// Columns that are learned from also where they seem to name the rows, or to be of no use.
    public var keep: [String] = []
    /// What of a column's text becomes features, by column: `words`, `ngrams`, `chars`, `hash` or `none`; what is not said is found out.
    public var text: [String: String] = [:]
    /// What is said about reading the files, by read option, such as `delimiter` or `date-format`; what is not said is found out.
    public var reading: [String: String]
    /// Whether simple models are trained beside it.
    public var wantsBaselines = false
    /// The program that trains, where `algorithm` is `script`: a file, or a command for the shell. One of the two.
    public var script: String?
    public var command: String?
    /// The file that declares its settings; nil = the one beside it, if there is one.
    public var description: String?
    /// How metrics are found in its output, as `NAME=REGEX`; empty = by the usual spellings.
    public var metrics: [String] = []
    /// Which rules look at it beside or instead of the usual ones, a statement each; later ones hold against earlier ones.
    public var rules: [String] = []
    /// What is done when a rule finds something, a statement each.
    public var actions: [String] = []
    /// Which steps' tensors are summed up: `auto`, `off`, or every so many steps; nil = `auto`.
    public var debugSaveInterval: String?
    /// Collections of tensors that are summed up, with commas between; nil = all.
    public var debugCollections: String?
    /// Tensors that are saved whole, as `WholeTensorWish.list` reads them; nil = none.
    public var debugSaveWhole: String?
    /// Megabytes that what is recorded of tensors may take; nil = as many as are usual.
    public var debugLimit: Int?
    /// Where it runs; nil where nothing is run.
    public var folder: String?
    /// The notebook that asked for it, as a path from the root; nil = none did.
    public var notebook: String?
    /// The engine that goes over the rows; nil = this program.
    public var engine: String?
    /// The engine's cluster, such as `local[2]` or `spark://HOST:7077`; nil = this machine.
    public var master: String?
    /// Processes of the cluster that hold rows, the cores of each, and its memory, such as `4g`; nil = as the cluster has it.
    public var executors: Int?, executorCores: Int?, executorMemory: String?
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
        drop: [String] = [], reading: [String: String] = [:]
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
        self.reading = reading
    }

    /// The algorithm that is whatever a program of the user's does.
    public static let scriptAlgorithm = "script"

    /// The engine that goes over rows on a cluster.
    public static let sparkEngine = "spark"

    /// Whether a program of the user's trains, and no learner.
    public var isScript: Bool { algorithm == Self.scriptAlgorithm }

    /// The program of the user's that trains: its metrics mean what it means by them, and compare with no others. nil for learners.
    public var program: String? { isScript ? script ?? command : nil }

    /// The request without its seed and what does not bear on the result: equal for runs that differ only in their seed.
    public var withoutSeed: JobRequest {
        var request = self
        (request.seed, request.name, request.experiment, request.remedies) = (0, nil, "", nil)
        (request.rules, request.actions) = ([], [])
        (request.debugSaveInterval, request.debugCollections, request.debugLimit) = (nil, nil, nil)
        (request.debugSaveWhole, request.notebook) = (nil, nil)
        return request
    }
}
