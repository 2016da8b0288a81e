import CheckedNumbers
import Events
import Experiments
import Training

/// `descent automl`: the best model of a table, found while the command waits.
enum AutoMLCommand {
    /// Options of a job that each candidate has its own of, or that single models cannot be averaged with.
    private static let notShared: Set<String> = ["prepare", "baseline", "weight"]

    static let detach = OptionSpecification(
        name: "--detach", value: nil, help: "give it to the host, which outlives this terminal, and return at once")

    /// What a job may be told.
    static let options: [OptionSpecification] =
        [
            .init(name: "--target", value: "COL", help: "the column to predict"),
            .init(name: "--mode", value: "M", help: "auto (default), ensembling or hpo"),
            .init(
                name: "--objective", value: "METRIC",
                help: "what models are compared by: mse (numbers), f1 (two classes), accuracy (more) unless you say another"),
            .init(name: "--problem", value: "P", help: "what the target is, as --task takes it: regression, classification, …"),
            .init(name: "--time-limit", value: "SECONDS", help: "end so long after it began, with the best so far"),
            .init(
                name: "--max-candidates", value: "N", help: "candidates at most (default: as many as bring something; hpo: 100)"),
            .init(name: "--plan", value: "F.ipynb", help: "try what this notebook's plan says (descent automl plan writes one)"),
            .init(name: "--validation", value: "FILE", help: "rows to judge by, from another file (default: folds)"),
        ]
        + OptionSpecification.job.filter { option in !notShared.contains(String(option.name.dropFirst(2))) } + [
            .init(name: "--experiment", value: "E", help: "experiment the runs belong to (default: the job's name)"),
            .init(name: "--name", value: "N", help: "the job's name (default: made from the data)"),
            detach,
        ]

    static let specification = CommandSpecification(
        words: ["automl"], summary: "find the best model of a table: several kinds are tried, and averaged",
        details: """
            Linear models, networks, boosted trees, forests and, of few rows, neighbours are trained one after the other, each a run like any other \
            (`descent runs search 'tuning = NAME'`), and judged by rows that they did not learn from. Those that do best together are \
            averaged: `descent predict NAME FILE` uses the average, which stands from the first candidate on and gets better.

            It ends by itself when more candidates bring nothing, or by its limits. Ctrl-C stops after a checkpoint; `descent automl \
            resume NAME` goes on, also after a kill. With --detach the workspace's host does it, and takes it up again when it was killed.

            --mode ensembling is that; --mode hpo searches the hyperparameters of boosted trees (`descent tune show NAME`) and \
            uses the best; auto chooses by the size of the file, as Autopilot does.
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats)],
        options: options,
        examples: [
            "descent automl sample-data/insurance.csv --target charges",
            "descent automl churn.csv --target churned --objective roc_auc --time-limit 60 --json",
        ],
        readsData: true,
        run: run)

    static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let asked = try request(arguments)
        try DataFile.check(asked.job.datasetPath)
        if let path = asked.job.validationPath { try DataFile.check(path) }
        let setup = try AutoMLSetup(asked, plan: try arguments.value("--plan").map(PlanReading.plan(from:)) ?? [])
        let workspace = try WorkspaceChoice.open(arguments)
        if arguments.flag("--detach") {
            var record = setup.record(name: arguments.value("--name"))
            let store = try RunStore(workspace).automls
            record = try store.register(record)
            if arguments.value("--experiment") == nil {
                record.request.job.experiment = record.name
                try store.write(record)
            }
            if !setup.plan.isEmpty { try PlanReading.keep(setup.plan, in: workspace.artifactFolder(of: record.id)) }
            return try AutoMLCommands.detach(record, store, workspace, arguments)
        }
        return try AutoMLCommands.foreground(workspace, arguments) { engine in
            var record = setup.record(name: arguments.value("--name"))
            if arguments.value("--experiment") == nil { record.request.job.experiment = record.name }
            return try AutoMLJob(engine, engine.store.automls.register(record), setup)
        }
    }

    static func request(_ arguments: ParsedArguments) throws -> AutoMLRequest {
        guard arguments.positionals.first != DataInput.standardInput else {
            throw CommandError.usage(
                "descent automl reads its data from a file, since candidates may be taken up again: save it first")
        }
        guard arguments.value("--target") != nil else {
            throw CommandError.usage("descent automl: --target is missing: name the column to predict")
        }
        var job = try TrainCommand.jobRequest(arguments, jobOptions: [])
        try EngineSettings.refuse(job, of: "descent automl")
        if let text = arguments.value("--problem"), let option = JobOption.all.first(where: { $0.name == "task" }) {
            if job.task != nil { throw CommandError.usage("--problem and --task say the same thing: give one of them") }
            if let problem = option.problem(with: text) { throw CommandError.usage("--problem '\(text)': \(problem)") }
            option.set([text], in: &job)
        }
        (job.name, job.hyperparameters) = (nil, [:])
        job.datasetPath = Engine.absolute(job.datasetPath)
        job.validationPath = job.validationPath.map(Engine.absolute)
        guard let mode = AutoMLRequest.Mode(rawValue: arguments.value("--mode") ?? "auto") else {
            throw CommandError.usage("--mode '\(arguments.value("--mode") ?? "")': say auto, ensembling or hpo")
        }
        var request = AutoMLRequest(job: job, mode: mode)
        request.objective = arguments.value("--objective")
        try AutoMLCommands.takeLimits(arguments, into: &request)
        try Algorithms.validate(job)
        return request
    }
}
