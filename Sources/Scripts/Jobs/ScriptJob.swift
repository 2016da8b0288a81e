import Events
import Glibc
import Training

/// The body of a job's thread that runs a script: prepares its data and its environment, starts it under a guard, reads what it writes, and
/// hands it what the user wants.
package struct ScriptJob: JobWork {
    let plan: JobPlan
    let control: JobControl
    let bus: EventBus
    let surroundings: ScriptSurroundings
    let enter: (JobPhase, Int) -> Void

    package init(
        plan: JobPlan, control: JobControl, bus: EventBus, surroundings: ScriptSurroundings,
        enter: @escaping (JobPhase, Int) -> Void
    ) {
        self.plan = plan
        self.control = control
        self.bus = bus
        self.surroundings = surroundings
        self.enter = enter
    }

    private var run: RunID { plan.record.id }

    package func work() -> JobOutcome {
        do throws(TrainingError) {
            enter(.preparing, 0)
            var session = try prepared()
            if control.request == .stop { return JobOutcome(status: .stopped, reason: .stoppedByUser) }
            try session.start()
            enter(.training, 0)
            session.attend()
            enter(.saving, 0)
            return session.finish()
        } catch {
            return JobOutcome(status: .failed, reason: EndReason(error.description), failure: error)
        }
    }

    /// Everything that a script needs before it begins.
    private func prepared() throws(TrainingError) -> ScriptSession {
        let request = plan.record.request
        guard let artifacts = plan.artifactFolder else {
            throw TrainingError(.badRequest, "a script needs a workspace to run in", operation: "prepare")
        }
        let settings = JobSettings.names
        let changed = plan.record.arguments(among: plan.record.fork?.settings ?? [:])
        let own = request.hyperparameters.merging(changed) { $1 }.filter { !settings.contains($0.key) }
        // Nothing of it runs now, whatever became of its guard and of Descent.
        for process in ProcessTree.processes(with: "DESCENT_RUN=\(run.text)") { kill(process, SIGKILL) }
        let folders = ScriptFolders(artifacts: artifacts)
        do throws(ScriptError) { try folders.make() } catch {
            throw TrainingError(.cannotWrite, error.description, operation: "prepare")
        }
        let data = try ScriptData(request, folders)
        do throws(ScriptError) {
            let program = try ScriptProgram(request, hyperparameters: own, surroundings.environment)
            if let script = request.script { try folders.keep(script) }
            let messages = try ScriptMessages(folder: artifacts)
            let checkpoints = ScriptCheckpoints(folder: artifacts)
            let goesOn = plan.recordedStep != nil && plan.record.fork == nil
            WholeTensors(artifactFolder: artifacts).removeAll(after: goesOn ? checkpoints.place?.step ?? -1 : -1)
            let environment = ScriptEnvironment(
                run: run, name: plan.record.name, folders: folders, messages: messages, channels: data.channels,
                hyperparameters: own, arguments: program.arguments, script: program.title,
                processorCount: plan.record.threads > 0 ? plan.record.threads : ComputeBudget.processorCount,
                acceleratorCount: GraphicsProcessors.ofMachine?.count ?? 0,
                checkpoint: plan.recordedStep == nil && plan.record.fork == nil
                    ? nil : checkpoints.place.map { ($0.path, $0.step) },
                steered: plan.replayedChanges.reduce(into: [:]) { $0.merge($1.values) { $1 } },
                given: plan.firstChanges.filter { !settings.contains($0.key) },
                tensors: TensorWishes.text(request), wholeTensors: TensorWishes.whole(request, folder: artifacts + "/tensors"),
                isWatched: !request.capturesNothing,
                pythonFolder: surroundings.pythonFolder, program: surroundings.guardProgram, workspace: surroundings.workspace)
            try environment.writeConfiguration()
            unlink(folders.failure)
            return try ScriptSession(
                plan: plan, control: control, bus: bus, surroundings: surroundings, program: program,
                environment: environment.variables(surroundings.environment), folders: folders, messages: messages, data: data,
                enter: enter)
        } catch {
            throw TrainingError(.badRequest, error.description, operation: "prepare")
        }
    }
}
