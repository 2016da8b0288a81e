import Events
import Experiments
import Glibc
import Hosting
import JSON
import Remotes
import Synchronization
import Threads
import Training

/// Carries out at the far end what a studio elsewhere asks. What is started there is the workspace's host's, so that it outlives the
/// connection.
// SAFETY: `engine` and `store` are used by the session's thread for commands alone, until it has ended.
final class FarWork: @unchecked Sendable {
    private let workspace: Workspace
    private let tell: @Sendable (StudioEvent) -> Void
    private var engine: Engine?
    private let files: WorkLane
    private let fileStore: OwnStore

    /// - Parameter tell: told what happened that belongs to no run.
    init(_ workspace: Workspace, tell: @escaping @Sendable (StudioEvent) -> Void) throws {
        (self.workspace, self.tell) = (workspace, tell)
        files = try WorkLane(name: "files") { _ in }
        fileStore = OwnStore(workspace)
    }

    /// Made when it is first needed: whoever only looks needs none.
    private func getEngine() throws -> Engine {
        if let engine { return engine }
        let made = try Engine(workspace: workspace)
        made.queueing = { QueueOptions() }
        made.bus.subscribe(Facts(tell))
        engine = made
        return made
    }

    func carryOut(_ command: StudioCommand) throws {
        let engine = try getEngine()
        switch command {
        case .pauseJob(let run), .stopJob(let run), .changeHyperparameters(let run, _), .changeRules(let run, _):
            try checkGoesOn(run, engine.store)
            try engine.control(command, in: engine.store)
        case .resumeJob(let run):
            let goesOn = try engine.store.isTrainedElsewhere(run)
            if try goesOn || engine.store.queued(run) != nil { return try engine.control(command, in: engine.store) }
            try engine.resume(run)
            try engine.startHost()
        case .profileDataset(let path, let reading):
            files.add { [fileStore] in engine.profile(path, reading: reading, in: fileStore.get) }
        case .startJob(let request):
            if !request.datasetPath.isEmpty { try DataFile.check(request.datasetPath) }
            try engine.start(request)
            try engine.startHost()
        case .continueJob(let run, let settings):
            try engine.resume(run, settings)
            try engine.startHost()
        case .forkJob(let run, let place, let settings):
            try engine.fork(run, at: place, settings, name: nil)
            try engine.startHost()
        case .reproduceRun(let run):
            _ = try engine.reproduction(of: run, in: engine.store).start(on: engine)
            try engine.startHost()
        case .saveTensors(let run, let pattern):
            try checkGoesOn(run, engine.store)
            try engine.store.tensors.wholeTensors(of: run).wish(for: pattern)
        case .deleteRun(let run): try engine.store.apply(.run(.deleted), to: run)
        case .restoreRun(let run): try engine.store.apply(.run(.restored), to: run)
        case .editRun(let run, let edit): try engine.store.apply(.run(.edited(edit)), to: run)
        case .moveQueued(let run, let move):
            guard try engine.store.move(run, move) else { throw CommandError.failed("it does not wait in the queue any more") }
            HostLink(workspace.path).ring()
        case .startHost: try engine.startHost()
        case .startTuning(let request, let name):
            if request.job.isScript {
                throw CommandError.failed("a script is searched with the variables of who begins it: `descent tune` there does")
            }
            let (record, _) = try TuningDesk.register(request, name: name, on: engine)
            try enqueue(record.id, engine)
        case .resumeTuning(let tuning):
            if try engine.store.tunings.isCarriedOut(tuning) { throw CommandError.failed("it runs already") }
            try enqueue(engine.store.tunings.tuning(named: tuning).id, engine)
        case .controlTuning(let tuning, let control): try TuningDesk.ask(control, of: tuning, on: engine)
        case .startAutoML, .resumeAutoML, .stopAutoML:
            throw CommandError.failed("AutoML jobs of another machine are carried out there: `descent automl` begins one")
        case .serving:
            throw CommandError.failed(
                "endpoints and kept models of another machine are changed there: `descent endpoint`, `descent models`")
        case .editEntity(let entity, let edit):
            guard entity.kind == .dataset else {
                throw CommandError.failed("\(entity.kind.rawValue) \(entity.id) has no name, tags or note to change")
            }
            try engine.store.datasets.edit(DatasetID(entity.id), edit)
        }
    }

    private func enqueue(_ tuning: String, _ engine: Engine) throws {
        try engine.store.tunings.enqueue(tuning)
        try engine.startHost()
        HostLink(workspace.path).ring()
    }

    func find(_ question: FarQuestion) throws -> JSONValue { try FarAnswers.find(question, getEngine()) }

    private func checkGoesOn(_ run: RunID, _ store: RunStore) throws {
        guard let known = try store.run(run) else { throw CommandError.failed("the run is gone from its workspace") }
        if known.status.isFinal { throw CommandError.failed("\(known.record.name) has ended: it is \(known.statusWord)") }
    }

    /// Call it once nothing more is carried out.
    func close() {
        files.close()
        engine?.close()
    }
}

/// Hands on what belongs to no run: that a file was read, or could not be.
private final class Facts: EventSubscriber {
    private let tell: @Sendable (StudioEvent) -> Void

    init(_ tell: @escaping @Sendable (StudioEvent) -> Void) { self.tell = tell }

    func deliver(_ batch: EventBatch) {
        for event in batch.events where event.run == nil {
            switch event.kind {
            case .dataset, .notice: tell(event)
            default: break
            }
        }
    }
}
