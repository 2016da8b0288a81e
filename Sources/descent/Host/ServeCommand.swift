import Clocks
import Events
import Experiments
import Glibc
import Hosting
import JSON
import MLflowTracking
import Serving
import Threads
import Training

/// `descent serve`: the workspace's host, which trains without a terminal.
enum ServeCommand {
    static let serve = CommandSpecification(
        words: ["serve"], summary: "train the workspace's queue without a terminal, until it is stopped",
        details: """
            The host of a workspace: one process that trains what `descent train --detach` and the studio give it, whatever becomes of \
            their terminals. Killed or stopped, it goes on with every job from its last checkpoint when it is started again; nothing is \
            trained twice. Others of this user find it by a socket in the workspace. It listens on no network but for endpoints \
            (`descent endpoint create`), on this machine's own address, and answers who has the workspace's token or signs with its key.

            To have it started with the machine, and again when it was killed:
                descent serve --unit > ~/.config/systemd/user/descent.service
                systemctl --user enable --now descent; loginctl enable-linger
            """,
        options: [
            .init(name: "--at-once", value: "N", help: "jobs that train at the same time (default: one a processor, at least 2)"),
            .init(name: "--detach", value: nil, help: "start it without a terminal, and return at once"),
            .init(name: "--unit", value: nil, help: "print a unit file for systemd, and end"),
        ] + ServingSettings.options,
        examples: [
            "descent serve", "descent serve --at-once 1", "descent serve --listen 127.0.0.1:8080", "descent serve status",
            "descent serve stop",
        ],
        run: run)

    static let status = CommandSpecification(
        words: ["serve", "status"], summary: "say whether the workspace has a host, and what it does",
        examples: ["descent serve status --json"],
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments), link = HostLink(workspace.path)
            guard let holder = link.holder else {
                if arguments.flag("--json") { Console.print(#"{"kind":"hostStatus","pid":null}"#) }
                let store = try RunStore(workspace)
                let waiting = try store.queue().count { $0.state == .waiting } + store.abandonedJobs().count
                throw CommandError.failed(
                    "no host serves \(workspace.path)\(waiting > 0 ? ", where \(waiting) \(waiting == 1 ? "job waits" : "jobs wait")" : ""): `descent serve` starts one"
                )
            }
            guard let status = link.ask("status") else {
                throw CommandError.failed("the host (process \(holder.processID)) does not answer: it may be starting or ending")
            }
            if arguments.flag("--json") {
                Console.print(status.text)
            } else {
                let count = { (name: String) in status[name]?.integer ?? 0 }
                Console.print(
                    "process \(holder.processID) since \(LocalTime.short(holder.since)): \(count("running")) running "
                        + "(\(count("atOnce")) at once), \(count("waiting")) waiting, \(count("held")) held"
                        + (count("endpoints") > 0 ? ", \(count("endpoints")) in service" : ""))
            }
            return .done
        })

