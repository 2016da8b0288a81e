import Actions
import Cells
import CheckedNumbers
import Clocks
import Databases
import Events
import Experiments
import Files
import Glibc
import Hosting
import Interop
import OutputFiles
import Studio
import Terminal
import Training

/// The studio: the loop on the main thread that waits for keys, events and signals, reduces them, and paints.
@MainActor
final class StudioSession {
    private let screen: TerminalScreen
    private let signals: TerminalSignals
    private let loop: EventLoop
    private let engine: Engine
    private let budget: ComputeBudget
    private let worker: EngineWorker
    private let mailbox: Mailbox
    /// What actions have the terminal show.
    private let notices = WaitingNotices()
    private var settingsFile: SettingsFile
    /// What went wrong when settings were written, once said.
    private var settingsProblem: String?
    private let themes: ThemeLibrary
    private var theme: Theme
    private var state: AppState
    private var frames: FramePacer
    private var meter = ProcessMeter()
    private var nextTick = 0.0
    private var toldTime = 0.0
    /// Until when what the worker finds may be what a key asked for, or what the workspace holds at the start.
    private var replyingUntil = SteadyClock.nanoseconds() + longestReply
    /// - Units: nanoseconds.
    private static let longestReply: UInt64 = 1_000_000_000
    private var ending: Ending?
    private let attachments: Attachments?
    private let log: StandardErrorLog
    private var logWatch: LogWatch?

    private enum Ending {
        case quit(QuitChoice)
        case signal
        /// The terminal is gone: what trains goes on.
        case hangUp
    }

