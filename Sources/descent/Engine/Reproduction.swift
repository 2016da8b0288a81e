import Events
import Experiments
import Files
import Glibc
import Learners
import Scripts
import Tables
import Training

/// Running a run again from what was captured of it: what stands in the way, what is done again, and what came of it.
struct Reproduction {
    let original: RunSummary
    private(set) var outlook: ReproductionOutlook
    /// Steering to do again.
    private(set) var changes: [HyperparameterChange] = []
    /// Where the run ended other than by its own rules.
    private(set) var lastStep: Int?

    private var record: RunRecord { original.record }

    init(of run: RunSummary, store: RunStore) throws {
        original = run
        outlook = ReproductionOutlook(run: run.record.id)
        try Engine.checkIsTrainedHere(run.record)
        guard run.status.isFinal else {
            throw CommandError.usage("\(run.record.name) is still \(run.status.rawValue): wait until it has ended, or stop it")
        }
        try lookAtData()
        lookAtProgram()
        if record.request.isScript {
            try lookAtScript(store)
            return
        }
        try lookAtSteering(store)
        try lookAtEnd(store)
    }

    private mutating func lookAtData() throws {
        let paths = [record.request.datasetPath, record.request.validationPath].compactMap { $0 }.filter { !$0.isEmpty }
        let missing = paths.filter { !Engine.exists($0) }
        outlook.obstacles += missing.map { "\($0) is gone: bring it back" }
        guard missing.isEmpty, !record.dataFingerprint.isEmpty else { return }
        var fingerprint = ""
        for path in paths { fingerprint += try DataFingerprint.of(path) }
        if fingerprint != record.dataFingerprint {
            outlook.differences.append(
                "\(paths.joined(separator: " or ")) has changed since (fingerprint \(record.dataFingerprint), now \(fingerprint))"
            )
        }
    }

    private mutating func lookAtProgram() {
        if record.hasForgottenRowOrder {
            outlook.differences.append("an earlier version trained it and did not record in which order rows came from the file")
        }
        if record.version != Engine.version {
            outlook.differences.append("it was trained by Descent \(record.version), this is \(Engine.version)")
        }
        if let then = record.gitRevision, let now = GitRevision.current(), then != now {
            outlook.notes.append("the folder it ran in stood at commit \(then.prefix(10)), this one stands at \(now.prefix(10))")
        }
        if record.algorithm == "xgboost", !XGBoostLibrary.isAvailable {
            outlook.obstacles.append(
                "XGBoost is not here: \(XGBoostLibrary.description); `descent doctor` says where it is looked for")
        }
    }

    /// A script does again what it does: it is handed the same.
    private mutating func lookAtScript(_ store: RunStore) throws {
        if let script = record.request.script {
            let folders = ScriptFolders(artifacts: store.workspace.artifactFolder(of: record.id.text))
            if access(script, R_OK) != 0 {
                outlook.obstacles.append("\(script) is gone: bring it back; what was run is kept at \(folders.code)")
            } else if folders.hasChanged(script) {
                outlook.differences.append("\(script) has changed since; what was run is kept at \(folders.code)")
            }
        }
        if let fork = record.fork {
            let checkpoints = ScriptCheckpoints(folder: store.workspace.artifactFolder(of: record.id.text))
            if let problem = checkpoints.beginning(atStep: fork.step)?.problem {
                outlook.obstacles.append("what it was forked from will not do: \(problem)")
            }
        }
        outlook.notes.append("a script is handed the same data and settings; whether it does the same is its own matter")
        let changes = try store.events(of: record.id, kinds: [.hyperparametersChanged]).count { event in
            guard case .job(.hyperparametersChanged(let change)) = event.kind else { return false }
            // A fork's own settings come with the fork.
            return change.step != record.fork?.step || change.values != record.fork?.settings
        }
        if changes > 0 { outlook.differences.append("it was steered by hand \(changes) times, which is not done again") }
        if original.reason == .interrupted || original.reason.isStop {
            outlook.differences.append("it ended at step \(original.step) (\(original.reason)): it runs to its own end this time")
        }
    }

    private mutating func lookAtSteering(_ store: RunStore) throws {
        let length = Algorithms.all.first { $0.name == record.algorithm }?.lengthSetting
        for event in try store.events(of: record.id, kinds: [.hyperparametersChanged]) {
            guard case .job(.hyperparametersChanged(let change)) = event.kind else { continue }
            // A fork's own settings come with the fork.
            if let fork = record.fork, change.step == fork.step, changes.isEmpty { continue }
            // More epochs come with the request; where patience had run out before, nothing but the run itself goes on there.
            if let length, change.values[length] != nil {
                let place = "it went on at step \(change.step ?? 0) after it had ended (\(change.text))"
                let ended = try store.events(of: record.id, kinds: [.jobFinished]).contains { event in
                    if case .job(.finished(let result)) = event.kind { result.reason == .earlyStopping } else { false }
                }
                if ended {
                    outlook.differences.append(place + ", having run out of patience")
                } else {
                    outlook.notes.append(place)
                }
                let rest = change.values.filter { $0.key != length }
                if !rest.isEmpty { changes.append(HyperparameterChange(rest, step: change.step, epoch: change.epoch)) }
                continue
            }
            guard let step = change.step else {
                outlook.differences.append("it was steered by hand (\(change.text)), and at which step was not kept")
                continue
            }
            changes.append(change)
            outlook.notes.append("steered by hand at step \(step): done again there (\(change.text))")
        }
    }

