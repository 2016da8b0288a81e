import Clocks
import Databases
import Events
import Glibc
import Scripts
import Training

/// `descent train`: trains one run in the foreground.
enum TrainCommand {
    static let specification = CommandSpecification(
        words: ["train"], summary: "train a model on a data file",
        details: """
            Reads the file, splits off validation rows, learns how to encode the columns, trains, and keeps the best model. \
            Ctrl-C stops after a checkpoint; `descent runs resume RUN` goes on from there. With --detach the workspace's host trains it \
            (`descent serve`, which is started where none is), and it outlives this terminal.
            """,
        positionals: [
            .init(
                name: "FILE", help: DataFile.formats + "; a script needs none, --engine takes several, and folders",
                isOptional: true, isRepeatable: true)
        ],
        options: [
            .init(
                name: "--target", value: "COL",
                help: "the column to predict; in a file without a header column_N, N or last"),
            .init(name: "--algorithm", value: "A", help: Algorithms.all.map(\.name).joined(separator: ", ")),
            .init(name: "--set", value: "NAME=VALUE", help: "a hyperparameter, by SageMaker's name", isRepeatable: true),
            .init(
                name: "--objective", value: "METRIC",
                help: "what the best model goes by, such as validation:f1 (default: validation:loss)"),
            .init(name: "--early-stopping", value: "N", help: "end after N evaluations without improvement; off = never"),
            .init(
                name: "--max-runtime", value: "SECONDS",
                help: "end so long after the preparation began, with the best model so far"),
            .init(name: "--target-value", value: "X", help: "end once the objective is as good as X"),
            .init(name: "--validation", value: "FILE", help: "rows to validate on, from another file"),
            .init(name: "--validation-split", value: "F", help: "share of rows to validate on (default: 0.2; 0 = none)"),
        ] + OptionSpecification.job + [
            .init(
                name: "--rules", value: "FILE",
                help: "rules for the debugger beside the usual ones, from a file (see descent debug rules --help)"),
            .init(name: "--experiment", value: "E", help: "experiment the run belongs to (default: default)"),
            .init(name: "--pace", value: "N", help: "at most N steps a second, to watch it (default: as fast as it goes)"),
            .init(name: "--name", value: "N", help: "the run's name (default: made from the data and the settings)"),
        ] + QueueArguments.options,
        examples: [
            "descent train sample-data/digits.csv --target digit --algorithm neural-network --detach",
            "descent train sample-data/digits.csv --algorithm script --script train.py --set epochs=5",
            "descent train sample-data/insurance.csv --target charges --algorithm linear-learner",
            "descent train sample-data/insurance.csv --target charges --pipeline steps.json",
            "descent train sample-data/brokerage.csv --target churned --algorithm linear-learner --set shuffle=false",
            "descent train sample-data/brokerage.csv --target churned --engine spark --master 'local[2]'",
        ],
        readsData: true,
        run: run)

