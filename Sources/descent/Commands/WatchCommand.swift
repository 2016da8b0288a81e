import Cells
import Clocks
import Events
import Experiments
import Interop
import Threads

/// `descent watch`: runs that other programs write, in the same table and curves.
enum WatchCommand {
    static let specification = CommandSpecification(
        words: ["watch"], summary: "show runs that other programs write, live, in the same table and curves",
        details: """
            Finds logs by what is in them: JSON Lines and CSV, TensorBoard event files, MLflow folders and databases, Weights & \
            Biases files, Optuna databases, and Descent's own events. Runs are kept in the workspace; watching again continues \
            them. The logs are only read, and so are their runs: they cannot be resumed, forked or steered here. On a terminal the \
            studio opens; elsewhere each piece of news is a line.

            Steps that start anew in each epoch (epoch,batch,loss) go on counting from where the last epoch ended. Where a \
            TensorBoard program was restarted, its later values stand, and those that they replaced are kept as \
            METRIC@replaced-1. What was decided is said once and shown by `descent runs show RUN`.
            """,
        positionals: [.init(name: "PATH", help: "files, and folders to search", isRepeatable: true)],
        options: [
            .init(name: "--once", value: nil, help: "take over what is there and end"),
            .init(
                name: "--metric", value: "NAME=AS", help: "a metric's name here, such as dev_ppl=validation:perplexity",
                isRepeatable: true),
            .init(
                name: "--objective", value: "METRIC",
                help: "what runs are judged by, as it is called here or in the log; max:NAME or min:NAME says which way it is "
                    + "better (default: validation loss, or what comes closest, by its name)"),
            .init(name: "--step", value: "COL", help: "the column of a CSV or JSON Lines log that counts steps"),
            .init(name: "--epoch", value: "COL", help: "the column that counts epochs"),
            .init(name: "--time", value: "COL", help: "the column that says when"),
            .init(
                name: "--decimal", value: "C",
                help: "what stands before a fraction in CSV logs: . or , (default: as each log's numbers show)"),
        ],
        examples: [
            "descent watch runs/ mlruns/ wandb/", "descent watch train.jsonl --metric dev_ppl=validation:perplexity",
            "descent watch ppo.csv --objective max:episode_reward",
            "descent watch lightning_logs --once && descent runs list",
        ],
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let request = try watchRequest(arguments)
        for path in request.paths { try WatchedLogs.check(path) }
        if Console.outputIsTerminal, !request.isOnce, !arguments.flag("--json"), !arguments.flag("--quiet") {
            return try MainActor.assumeIsolated {
                try StudioSession.run(arguments, files: [], demo: nil, watching: request)
            }
        }
        let engine = try Engine(workspace: try WorkspaceChoice.open(arguments))
        defer { engine.close() }
        return try follow(request, engine, arguments)
    }

    private static func follow(
        _ request: WatchRequest, _ engine: Engine, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(mailbox)
        let first = reporter(arguments)
        let printer = try NamedThread(name: "printer") {
            var reporter = first
            while let batch = mailbox.waitAndTake() { reporter.report(batch) }
        }
        let ended = ThreadSignal()
        let interrupts = InterruptWatch { _ in ended.set() }
        let watch = try WatchedLogs.start(request, engine)
        if request.isOnce { watch.waitUntilRead() } else { while !interrupts.wasInterrupted { ended.wait() } }
        watch.close()
        engine.flush()
        mailbox.waitUntilHandled()
        mailbox.close()
        printer.join()
        engine.bus.unsubscribe(mailbox)
        if interrupts.wasInterrupted { return .interrupted }
        if watch.sourceCount == 0 {
            throw CommandError.data(
                "no logs of runs under \(request.paths.joined(separator: ", ")): name a file to have it read whatever its columns"
            )
        }
        return .done
    }

    private static func reporter(_ arguments: ParsedArguments) -> any EventReporter {
        if arguments.flag("--json") { return JSONReporter() }
        return arguments.flag("--quiet") ? QuietReporter() as any EventReporter : WatchReporter()
    }

    private static func watchRequest(_ arguments: ParsedArguments) throws(CommandError) -> WatchRequest {
        var columns = LogColumnNames(
            step: arguments.value("--step"), epoch: arguments.value("--epoch"), time: arguments.value("--time"))
        for text in arguments.values("--metric") {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex, text.index(after: equals) != text.endIndex
            else {
                throw .usage("--metric '\(text)': write NAME=AS, such as dev_ppl=validation:perplexity")
            }
            columns.metrics[String(text[..<equals])] = MetricName(String(text[text.index(after: equals)...]))
        }
        if let text = arguments.value("--decimal") {
            guard let mark = DecimalMark(rawValue: text) else { throw .usage("--decimal is '\(text)': give . or ,") }
            columns.decimal = mark
        }
        var objective: ObjectiveChoice?
        if let text = arguments.value("--objective") {
            objective = ObjectiveChoice(parsing: text)
            if objective == nil { throw .usage("--objective '\(text)': write NAME, max:NAME or min:NAME") }
        }
        return WatchRequest(
            paths: arguments.positionals, columns: columns, objective: objective, isOnce: arguments.flag("--once"))
    }
}
