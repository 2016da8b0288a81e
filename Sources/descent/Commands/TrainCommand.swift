import Clocks
import Databases
import Events
import Experiments
import Glibc
import PrintableText
import Synchronization
import Threads
import Training

/// `descent train`: trains one run in the foreground.
enum TrainCommand {
    static let specification = CommandSpecification(
        words: ["train"], summary: "train a model on a data file",
        details: """
            Reads the file, splits off validation rows, learns how to encode the columns, trains, and keeps the best model. \
            Ctrl-C stops after a checkpoint; `descent runs resume RUN` goes on from there.
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats)],
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
            .init(name: "--max-runtime", value: "SECONDS", help: "end after so long, with the best model so far"),
            .init(name: "--target-value", value: "X", help: "end once the objective is as good as X"),
            .init(name: "--validation", value: "FILE", help: "rows to validate on, from another file"),
            .init(name: "--validation-split", value: "F", help: "share of rows to validate on (default: 0.2; 0 = none)"),
            .init(name: "--weight", value: "COL", help: "the column that says how much each row counts"),
            .init(name: "--drop", value: "COL", help: "a column that is not to be learned from", isRepeatable: true),
            .init(
                name: "--prepare", value: "STEPS",
                help: "learn from projections (pca=8) or distances to centres (kmeans=12) instead of the features"),
            .init(name: "--experiment", value: "E", help: "experiment the run belongs to (default: default)"),
            .init(name: "--pace", value: "N", help: "at most N steps a second, to watch it (default: as fast as it goes)"),
            .init(name: "--name", value: "N", help: "the run's name (default: made from the data and the settings)"),
        ],
        examples: [
            "descent train sample-data/insurance.csv --target charges --algorithm linear-learner",
            "descent train sample-data/brokerage.csv --target churned --algorithm linear-learner --set shuffle=false",
        ],
        run: run)

    static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let request = try jobRequest(arguments)
        let pace = try arguments.number("--pace", in: 0.1...1e9)
        try Algorithms.validate(request)
        try DataFile.check(request.datasetPath)
        if let path = request.validationPath { try DataFile.check(path) }
        let engine = try Engine(workspace: try WorkspaceChoice.open(arguments))
        defer { engine.close() }
        return try ForegroundJob(engine: engine, arguments: arguments).run { try engine.start(request, stepsPerSecond: pace).id }
    }

    /// Options that stand for a setting of the job.
    private static let jobOptions = [
        ("--objective", "objective_metric"), ("--early-stopping", "early_stopping_patience"),
        ("--max-runtime", "max_runtime_in_seconds"), ("--target-value", "target_value"),
    ]

    /// What the options ask for, checked as far as that goes without reading the data.
    static func jobRequest(_ arguments: ParsedArguments) throws(CommandError) -> JobRequest {
        let algorithm = arguments.value("--algorithm") ?? "linear-learner"
        guard let description = Algorithms.all.first(where: { $0.name == algorithm }) else {
            throw .usage("no algorithm '\(algorithm)': use \(Algorithms.all.map(\.name).joined(separator: ", "))")
        }
        let target = arguments.value("--target")
        if description.needsTarget, target == nil {
            throw .usage("descent train: --target is missing: name the column to predict")
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
        return JobRequest(
            datasetPath: arguments.positionals[0], target: target, algorithm: algorithm, hyperparameters: hyperparameters,
            validationPath: arguments.value("--validation"), validationSplit: split ?? 0.2,
            experiment: arguments.value("--experiment") ?? "default", name: arguments.value("--name"),
            seed: try arguments.seed(), weight: arguments.value("--weight"), prepare: arguments.value("--prepare"),
            drop: arguments.values("--drop"))
    }
}

/// Data files, as far as they are looked at before the work begins.
enum DataFile {
    static let formats = "CSV, TSV, JSON Lines, Parquet or IDX; text may be compressed by gzip or zstd"

    /// - Throws: a data fault when the file is not there, is a folder or may not be read.
    static func check(_ path: String) throws(CommandError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .data("\(path.printable): no such file: check the path") }
        if status.st_mode & S_IFMT == S_IFDIR { throw .data("\(path.printable) is a folder: name a file in it") }
        guard access(path, R_OK) == 0 else { throw .data("\(path.printable) may not be read: check its permissions") }
    }
}

/// Which workspace a command works in.
enum WorkspaceChoice {
    /// The workspace, made if it is not there: for commands that write runs.
    static func open(_ arguments: ParsedArguments) throws -> Workspace { try Workspace(path: path(arguments)) }

    /// The workspace as it is: commands that only look or change what is there make none.
    static func existing(_ arguments: ParsedArguments) throws -> Workspace { try Workspace(existing: path(arguments)) }

    /// The runs of a workspace to look at, which also one gives that cannot be written.
    static func reading(_ arguments: ParsedArguments) throws -> RunStore { try RunStore(reading: try existing(arguments)) }

    /// As `reading`; nil where there is no workspace, and so no runs.
    static func readingIfAny(_ arguments: ParsedArguments) throws -> RunStore? {
        do { return try reading(arguments) } catch let error as StoreError where error.code == .noWorkspace { return nil }
    }

    /// The kernel's name for the current folder where its own is no UTF-8.
    private static var currentFolder: String {
        let folder = Engine.absolute(".")
        return folder == "." ? "/proc/self/cwd" : folder
    }

    static func path(_ arguments: ParsedArguments) -> String {
        arguments.value("--workspace")
            ?? Workspace.defaultPath(currentFolder: currentFolder, environment: arguments.environment)
    }
}

/// Trains one run while the command waits, and tells how it goes: as JSON lines on standard output, or as progress on standard
/// error and a summary on standard output.
struct ForegroundJob {
    let engine: Engine
    let arguments: ParsedArguments

    private var reporter: any EventReporter {
        if arguments.flag("--json") { return JSONReporter() }
        if arguments.flag("--quiet") { return QuietReporter() }
        return ProgressReporter(isTerminal: Console.errorIsTerminal)
    }

    /// - Parameter isNew: whether what is started is a new run, of which nothing stays when it is refused.
    func run(isNew: Bool = true, _ start: () throws -> RunID) throws -> CommandError.ExitCode {
        let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(mailbox)
        let reporter = reporter
        let printer = try NamedThread(name: "printer") { [engine] in
            var reporter = reporter
            while let batch = mailbox.waitAndTake() {
                // What is told as finished is finished, whatever happens to the process then; or it is told that it is not kept.
                if batch.events.contains(where: { if case .job(.finished) = $0.kind { true } else { false } }),
                    !engine.flush(patience: Self.recordingPatience), let problem = engine.recordingProblem
                {
                    let kind = StudioEvent.Kind.workspace(.recordingStalled(problem.recordingProblem))
                    reporter.report(
                        EventBatch(events: [StudioEvent(sequence: 0, wallTime: WallClock.now(), run: nil, kind: kind)]))
                }
                reporter.report(batch)
            }
        }
        let job = StoppableJob(engine.supervisor)
        let watch = InterruptWatch { [engine] _ in
            engine.letGo()
            // Nobody may be reading what is printed.
            mailbox.setHoldsUp(false)
            job.stop()
        }
        let inbox = try CommandWatch(engine)
        // Whoever read the events went away: the run stops so that it can be resumed.
        Console.whenOutputIsClosed { job.stop() }
        defer {
            Console.whenOutputIsClosed(nil)
            inbox.close()
            engine.bus.flush()
            let isPrinted = mailbox.waitUntilHandled(unless: Self.limit(watch))
            mailbox.close()
            // A reader that takes nothing holds up nobody who wants to end the program.
            if isPrinted { printer.join() }
            engine.bus.unsubscribe(mailbox)
        }
        let run = try start()
        job.begin(run)
        engine.supervisor.waitUntilIdle()
        engine.finishFollowUps()
        let isRecorded = engine.flush(patience: Self.recordingPatience)
        if let failure = engine.supervisor.failure(of: run) {
            if isNew { try forgetIfRefused(run, failure) }
            throw CommandError(failure)
        }
        mailbox.waitUntilHandled(unless: Self.limit(watch))
        if !isRecorded, let problem = engine.recordingProblem { throw CommandError(problem) }
        if !arguments.flag("--json"), let summary = try engine.store.run(run) {
            let alerts = try engine.store.alerts(of: run)
            Console.printRaw(RunText.outcome(summary, workspace: engine.workspace, alerts: alerts))
        }
        return watch.wasInterrupted ? .interrupted : .done
    }

    /// Seconds to wait at the end for a workspace that cannot be written.
    private static let recordingPatience = 5.0

    /// Says when nobody waits any longer for what is printed to be read: two seconds after the user wanted to leave.
    private static func limit(_ watch: InterruptWatch) -> () -> Bool {
        var since: UInt64?
        return {
            guard watch.wasInterrupted else { return false }
            let now = SteadyClock.nanoseconds()
            since = since ?? now
            return now - (since ?? now) > 2_000_000_000
        }
    }

    /// A run that was refused for what was asked of it, before it learned anything, leaves nothing behind.
    private func forgetIfRefused(_ run: RunID, _ failure: TrainingError) throws {
        let refusals: [TrainingError.Code] = [.unknownAlgorithm, .badHyperparameter, .badRequest, .badData]
        guard refusals.contains(failure.code), try engine.store.run(run)?.startedAt == nil else { return }
        try engine.forget(run)
    }
}

/// The job of a command, which may be stopped before it is known which one it is.
private final class StoppableJob: Sendable {
    private let supervisor: JobSupervisor
    private let state = Mutex((run: RunID?.none, isStopped: false))

    init(_ supervisor: JobSupervisor) { self.supervisor = supervisor }

    func begin(_ run: RunID) {
        let isStopped = state.withLock { state in
            state.run = run
            return state.isStopped
        }
        if isStopped { supervisor.stop(run) }
    }

    func stop() {
        let run = state.withLock { state in
            state.isStopped = true
            return state.run
        }
        if let run { supervisor.stop(run) }
    }
}