    static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard !arguments.positionals.isEmpty || arguments.value("--algorithm") == JobRequest.scriptAlgorithm else {
            throw CommandError.usage("descent train: FILE is missing: \(specification.usage)")
        }
        var request = try jobRequest(arguments)
        let pace = try arguments.number("--pace", in: 0.1...1e9)
        try Algorithms.validate(request)
        if request.isScript { try ScriptRequest.prepare(&request, environment: arguments.environment) }
        if arguments.positionals.count > 1, request.engine == nil {
            throw CommandError.usage(
                "descent train: one FILE is trained on, and \(arguments.positionals.count) are given: name one, or several with --engine spark"
            )
        }
        if request.datasetPath == DataInput.standardInput, request.validationPath == DataInput.standardInput {
            throw CommandError.usage("standard input can be read only once: give another file to train or to validate on")
        }
        let workspace = { try WorkspaceChoice.open(arguments) }
        let data =
            request.datasetPath.isEmpty || request.engine != nil ? nil : try DataInput.kept(request.datasetPath, in: workspace)
        let validation = try request.validationPath.map { try DataInput.kept($0, in: workspace) }
        (request.datasetPath, request.validationPath) = (data?.path ?? request.datasetPath, validation?.path)
        let engine = try Engine(workspace: try workspace())
        defer { engine.close() }
        do {
            return try ForegroundJob(engine: engine, arguments: arguments).run {
                try engine.start(request, stepsPerSecond: pace).id
            }
        } catch {
            for input in [data, validation].compactMap({ $0 }) { try input.removeIfUnused(in: engine.store) }
            throw error
        }
    }

    /// Files and folders that an engine reads together, with commas between.
    private static func clusterPaths(_ paths: [String]) throws(CommandError) -> String {
        if paths.contains(DataInput.standardInput) {
            throw .usage("an engine reads files, and no standard input: name files or folders")
        }
        if let path = paths.first(where: { $0.contains(",") }) {
            throw .usage("'\(path)': a comma stands between the files of an engine: give the file another name")
        }
        return paths.joined(separator: ",")
    }

    /// Options that stand for a setting of the job.
    private static let jobOptions = [
        ("--objective", "objective_metric"), ("--early-stopping", "early_stopping_patience"),
        ("--max-runtime", "max_runtime_in_seconds"), ("--target-value", "target_value"),
    ]

    /// What the options ask for, checked as far as that goes without reading the data.
    /// - Parameter jobOptions: options that stand for a setting of the job.
    static func jobRequest(
        _ arguments: ParsedArguments, jobOptions: [(String, String)] = Self.jobOptions
    ) throws(CommandError) -> JobRequest {
        let algorithm = arguments.value("--algorithm") ?? "linear-learner"
        guard let description = Algorithms.all.first(where: { $0.name == algorithm }) else {
            throw .usage("no algorithm '\(algorithm)': use \(Algorithms.all.map(\.name).joined(separator: ", "))")
        }
        var hyperparameters: [String: String] = [:]
        for setting in arguments.values("--set") {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .usage("--set '\(setting)': write NAME=VALUE, such as --set learning_rate=0.01")
            }
            hyperparameters[parts[0]] = parts[1]
        }
        for (option, name) in jobOptions {
            if let value = arguments.value(option) { hyperparameters[name] = value }
        }
        if let name = arguments.value("--name"), let problem = RunEdit.problem(withName: name) {
            throw .usage("--name '\(name)': \(problem)")
        }
        if let experiment = arguments.value("--experiment"), experiment.allSatisfy(\.isWhitespace) {
            throw .usage("--experiment is empty: give the experiment a name")
        }
        let split = try arguments.number("--validation-split", in: 0...0.95)
        if arguments.value("--validation") != nil, split != nil {
            throw .usage("--validation and --validation-split exclude each other: give one of them")
        }
        var request = JobRequest(
            datasetPath: arguments.positionals.first ?? "", target: arguments.value("--target"), algorithm: algorithm,
            hyperparameters: hyperparameters,
            validationPath: arguments.value("--validation"),
            validationSplit: split ?? (algorithm == JobRequest.scriptAlgorithm ? 0 : 0.2),
            experiment: arguments.value("--experiment") ?? "default", name: arguments.value("--name"),
            seed: try arguments.seed(), reading: try arguments.reading())
        // A notebook's kernel tells what it starts.
        request.notebook = arguments.environment["DESCENT_NOTEBOOK"].flatMap { $0.isEmpty ? nil : $0 }
        for option in JobOption.all {
            if option.value == .flag {
                if arguments.flag("--" + option.name) { option.set(["yes"], in: &request) }
                continue
            }
            let values = arguments.values("--" + option.name)
            guard let last = values.last else { continue }
            for value in option.isRepeatable ? values : [last] {
                if let problem = option.problem(with: value) { throw .usage("--\(option.name) '\(value)': \(problem)") }
            }
            if let problem = option.problem(withAll: values) { throw .usage("--\(option.name): \(problem)") }
            option.set(option.isRepeatable ? values : [last], in: &request)
        }
        if split != nil, let text = request.pipeline, try PipelineFile.read(text).split != nil {
            throw .usage("--validation-split and the pipeline's split exclude each other: give one of them")
        }
        try PipelineFile.resolve(&request)
        if description.needsTarget, request.target == nil {
            throw .usage("descent train: --target is missing: name the column to predict")
        }
        if request.engine != nil { request.datasetPath = try clusterPaths(arguments.positionals) }
        try RuleFile.check(request.rules)
        // What is said on the command line itself holds against the file.
        if let path = arguments.value("--rules") { request.rules = try RuleFile.lines(path) + request.rules }
        try ActionFile.check(request)
        return request
    }
}
