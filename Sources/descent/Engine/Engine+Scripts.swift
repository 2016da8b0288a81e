import Clocks
import Debugging
import Events
import Experiments
import Files
import Glibc
import Hosting
import Scripts
import Training

/// Runs that a program of the user's trains: how they go on and are forked, from what the program announced.
extension Engine {
    /// Makes the bodies of such jobs.
    static func scripts(in workspace: Workspace, on bus: EventBus) -> JobPlan.OtherWork {
        let environment = ProcessEnvironment.variables
        let python = ResourceFolder.find("python", containing: "descent/__init__.py", environment).map(absolute)
        var surroundings = ScriptSurroundings(
            guardProgram: absolute("/proc/self/exe"), pythonFolder: python, environment: environment)
        surroundings.workspace = absolute(workspace.path)
        return { [surroundings] plan, control, enter in
            guard plan.record.request.isScript else { return nil }
            var own = surroundings
            own.environment = plan.environment ?? own.environment
            return ScriptJob(plan: plan, control: control, bus: bus, surroundings: own, enter: enter)
        }
    }

    /// Ends what scripts left running when Descent and the guard were killed at once.
    func endLeftProcesses() {
        followUp { [workspace, bus] in
            let store = OwnStore(workspace)
            for (run, count) in try LeftProcesses.end(whereOver: { try store.get().run($0)?.status.isFinal ?? false }) {
                let name = try store.get().run(run)?.record.name ?? run.text
                bus.post(.notice(.messageLogged("\(name): \(LeftProcesses.words(count))")))
            }
        }
    }

    /// Starts a script again where it can go on.
    func resumeScript(
        _ known: RunSummary, _ settings: [String: String], planned: QueuedPlan?, isHere: Bool = false
    ) throws {
        let run = known.record.id
        try Algorithms.validateChange(settings, of: known.record.algorithm, having: known.record.hyperparameters)
        let folder = workspace.artifactFolder(of: run.text)
        // What cannot be run leaves the run as it is.
        var request = known.record.request
        request.hyperparameters.merge(known.record.arguments(among: settings)) { $1 }
        let kept = planned == nil ? nil : try environment(of: known.record)
        try ScriptRequest.prepare(&request, environment: kept ?? ProcessEnvironment.variables)
        let checkpoints = ScriptCheckpoints(folder: folder)
        let recorded = try store.recordedStep(of: run) ?? known.step
        checkpoints.takeUnread(base: request.folder ?? "/")
        let choice = checkpoints.choose(.notAfter(recorded), orBeyond: true), place = choice.place
        if place == nil, known.step > 0 {
            let isByFolder = choice.problems.isEmpty && !Folder.names(in: folder + "/ml/checkpoints").isEmpty
            // What the host takes up again begins anew where the script has nothing to go on from.
            if !isByFolder, planned == nil { throw nothing(in: checkpoints, choice, of: known.record, at: folder) }
        }
        if !isHere, let options = queueing() { return try enqueue(known, settings, options) }
        let summary = try store.claim(run, knownAs: known)
        // What was set after the checkpoint was the user's last word all the same.
        let (before, after) = try steering(of: run, upTo: place?.step ?? recorded)
        if let place { try store.truncate(run, afterStep: place.step) }
        debugger.expect(run, after: try RunHistory(of: summary.record, in: store))
        try checkpoints.begin(at: place)
        var record = summary.record
        record.processID = getpid()
        let now = WallClock.now()
        record.idleSeconds += max(0, now - (try known.finishedAt ?? store.lastRecordedTime(of: run) ?? now))
        record.request = request
        record.hyperparameters.merge(settings) { $1 }
        bus.post(.run(.registered(record)), run: run)
        tellChange(of: record, keptIn: folder, run)
        tell(choice, of: record)
        if place == nil, known.step > 0 {
            let note =
                "\(record.name): it goes on by what is in its checkpoint folder; steps that it does again are not recorded twice"
            bus.post(.notice(.messageLogged(note)), run: run)
        }
        var plan = JobPlan(record: record, artifactFolder: folder, recordedStep: place?.step ?? recorded)
        plan.replayedChanges = before
        plan.firstChanges = after.merging(settings) { $1 }
        plan.environment = kept
        planned?.goOn(&plan, afterStep: nil)
        supervisor.start(plan)
    }

