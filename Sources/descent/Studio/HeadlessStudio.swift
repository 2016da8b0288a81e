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
    private let engine: Engine
    private let worker: EngineWorker

    /// How long nothing must have happened for a screen to be whole, and how long to wait for that at most, in seconds.
    private static let quiet = 0.2, patience = 30.0

    init(workspace: Workspace, settings: Settings, size: Size, hasColor: Bool) throws {
        state = AppState(
            settings: settings, algorithms: Algorithms.all, size: size, now: WallClock.now(), workspaceName: workspace.name,
            readOptions: ReadOptionDescription.all, utcOffsetSeconds: LocalTime.utcOffsetSeconds(), hasColor: hasColor,
            processID: getpid())
        engine = try Engine(workspace: workspace, budget: ComputeBudget(concurrentJobs: nil))
        worker = try EngineWorker(engine: engine) {}
        worker.loadWorkspace()
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
            if now - start > Self.patience || !state.isAwaitingAnswers && now - last > Self.quiet { return }
            usleep(5000)
        }
    }

    /// What would change the workspace or the terminal is left.
    private func apply(_ action: Action) {
        for effect in reduce(into: &state, action) {
            switch effect {
            case .ask(let request): worker.find(request)
            case .cancel(let request): worker.cancel(request)
            default: break
            }
        }
    }
}