    /// Opens the studio and returns when the user leaves it.
    static func run(
        _ arguments: ParsedArguments, files: [String], demo: Demo?, watching request: WatchRequest? = nil,
        attachments: Attachments? = nil
    ) throws -> CommandError.ExitCode {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw CommandError.failed("the studio needs a terminal: `descent --help` shows the commands that do without one")
        }
        let workspace = try WorkspaceChoice.open(arguments)
        let (file, settings, messages) = SettingsFile.read(arguments.environment, workspace: workspace)
        // Handlers first: the curses library leaves signals alone that have one.
        let signals = try TerminalSignals()
        let wakePipe = try WakePipe()
        var options = TerminalScreen.Options(environment: arguments.environment)
        options.usesMouse = settings.mouse
        let screen = try TerminalScreen.open(options)
        let session: StudioSession
        do {
            session = try StudioSession(
                arguments: arguments, workspace: workspace, settings: (file, settings), screen: screen, signals: signals,
                wakePipe: wakePipe, budget: ComputeBudget(concurrentJobs: demo.map { _ in Demo.concurrentJobs }),
                attachments: attachments)
        } catch {
            screen.close()
            throw error
        }
        for message in messages { session.apply(.commandRefused(message)) }
        session.open(files, demo)
        if let request { session.watch(request) }
        session.loopUntilLeft()
        return session.close(isKept: demo?.temporaryWorkspace == nil)
    }

    private init(
        arguments: ParsedArguments, workspace: Workspace, settings stored: (SettingsFile, Settings), screen: TerminalScreen,
        signals: TerminalSignals,
        wakePipe: WakePipe, budget: ComputeBudget, attachments: Attachments?
    ) throws {
        self.screen = screen
        self.attachments = attachments
        self.signals = signals
        themes = ThemeLibrary(environment: arguments.environment)
        var settings = stored.1
        let chosen = themes.theme(named: settings.theme)
        theme = chosen.theme
        if screen.capabilities.glyphs == .ascii { settings.glyphs = .ascii }
        settingsFile = stored.0
        settingsFile.assume(settings)
        state = AppState(
            settings: settings, algorithms: Algorithms.all, size: screen.size, now: WallClock.now(),
            workspaceName: attachments?.names.joined(separator: " + ") ?? workspace.name,
            readOptions: ReadOptionDescription.all, utcOffsetSeconds: LocalTime.utcOffsetSeconds(),
            hasColor: screen.capabilities.depth != .mono, processID: getpid())
        frames = FramePacer(isRemote: screen.capabilities.isRemote)
        loop = EventLoop(wakePipe: wakePipe, signals: signals, typedAhead: screen.typedAhead)
        // The first frame is up before the engine is.
        _ = Self.paint(&state, on: screen, theme)
        log = StandardErrorLog(path: workspace.path + "/studio.log")
        engine = try Engine(workspace: workspace, budget: budget)
        self.budget = budget
        if attachments == nil { engine.prefersHost() }
        mailbox = Mailbox(policy: .merging(limit: 200_000)) { wakePipe.wake() }
        engine.desk.showAtTerminal { [notices] notice in
            notices.add(notice)
            wakePipe.wake()
            return true
        }
        engine.bus.subscribe(mailbox)
        worker = try EngineWorker(engine: engine, attachments: attachments) { wakePipe.wake() }
        if let notice = screen.capabilities.notice { apply(.noted(notice)) }
        apply(.themesListed(themes.names))
        apply(.themeShown(hasTint: theme.hasTint(depth: screen.capabilities.depth)))
        for message in themes.messages + [chosen.message].compactMap({ $0 }) { apply(.commandRefused(message)) }
    }

    private func open(_ files: [String], _ demo: Demo?) {
        worker.loadWorkspace(greets: demo?.temporaryWorkspace == nil)
        if attachments == nil { engine.endLeftProcesses() }
        apply(.dataNamed(files.map { Engine.absolute($0) }))
        for request in demo?.requests ?? [] { worker.start(request, stepsPerSecond: demo?.stepsPerSecond) }
    }

    /// Shows the runs that other programs write.
    private func watch(_ request: WatchRequest) {
        do { logWatch = try WatchedLogs.start(request, engine) } catch {
            apply(.commandRefused(CommandError(error).description))
        }
    }

    private func loopUntilLeft() {
        nextTick = WallClock.now()
        while ending == nil {
            let events = loop.wait(milliseconds: timeout())
            if !events.isEmpty { tellTime() }
            // Whoever ends the program does not wait for the keys that were typed before.
            for event in events { if case .signal = event { handle(event) } }
            for event in events where ending == nil { if case .signal = event { continue } else { handle(event) } }
            for notice in notices.take() { show(notice) }
            let batch = mailbox.take()
            if !batch.isEmpty { apply(.events(batch.events, batch.samples)) }
            let answers = worker.takeAnswers()
            for answer in answers { apply(answer) }
            tick()
            // The answer to a key or to another size, and what it made the worker read, once that is there.
            let isReply = events.contains { $0 != .woken }
            let now = SteadyClock.nanoseconds()
            if isReply { replyingUntil = now + Self.longestReply }
            let isWhole = now < replyingUntil && !answers.isEmpty && !state.isAwaitingCurves
            if state.needsRedraw, ending == nil, frames.isDue(atOnce: isReply || isWhole, at: now) { paint() }
            // Between keys, so that they need not wait for all of it.
            if state.isDeriving { apply(.deriveMore) }
        }
    }

    private func show(_ notice: TerminalNotice) {
        if notice.isBell { screen.ringBell() } else { screen.notify(DesktopNotification(title: notice.title, text: notice.text)) }
    }

    /// Milliseconds until something is due: the next frame if one is wanted, else the next tick.
    private func timeout() -> Int {
        let untilTick = Int(roundedUpWithin: (nextTick - WallClock.now()) * 1000)
        if state.isDeriving { return 0 }
        guard state.needsRedraw else { return max(0, untilTick) }
        return max(0, min(frames.millisecondsUntilDue(at: SteadyClock.nanoseconds()), untilTick))
    }

    /// What is said in answer to a key is said now, however long ago the last tick was.
    private func tellTime() {
        let now = WallClock.now()
        guard abs(now - toldTime) > 0.5 else { return }
        toldTime = now
        apply(.tick(now: now))
    }

    private func tick() {
        let now = WallClock.now()
        // A shorter interval than the one that was set counts from now.
        nextTick = min(nextTick, now + state.tickInterval)
        guard now >= nextTick else { return }
        nextTick = now + state.tickInterval
        let load = meter.sample()
        apply(.systemSampled(cpuPercent: load.cpuPercent, residentBytes: load.residentBytes))
        toldTime = now
        apply(.tick(now: now))
        worker.lookAfterForeignRuns()
    }

    private func handle(_ event: EventLoop.Event) {
        switch event {
        case .input(let input): apply(.input(screen.understood(input)))
        case .woken: break
        case .terminalLost: ending = .hangUp
        case .signal(.resized): resize()
        case .signal(.continued):
            screen.resume()
            resize()
        case .signal(.stop): suspend()
        case .signal(.hangUp): ending = .hangUp
        case .signal(.terminate), .signal(.interrupt): ending = .signal
        }
    }

    private func resize() {
        screen.updateSize()
        screen.redraw()
        apply(.input(.resized(screen.size)))
    }

    private func suspend() {
        screen.suspend()
        resize()
    }

    private func apply(_ action: Action) {
        for effect in reduce(into: &state, action) { carryOut(effect) }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .command(let command): worker.perform(command)
        case .copyHere(let run): worker.copyHere(run)
        case .ask(let request): worker.find(request)
        case .cancel(let request): worker.cancel(request)
        case .startLoad(let load): worker.loads.start(load)
        case .stopLoad(let endpoint): worker.loads.stop(endpoint)
        case .kernel(let wish): worker.kernels.perform(wish)
        case .setTheme(let name):
            theme = themes.theme(named: name).theme
            apply(.themeShown(hasTint: theme.hasTint(depth: screen.capabilities.depth)))
            screen.redraw()
        case .saveSettings(let settings):
            let problem = settingsFile.write(settings)
            // Said once, not at every key that changes one.
            if let problem, problem != settingsProblem { apply(.commandRefused(problem)) }
            settingsProblem = problem
        case .suspend: suspend()
        case .quit(let choice): ending = .quit(choice)
        case .copyToClipboard(let text):
            if !screen.copyToClipboard(text) { apply(.commandRefused("the text is too long for a terminal's clipboard")) }
        case .exportSVG(let name): export(state.curvesSVG(theme: theme), as: name)
        case .exportFigure(let name, let title, let figure): export(figure.svg(title: title, theme: theme), as: name)
        case .exportText(let name, let text): export(text, as: name)
        case .redraw: screen.redraw()
        case .askForPictures: screen.askForPictures()
        case .exportFrame(let name):
            let frame = state.frame()
            export(
                name.hasSuffix(".svg") ? frame.svg(theme: theme, title: "descent: " + state.wayHere) : frame.plainText, as: name)
        case .copyFrame:
            let text = state.frame().plainText
            if !screen.copyToClipboard(text) { apply(.commandRefused("the text is too long for a terminal's clipboard")) }
        case .bell: screen.ringBell()
        }
    }

    /// Writes a file that no other one is lost for.
    private func export(_ text: String, as name: String) {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let names = [name] + (2...999).map { "\(name[..<dot])-\($0)\(name[dot...])" }
        guard let free = names.first(where: { access($0, F_OK) != 0 }) else {
            return apply(.commandRefused("\(name) and 998 like it are there already: start descent in another folder"))
        }
        do throws(OutputError) { try OutputFile.write(text, to: free) } catch {
            return apply(.commandRefused("\(error)"))
        }
        apply(.fileWritten(path: free))
    }

    private func paint() {
        let bytes = Self.paint(&state, on: screen, theme)
        frames.didPaint(bytes: bytes, at: SteadyClock.nanoseconds())
    }

    private static func paint(_ state: inout AppState, on screen: TerminalScreen, _ theme: Theme) -> Int {
        let bytes = screen.present(state.frame(), theme: theme, cursor: state.cursorPosition())
        state.didDraw()
        return bytes
    }

    /// Gives the terminal back, then lets the jobs end.
    /// - Parameter isKept: whether the workspace outlives the session.
    private func close(isKept: Bool) -> CommandError.ExitCode {
        screen.close()
        if case .hangUp = ending {} else { log.restore() }
        if case .quit(.abandon) = ending { _exit(0) }
        if isKept { LastSeen.note(in: engine.workspace) }
        let hasJobs = !engine.supervisor.liveRuns.isEmpty || !worker.tunings.liveNames.isEmpty
        if case .hangUp = ending, isKept, hasJobs { return goOnWithoutTerminal() }
        // Whoever asks once more does not want to wait for what is still to be done.
        signals.letGo()
        engine.letGo()
        let tunings = worker.tunings.liveNames, automls = worker.automls.liveNames
        if case .quit(.goOn) = ending, isKept, !tunings.isEmpty { return handOver(engine.supervisor.liveRuns) }
        let live = engine.supervisor.liveRuns
        if case .quit(.goOn) = ending, isKept, !live.isEmpty { return handOver(live) }
        if isKept, !live.isEmpty {
            Console.note("stopping \(live.count) \(live.count == 1 ? "run" : "runs") after a checkpoint …")
        }
        worker.close()
        logWatch?.close()
        engine.close()
        if isKept {
            for name in tunings { Console.note("  \(name) stopped: descent tune resume \(name)") }
            for name in automls { Console.note("  \(name) stopped: descent automl resume \(name)") }
            tellHowToResume(live)
            tellWhatGoesOn()
        }
        switch ending {
        case .signal, .hangUp: return .interrupted
        case .quit, nil: return .done
        }
    }

    /// Has the workspace's host go on with the jobs, each from a checkpoint.
    private func handOver(_ live: [RunID]) -> CommandError.ExitCode {
        Console.note(
            "handing \(live.count) \(live.count == 1 ? "run" : "runs") over to the workspace's host after a checkpoint …")
        let tunings = worker.close()
        logWatch?.close()
        var problem: CommandError?
        do {
            try engine.giveJobsBack()
            for tuning in tunings { try engine.store.tunings.enqueue(tuning) }
        } catch { problem = CommandError(error) }
        engine.close()
        do { try engine.startHost() } catch { problem = CommandError(error) }
        if let problem {
            Console.note("descent: \(problem.description)")
            Console.note("  what was trained is kept, and waits in the queue: descent serve goes on with it")
            return .failed
        }
        Console.note("  the host trains on: descent queue list    descent serve stop stops it")
        return .done
    }

    /// The terminal is gone: this process is the workspace's host from here on, until its jobs are done; where there is one already,
    /// that goes on with them.
    private func goOnWithoutTerminal() -> CommandError.ExitCode {
        let tunings = worker.close()
        logWatch?.close()
        do {
            for tuning in tunings { try engine.store.tunings.enqueue(tuning) }
            try UnattendedJobs.attend(engine, budget)
        } catch {
            Console.note("descent: \(CommandError(error).description)")
            engine.close()
            return .failed
        }
        return .done
    }

    /// What the host trains, and what waits for it.
    private func tellWhatGoesOn() {
        guard attachments == nil else { return }
        let jobs: [QueuedJob]
        // What is paused, or trained by a process of its own, is neither the host's nor does it wait.
        let store = engine.store
        do {
            jobs = try store.queue().filter { job in
                try job.state == .waiting || job.state != .held && store.run(job.run)?.status == .inProgress
            }
        } catch { return }
        guard !jobs.isEmpty else { return }
        let runs = jobs.count == 1 ? "1 run" : "\(jobs.count) runs"
        let isThere = HostLink(engine.workspace.path).isThere
        Console.note(
            isThere
                ? "  \(runs) \(jobs.count == 1 ? "goes" : "go") on without the studio: descent queue list"
                : "  \(runs) \(jobs.count == 1 ? "waits" : "wait") for a host: descent serve --detach")
    }

    private func tellHowToResume(_ runs: [RunID]) {
        do {
            for run in runs {
                guard let summary = try engine.store.run(run), summary.status == .stopped, summary.record.tuning == nil else {
                    continue
                }
                let name = summary.record.name
                Console.note("  \(name) stopped at step \(summary.step): descent runs resume \(name)")
            }
        } catch {
            Console.note("descent: \(error.description)")
        }
    }
}