    /// What a run was set to while it trained: up to a step, and after it.
    func steering(
        of run: RunID, upTo step: Int
    ) throws -> (before: [HyperparameterChange], after: [String: String]) {
        let changes = try store.events(of: run, kinds: [.hyperparametersChanged]).compactMap { event in
            if case .job(.hyperparametersChanged(let change)) = event.kind { change } else { nil }
        }
        let later = changes.filter { $0.step ?? 0 > step }
        return (changes.filter { $0.step ?? 0 <= step }, later.reduce(into: [:]) { $0.merge($1.values) { $1 } })
    }

    /// Starts a new run of a script from what another one announced.
    func forkScript(_ parent: RunSummary, at place: ForkPlace, _ settings: [String: String], name: String?) throws -> RunRecord {
        try Algorithms.validateChange(settings, of: parent.record.algorithm, having: parent.record.hyperparameters)
        var request = parent.record.request
        try ScriptRequest.prepare(&request, environment: ProcessEnvironment.variables)
        let parentFolder = workspace.artifactFolder(of: parent.record.id.text)
        let checkpoints = ScriptCheckpoints(folder: parentFolder)
        let choice = checkpoints.choose(place)
        guard let found = choice.place else {
            throw nothing(in: checkpoints, choice, of: parent.record, at: parentFolder)
        }
        var generator = SystemRandomNumberGenerator()
        var draft = parent.record
        draft.id = .random(using: &generator)
        draft.fork = RunFork(parent: parent.record.id, step: found.step, settings: settings)
        (draft.reproduces, draft.remedies, draft.baselineOf, draft.tuning) = (nil, nil, nil, nil)
        draft.name = name ?? parent.record.name + "-fork"
        draft.request.name = draft.name
        // What made the parent a fork of its own is as if it had begun with it.
        draft.request.hyperparameters.merge(parent.record.arguments(among: parent.record.fork?.settings ?? [:])) { $1 }
        draft.hyperparameters.merge(settings) { $1 }
        let folder = workspace.artifactFolder(of: draft.id.text)
        try Folder.make(folder)
        try ScriptCheckpoints(folder: folder).begin(at: found)
        var plan = JobPlan(record: draft, artifactFolder: folder)
        plan.replayedChanges = try steering(of: parent.record.id, upTo: found.step).before
        plan.firstChanges = settings
        let record = try start(plan)
        tellChange(of: record, keptIn: parentFolder, record.id)
        tell(choice, of: record)
        return record
    }

    /// Why a run cannot go on from anything that was announced.
    private func nothing(
        in checkpoints: ScriptCheckpoints, _ choice: ScriptCheckpoints.Choice, of record: RunRecord, at folder: String
    ) -> CommandError {
        if !checkpoints.hasFolder {
            return .failed(
                "there is nothing that \(record.name) could go on from: its folder \(folder) is gone; bring it back, or start a new run"
            )
        }
        if !choice.problems.isEmpty {
            return .failed(
                "nothing is left that \(record.name) could go on from: \(choice.reasons); bring one back, or start a new run")
        }
        if !checkpoints.announced.isEmpty {
            return .failed(
                "\(record.name) announced no such checkpoint: `descent runs show \(record.name)` lists those there are")
        }
        return .failed(
            "\(record.name) announced nothing that it could go on from: have the script call descent.checkpoint(), "
                + "or write to SM_CHECKPOINT_DIR and read it when it starts; or start a new run")
    }

    /// Says that something else than what was meant is gone on from.
    private func tell(_ choice: ScriptCheckpoints.Choice, of record: RunRecord) {
        guard let note = choice.note else { return }
        bus.post(.notice(.messageLogged("\(record.name): \(note)")), run: record.id)
    }

    /// Says that a script is not any more what was run before.
    private func tellChange(of record: RunRecord, keptIn folder: String, _ run: RunID) {
        guard let script = record.request.script, ScriptFolders(artifacts: folder).hasChanged(script) else { return }
        bus.post(
            .notice(.messageLogged("\(record.name): \(script) has changed since; it goes on with what is there now")), run: run)
    }

    /// Where a script's run can be forked.
    func scriptForkPlaces(_ run: RunSummary) -> ForkPlaces {
        ScriptCheckpoints(folder: workspace.artifactFolder(of: run.record.id.text)).forkPlaces
    }
}

extension ScriptCheckpoints {
    /// Where a run can be forked.
    var forkPlaces: ForkPlaces {
        let places = all
        return ForkPlaces(steps: Set(places.map(\.step)).sorted(by: >), bestStep: places.last(where: \.isBest)?.step)
    }
}