    static let stop = CommandSpecification(
        words: ["serve", "stop"], summary: "stop the workspace's host: its jobs wait at a checkpoint until one is started again",
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments), link = HostLink(workspace.path)
            guard let holder = link.holder else { throw CommandError.failed("no host serves \(workspace.path)") }
            if link.ask("stop") == nil, HostLock.isHeld(by: holder.processID, in: workspace.path) {
                kill(holder.processID, SIGTERM)
            }
            // A script has half a minute to end.
            let deadline = SteadyClock.seconds() + 60
            while link.isThere, SteadyClock.seconds() < deadline { usleep(20_000) }
            guard !link.isThere else {
                throw CommandError.failed(
                    "the host (process \(holder.processID)) is still stopping its jobs, or is suspended: `descent queue list`")
            }
            // What another process trains waits for nobody.
            let store = try RunStore(workspace)
            let count = try store.queue().count { try $0.state.isWaiting || !store.isTrainedElsewhere($0.run) }
            if !arguments.flag("--quiet") {
                let left = count == 1 ? ": 1 job waits" : ": \(count) jobs wait"
                Console.note("stopped" + (count == 0 ? "" : left + " for the next `descent serve`"))
            }
            return .done
        })

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        if arguments.flag("--unit") {
            Console.printRaw(try unit(arguments))
            return .done
        }
        if arguments.flag("--detach") { return try detach(arguments) }
        // It goes on when a terminal that it was started in goes.
        signal(SIGHUP, SIG_IGN)
        let serving = try ServingSettings(arguments)
        let workspace = try WorkspaceChoice.open(arguments)
        let atOnce = try arguments.number("--at-once", in: 1...1024).flatMap { Int(exactly: $0) }
        let budget = ComputeBudget(concurrentJobs: atOnce)
        if let holder = HostLink(workspace.path).holder { throw refusal(holder) }
        let engine = try Engine(workspace: workspace, budget: budget)
        let ended = ThreadSignal()
        let interrupts = InterruptWatch { _ in ended.set() }
        Console.whenOutputIsClosed {}
        let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(mailbox)
        let first = reporter(arguments)
        let printer = try NamedThread(name: "printer") {
            var reporter = first
            while let batch = mailbox.waitAndTake() { reporter.report(batch) }
        }
        defer {
            mailbox.close()
            printer.join()
        }
        engine.endLeftProcesses()
        engine.followUp {}
        guard let host = try Host(engine, budget: budget, serving: serving, onStop: { ended.set() }) else {
            engine.close()
            throw refusal(HostLink(workspace.path).holder)
        }
        let tracker = try Self.tracker(engine, serving, arguments)
        defer { tracker?.stop() }
        let inbox = try CommandWatch(engine) { isGone in
            host.look()
            if isGone { ended.set() }
        }
        if !arguments.flag("--quiet"), !arguments.flag("--json") {
            Console.note(
                "descent serves \(workspace.path) (\(budget.concurrentJobs) jobs at once); ctrl-c stops it after checkpoints")
        }
        ended.wait()
        tracker?.stop()
        host.end(inbox)
        withExtendedLifetime(interrupts) {}
        return .done
    }

    /// The workspace as MLflow's clients see it, where that was asked for.
    private static func tracker(
        _ engine: Engine, _ serving: ServingSettings, _ arguments: ParsedArguments
    ) throws -> MLflowServer? {
        guard let address = serving.mlflow else { return nil }
        let credentials = serving.isOpen ? nil : try ServerCredentials(workspace: engine.workspace.path)
        let server = try MLflowServer(
            engine.workspace, at: address, credentials: credentials, certificate: serving.certificate, bus: engine.bus,
            version: Engine.version, settle: { engine.flush(patience: 30) })
        let url = "\(serving.certificate == nil ? "http" : "https")://\(server.address.forClients)"
        if arguments.flag("--json") {
            Console.print(JSONValue.object(["kind": .string("mlflowServing"), "url": .string(url)]).text)
        } else if !arguments.flag("--quiet") {
            Console.note(
                "MLFLOW_TRACKING_URI=\(url)"
                    + (serving.isOpen ? "" : "    MLFLOW_TRACKING_TOKEN: the token of `descent endpoint credentials`"))
        }
        return server
    }

    private static func detach(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        for option in ["--at-once"] + ServingSettings.options.map(\.name) where arguments.flag(option) {
            throw CommandError.usage("\(option) is for a host in this terminal, or in a unit file")
        }
        let workspace = try WorkspaceChoice.open(arguments)
        if let holder = HostLink(workspace.path).holder, !holder.isEnding { throw refusal(holder) }
        do throws(HostError) { try QueueArguments.startHost(workspace.path, arguments) } catch {
            throw CommandError.failed(error.description)
        }
        if !arguments.flag("--quiet") {
            Console.note("serving \(workspace.path): descent serve status    descent serve stop")
        }
        return .done
    }

    private static func reporter(_ arguments: ParsedArguments) -> any EventReporter {
        if arguments.flag("--json") { return JSONReporter() }
        return arguments.flag("--quiet") ? QuietReporter() as any EventReporter : HostReporter()
    }

    private static func refusal(_ holder: HostLock.Holder?) -> CommandError {
        let who = holder.map { " (process \($0.processID))" } ?? ""
        return .failed("the workspace has a host already\(who): `descent serve status` asks it, `descent serve stop` stops it")
    }

    private static func unit(_ arguments: ParsedArguments) throws -> String {
        let program = Engine.absolute("/proc/self/exe"), given = Engine.absolute(WorkspaceChoice.path(arguments))
        let workspace = given.hasPrefix("/") ? given : Engine.absolute(".") + "/" + given
        if given.isEmpty { throw CommandError.usage("--workspace '': name a folder") }
        let isPlain = { (text: String) in
            !text.hasPrefix("/proc/") && !text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
        }
        guard isPlain(workspace), isPlain(program) else {
            throw CommandError.failed(
                "a unit file cannot name \(workspace): give the workspace a folder whose name is plain text")
        }
        let atOnce = try arguments.number("--at-once", in: 1...1024).flatMap { Int(exactly: $0) }.map { " --at-once \($0)" } ?? ""
        _ = try ServingSettings(arguments)
        let quoted = { (text: String) in
            "\""
                + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%").replacing(
                    "$", with: "$$")
                + "\""
        }
        let serving = ServingSettings.words(arguments, absolute: Engine.absolute).map { " " + quoted($0) }.joined()
        return """
            # A user's unit: save it as ~/.config/systemd/user/descent.service, then
            #   systemctl --user enable --now descent
            #   loginctl enable-linger        so that it runs without a login, and starts with the machine
            [Unit]
            Description=Descent host of \(workspace.replacing("%", with: "%%"))
            # Also after another host that was started by hand.
            StartLimitIntervalSec=0

            [Service]
            ExecStart=\(quoted(program)) serve --workspace \(quoted(workspace))\(atOnce)\(serving)
            Restart=on-failure
            RestartSec=5
            TimeoutStopSec=90
            KillMode=mixed

            [Install]
            WantedBy=default.target

            """
    }
}
