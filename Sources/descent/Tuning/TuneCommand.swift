import Cells
import CheckedNumbers
import Events
import Experiments
import Glibc
import Scripts
import Threads
import Training

/// `descent tune`: searches hyperparameters, a run a trial, while the command waits.
enum TuneCommand {
    static let specification = CommandSpecification(
        words: ["tune"], summary: "search the hyperparameters with which a model is best",
        details: """
            Each trial is a run like any other (`descent runs search 'tuning = NAME'`). Data are read and prepared once for all of \
            them. What is not searched is held by --set or has its default.

            Ranges: NAME=LOW:HIGH, where the scale is chosen; NAME=linear:, log: and reverse-log:LOW:HIGH, where it is said; \
            NAME=int:LOW:HIGH; NAME=cat:A,B; any of them with ?OTHER>=VALUE behind where it exists only then.

            Ctrl-C stops the trials after a checkpoint; `descent tune resume NAME` goes on, also after a kill: no trial is lost or \
            run twice. --early-stopping auto ends trials that are worse than half of the others were at the same epoch, whose curve \
            is unlikely to become as good as the best, or, with --folds 5 and more, that are worse fold by fold; asha and hyperband \
            look at a few epochs and keep the best third. With --folds the value is the mean over the folds.

            Before it is announced the best is trained again on fresh seeds, which also hold out other rows: the best of many values \
            is a lucky one.

            --engine spark makes each trial a task on a cluster whose executors have this program, the data and the workspace where they \
            are here, and this machine's cores by default: as many at the same time as it has slots; a trial whose executor is lost \
            is begun again.

            --warm-start begins with what up to five earlier tuning jobs found. identical: the same data, algorithm and held \
            values, and their trials count as if they had run here. transfer: something alike; the best of it is tried first, and \
            it counts for less the less it agrees with what is found here.
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats + "; a script needs none", isOptional: true)],
        options: [
            .init(name: "--target", value: "COL", help: "the column to predict"),
            .init(name: "--algorithm", value: "A", help: Algorithms.all.map(\.name).joined(separator: ", ")),
            .init(
                name: "--objective", value: "METRIC",
                help: "what trials are compared by, such as validation:rmse; several = those than which none is better in all",
                isRepeatable: true),
            .init(
                name: "--range", value: "NAME=SPEC",
                help: "what is searched, such as eta=log:0.01:0.5; auto = what the algorithm proposes", isRepeatable: true),
            .init(name: "--strategy", value: "S", help: TuningSetup.strategies + " (default: auto)"),
            .init(name: "--max-jobs", value: "N", help: "trials at most (default: 20; a grid's points)"),
            .init(
                name: "--max-parallel-jobs", value: "N",
                help: "trials at the same time (default: 1, with --engine as many as there are slots)"),
            .init(name: "--max-runtime", value: "SECONDS", help: "end so long after it began"),
            .init(name: "--target-value", value: "X", help: "end once the objective is as good as X"),
            .init(name: "--no-improvement", value: "N", help: "end after N trials in a row that improve nothing by 1 %"),
            .init(
                name: "--warm-start", value: "A,B", help: "tuning jobs to learn from, and Optuna studies as optuna:FILE[:STUDY]"),
            .init(name: "--warm-start-runs", value: "EXPR", help: "runs to learn from, as for `descent runs search`"),
            .init(name: "--warm-start-type", value: "T", help: "identical or transfer (default: identical where it is)"),
            .init(
                name: "--complete-on-convergence", value: nil,
                help: "end once a gain of 1 % is unlikely by the model (bayesian, asha)"),
            .init(
                name: "--confirm", value: "N",
                help: "train the best again on N fresh seeds (default: a fifth of the trials, at most 3, none of a script)"),
            .init(name: "--early-stopping", value: "W", help: "auto or off: whether bad trials end early (default: off)"),
            .init(name: "--set", value: "NAME=VALUE", help: "a hyperparameter that all trials have", isRepeatable: true),
            .init(name: "--validation", value: "FILE", help: "rows to validate on, from another file"),
            .init(name: "--validation-split", value: "F", help: "share of rows to validate on (default: 0.2)"),
        ] + OptionSpecification.job + [
            .init(name: "--experiment", value: "E", help: "experiment the runs belong to (default: default)"),
            .init(name: "--name", value: "N", help: "the tuning job's name (default: made from the data)"),
            .init(name: "--detach", value: nil, help: "give it to the host, which outlives this terminal, and return at once"),
            .init(
                name: "--after", value: "RUN",
                help: "start it when this run or tuning job has ended (and --detach); more than one: when all have",
                isRepeatable: true),
            .init(name: "--if-completed", value: nil, help: "with --after: only if these completed; else it is stopped"),
        ],
        examples: [
            "descent tune sample-data/insurance.csv --target charges --algorithm xgboost --objective validation:rmse "
                + "--range eta=log:0.01:0.5 --range max_depth=2:10 --max-jobs 30",
            "descent tune --algorithm script --script train.py --objective validation:loss --range lr=log:1e-5:1",
        ],
        readsData: true,
        run: run)

    static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard !arguments.positionals.isEmpty || arguments.value("--algorithm") == JobRequest.scriptAlgorithm else {
            throw CommandError.usage("descent tune: FILE is missing: \(specification.usage)")
        }
        var job = try TrainCommand.jobRequest(arguments, jobOptions: [])
        job.hyperparameters["objective_metric"] = arguments.values("--objective").first ?? job.hyperparameters["objective_metric"]
        let byHand = Set(job.hyperparameters.keys)
        if job.isScript {
            try ScriptRequest.prepare(&job, environment: arguments.environment)
            guard job.hyperparameters["objective_metric"] != nil else {
                throw CommandError.usage("descent tune: --objective is missing: name the metric that the script tells")
            }
        }
        guard job.datasetPath != DataInput.standardInput, job.validationPath != DataInput.standardInput else {
            throw CommandError.usage("descent tune reads its data from a file, since trials may be taken up again: save it first")
        }
        let ranges = try RangeProposals.expanded(arguments.values("--range"), for: job, held: byHand)
        // What a script declares to be the default is not held where it is searched.
        for name in ranges.map(RangeProposals.name) where !byHand.contains(name) { job.hyperparameters[name] = nil }
        job.name = nil
        if !job.datasetPath.isEmpty { job.datasetPath = Engine.absolute(job.datasetPath) }
        job.validationPath = job.validationPath.map(Engine.absolute)
        let others = Array(arguments.values("--objective").dropFirst())
        let plan = try TuningSetup.plan(tuningRequest(arguments, job, ranges), others: others) { request, objective in
            try warmStart(arguments, &request, objective)
        }
        if !job.datasetPath.isEmpty { try DataFile.check(job.datasetPath) }
        try TrialPlaces.check(plan.request)
        let workspace = try WorkspaceChoice.open(arguments)
        let record = plan.record(name: arguments.value("--name"))
        let store = try RunStore(workspace)
        if let options = try QueueArguments.options(arguments, store, takesTime: false) {
            TuningCommands.advise(plan.setup.advice, arguments)
            let record = try store.tunings.register(record, after: plan.earlier)
            return try TuningCommands.detach(record, arguments, options.conditions)
        }
        return try SearchForeground(
            workspace, arguments, reporter: TuningReporter(isTerminal: Console.errorIsTerminal),
            parallelCount: plan.request.maxParallelJobs
        ).run { engine in
            try TuningJob(engine, engine.store.tunings.register(record, after: plan.earlier), plan.setup)
        } advice: {
            plan.setup.advice
        }
    }

    private static func tuningRequest(
        _ arguments: ParsedArguments, _ job: JobRequest, _ ranges: [String]
    ) throws(CommandError) -> TuningRequest {
        var request = TuningRequest(
            job: job, ranges: ranges, strategy: arguments.value("--strategy") ?? "auto", maxJobs: 20, maxParallelJobs: 1)
        if let size = try EngineArguments.size(arguments) {
            request.maxParallelJobs = size.taskCount(processorCount: ComputeBudget.processorCount)
        }
        for limit in TuningLimit.allCases {
            if let text = arguments.value("--" + limit.rawValue), let problem = limit.set(text, in: &request) {
                throw .usage(problem)
            }
        }
        request.endsConverged = arguments.flag("--complete-on-convergence")
        if let text = arguments.value("--confirm") {
            guard let count = Int(text), (0...10_000).contains(count) else {
                throw .usage("--confirm '\(text)': give a whole number from 0 to 10000")
            }
            request.confirm = count
        }
        switch arguments.value("--early-stopping") {
        case nil, "off": break
        case "auto": request.stopsEarly = true
        case let other?: throw .usage("--early-stopping '\(other)': say auto or off")
        }
        if request.stopsEarly, ["asha", "hyperband"].contains(request.strategy) {
            throw .usage("--early-stopping auto: \(request.strategy) stops trials itself; leave it out")
        }
        if request.endsConverged, !["auto", "bayesian", "asha", "hyperband"].contains(request.strategy) {
            throw .usage(
                "--complete-on-convergence asks the model of a search, and \(request.strategy) has none: search by bayesian")
        }
        if request.strategy == "grid", arguments.value("--max-jobs") == nil { request.maxJobs = 10_000 }
        return request
    }
}