    private mutating func lookAtEnd(_ store: RunStore) throws {
        let interrupted = original.reason == .interrupted
        let isCutShort = interrupted || original.reason.isStop || original.reason == .maxRuntimeExceeded
        guard isCutShort || original.status == .failed else { return }
        let curves = try store.metrics(of: record.id).filter { !$0.isSystem }
        let steps = try curves.compactMap { try store.points(run: record.id, metric: $0).last?.step }
        lastStep = steps.max() ?? 0
        outlook.notes.append("it ended at step \(lastStep ?? 0) (\(original.reason)): stopped there again")
        if interrupted { outlook.notes.append("it left no model: curves are compared") }
    }

    /// Registers the new run and queues its job.
    func start(on engine: Engine) throws -> RunRecord {
        try engine.store.checkIsWritable()
        var generator = SystemRandomNumberGenerator()
        var draft = record
        draft.id = .random(using: &generator)
        draft.name = record.name + "-again"
        draft.request.name = draft.name
        draft.reproduces = record.id
        (draft.remedies, draft.baselineOf, draft.tuning) = (nil, nil, nil)
        // What the first attempt decided by the machine's memory is decided again the same way.
        draft.hyperparameters = record.streamingDecisions
        draft.hyperparameters.merge(record.request.hyperparameters) { first, _ in first }
        if let settings = record.fork?.settings { draft.hyperparameters.merge(settings) { $1 } }
        let folder = engine.workspace.artifactFolder(of: draft.id.text)
        if record.request.isScript {
            try Folder.make(folder)
            let checkpoints = ScriptCheckpoints(folder: engine.workspace.artifactFolder(of: record.id.text))
            if let fork = record.fork, let place = checkpoints.beginning(atStep: fork.step) {
                try ScriptCheckpoints(folder: folder).begin(at: place)
            }
        } else if record.fork != nil {
            try ForkPoint.copyOrigin(fromFolder: engine.workspace.artifactFolder(of: record.id.text), toFolder: folder)
        }
        var plan = JobPlan(record: draft, artifactFolder: folder)
        plan.replayedChanges = changes
        if record.request.isScript, let fork = record.fork {
            plan.replayedChanges = try engine.steering(of: fork.parent, upTo: fork.step).before
            plan.firstChanges = fork.settings
        }
        plan.lastStep = lastStep
        return try engine.start(plan)
    }
}

extension Engine {
    /// What is known of how running a run again would come out.
    /// - Parameter store: the calling thread's own.
    func reproduction(of run: RunID, in store: RunStore) throws -> Reproduction {
        flush()
        guard let summary = try store.run(run) else {
            throw CommandError.failed("the run \(run) is gone from the workspace")
        }
        return try Reproduction(of: summary, store: store)
    }

    /// Compares a run that did another one again with that one, and posts what came of it; one that was stopped before the other
    /// one ended is not compared.
    /// - Parameter store: the calling thread's own.
    func checkReproduction(_ again: RunID, in store: RunStore) throws {
        flush()
        guard let run = try store.run(again), let first = run.record.reproduces, let original = try store.run(first)
        else { throw CommandError.failed("the run that was done again is gone from the workspace: there is nothing to compare") }
        if run.status == .stopped, run.step < original.step { return }
        bus.post(.run(.reproduced(try ReproductionResult(of: original, again: again, store: store))), run: again)
        flush()
    }
}

extension ReproductionResult {
    init(of original: RunSummary, again: RunID, store: RunStore) throws {
        self.init(of: original.record.id)
        // What it cost is another matter every time.
        for metric in try store.metrics(of: original.record.id) where !metric.isSystem {
            let before = try store.points(run: original.record.id, metric: metric)
            compare(metric, before, try store.points(run: again, metric: metric))
            curveCount += 1
        }
        let folder = { (run: RunID) in store.workspace.artifactFolder(of: run.text) }
        if original.record.request.isScript {
            // Whatever the script keeps as its model.
            isModelSame = ArtifactFiles.areSame(
                ScriptFolders(artifacts: folder(original.record.id)).model, ScriptFolders(artifacts: folder(again)).model)
            return
        }
        let model = { (run: RunID) in FileContents.bytes(folder(run) + "/" + Model.fileName) }
        if let before = model(original.record.id) { isModelSame = before == model(again) }
    }

    private mutating func compare(_ metric: MetricName, _ before: [MetricPoint], _ now: [MetricPoint]) {
        for index in 0..<max(before.count, now.count) {
            let (old, new) = (index < before.count ? before[index] : nil, index < now.count ? now[index] : nil)
            pointCount += 1
            if let old, let new, old.step == new.step, old.value.bitPattern == new.value.bitPattern { continue }
            let difference = Difference(metric: metric, step: (old ?? new)?.step ?? 0, before: old?.value, now: new?.value)
            if difference.step < first?.step ?? .max { first = difference }
            if difference.size > largest?.size ?? -1 { largest = difference }
        }
    }
}
