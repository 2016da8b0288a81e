import Cells
import Clocks
import Events
import Experiments
import Glibc
import Studio
import Training

/// The studio without a terminal: a workspace as a screen of it shows it. Nothing is trained or written in it.
final class HeadlessStudio {
    private(set) var state: AppState
    /// The theme that the settings name, or the one that a key has chosen since.
    private(set) var theme: Theme
    private let themes: ThemeLibrary
    private let engine: Engine
    private let worker: EngineWorker

    /// How long nothing must have happened for a screen to be whole, and how long to wait for that at most, in seconds.
    private static let quiet = 0.2, patience = 30.0
    /// How long to wait for the workspace, in seconds: without it a screen would say that it is empty.
    private static let loadPatience = 600
    /// How long is waited where a run goes on, of which there is always something new.
    private static let livePatience = 1.5

    init(workspace: Workspace, settings: Settings, size: Size, themes: ThemeLibrary) throws {
        self.themes = themes
        theme = themes.theme(named: settings.theme).theme
        state = AppState(
            settings: settings, algorithms: Algorithms.all, size: size, now: WallClock.now(), workspaceName: workspace.name,
            readOptions: ReadOptionDescription.all, utcOffsetSeconds: LocalTime.utcOffsetSeconds(), hasColor: true,
            processID: getpid())
        engine = try Engine(workspace: workspace, budget: ComputeBudget(concurrentJobs: nil))
        worker = try EngineWorker(engine: engine) {}
        apply(.themesListed(themes.names))
        apply(.themeShown(hasTint: theme.hasTint(depth: .palette256)))
        worker.loadWorkspace()
        let start = SteadyClock.seconds()
        while !worker.hasLoaded {
            for answer in worker.takeAnswers() {
                if case .commandRefused(let message) = answer { throw CommandError.failed(message) }
                apply(answer)
            }
            guard SteadyClock.seconds() - start < Double(Self.loadPatience) else {
                throw CommandError.failed("the workspace was not read within \(Self.loadPatience) seconds")
            }
            usleep(5000)
        }
        settle()
    }

    func press(_ keys: [Key]) {
        for key in keys {
            apply(.input(.key(key)))
            settle()
        }
    }

    /// - Returns: whether there is such a run.
    func select(_ run: String) -> Bool {
        let isThere = state.selectRun(named: run)
        // What the selection shows is asked for as after any action.
        apply(.tick(now: WallClock.now()))
        settle()
        return isThere
    }

    /// The screen, without a message about what was done to get there.
    func frame() -> CellBuffer {
        state.dismissMessage()
        return state.frame()
    }

    func close() {
        worker.close()
        engine.close()
    }

    /// Takes in what was asked for until all of it is there.
    private func settle() {
        let start = SteadyClock.seconds()
        var last = start
        while true {
            let answers = worker.takeAnswers()
            for answer in answers { apply(answer) }
            if state.isDeriving { apply(.deriveMore) }
            let now = SteadyClock.seconds()
            if !answers.isEmpty || state.isDeriving { last = now }
            if now - start > (state.hasActiveRuns ? Self.livePatience : Self.patience)
                || !state.isAwaitingAnswers && now - last > Self.quiet
            {
                return
            }
            usleep(5000)
        }
    }

    /// What would change the workspace or the terminal is left.
    private func apply(_ action: Action) {
        for effect in reduce(into: &state, action) {
            switch effect {
            case .ask(let request): worker.find(request)
            case .cancel(let request): worker.cancel(request)
            case .setTheme(let name):
                theme = themes.theme(named: name).theme
                apply(.themeShown(hasTint: theme.hasTint(depth: .palette256)))
            default: break
            }
        }
    }
}
