import CheckedNumbers
import Clocks
import Events
import Glibc
import Interop
import Training

/// A script while it runs.
struct ScriptSession {
    private let plan: JobPlan
    private let control: JobControl
    private let bus: EventBus
    private let surroundings: ScriptSurroundings
    private let program: ScriptProgram
    private let environment: [String: String]
    private let folders: ScriptFolders
    private let enter: (JobPhase, Int) -> Void
    private let checkpoints: ScriptCheckpoints
    private let checkpointReader: CheckpointReader
    private let meter = JobMeter()
    private let startTime = SteadyClock.nanoseconds()
    private var messages: ScriptMessages
    private var output: ScriptOutput
    private var recorder: ScriptRecorder
    private var process: GuardedProcess?
    private var sampler: SystemSampler?
    private var profiler: ScriptProfiler?
    /// Looks at the tables that it was handed.
    private var look: ScriptDataLook?
    private let channels: [String: String]
    /// What was asked of the script and is not answered.
    private var asked: [Int: [String: String]] = [:]
    private var said: ScriptMessage.Failure?
    /// Summaries that the script's package could not write in time.
    private var droppedCount = 0
    private var tensors = ScriptTensors()
    /// Whether its training is watched without a line in the script.
    private var isWatched = false
    /// Whether the hook tells metrics, so that the output is not looked through for the same.
    private var hasHookMetrics = false
    /// Which remarks on steps of messages were made: that one is none, that one is a fraction.
    private var remarks: Set<Bool> = []
    /// Messages come up to so much later than what is printed beside them.
    /// - Units: nanoseconds.
    private static let holdTime: UInt64 = 500_000_000
    private var planned = 0
    private var plannedEpochs: Double?
    private var ending: ScriptEnding
    private var pausedSeconds = 0.0
    private let hadMessageProblem: Bool
    private var lastReport: (time: UInt64, step: Int) = (0, -1)

    init(
        plan: JobPlan, control: JobControl, bus: EventBus, surroundings: ScriptSurroundings, program: ScriptProgram,
        environment: [String: String], folders: ScriptFolders, messages: ScriptMessages, data: ScriptData,
        enter: @escaping (JobPhase, Int) -> Void
    ) throws(ScriptError) {
        self.plan = plan
        self.control = control
        self.bus = bus
        self.surroundings = surroundings
        self.program = program
        self.environment = environment
        self.folders = folders
        self.messages = messages
        channels = data.channels
        hadMessageProblem = messages.problem != nil
        self.enter = enter
        let artifacts = plan.artifactFolder ?? ""
        checkpoints = ScriptCheckpoints(folder: artifacts)
        checkpointReader = CheckpointReader(checkpoints)
        ending = ScriptEnding(patience: surroundings.patience)
        let definitions = try plan.record.request.metrics.map { text throws(ScriptError) in try MetricDefinition(parsing: text) }
        output = ScriptOutput(
            log: ScriptLog(folder: artifacts, goesOn: plan.recordedStep != nil), metrics: try OutputMetrics(definitions))
        recorder = ScriptRecorder(plan, bus: bus, meter: meter, definitions: definitions)
        meter.reach(step: 0, epoch: 0, rows: 0)
        for change in plan.replayedChanges { recorder.change(change.values) }
        recorder.change(plan.firstChanges)
        recorder.adopt { $0.dataFingerprint = data.fingerprint }
        if let reading = data.reading { bus.post(.job(.dataRead(reading)), run: run) }
        for warning in data.warnings { bus.post(.job(.dataWarned(warning)), run: run) }
        if !plan.firstChanges.isEmpty {
            let change = HyperparameterChange(plan.firstChanges, step: plan.recordedStep ?? plan.record.fork?.step)
            bus.post(.job(.hyperparametersChanged(change)), run: run)
        }
        warnOfMessages()
    }

    /// Says that nothing comes of what the script tells.
    private func warnOfMessages() {
        guard let problem = messages.problem else { return }
        warn("messagesLost", "what it tells by descent.log() and its like is lost: \(problem)")
    }

    private var run: RunID { plan.record.id }

    mutating func start() throws(TrainingError) {
        let folder = plan.record.request.folder ?? "/"
        do throws(ScriptError) {
            let made = try GuardedProcess(
                program.words, folder: folder, environment: environment, marker: ("DESCENT_RUN", run.text),
                patience: surroundings.patience, guardProgram: surroundings.guardProgram)
            process = made
            look = ScriptDataLook(plan.record.request, channels: channels, run: run, bus: bus)
            let guardian = made.process
            sampler = SystemSampler(run: run, bus: bus, meter: meter) { SystemReading(ofTree: guardian) }
            profiler = ScriptProfiler(
                run: run, bus: bus, startTime: startTime, folder: plan.artifactFolder, guardian: guardian,
                step: plan.recordedStep ?? plan.record.fork?.step ?? 0)
        } catch { throw TrainingError(.cannotWrite, error.description, operation: "start") }
    }

    /// Reads, records and obeys until the script and all that it started are gone.
    mutating func attend() {
        guard let process else { return }
        var nextLook: UInt64 = 0
        while !process.isOver {
            read(process, milliseconds: 20)
            let now = SteadyClock.nanoseconds()
            guard now >= nextLook else { continue }
            nextLook = now + 20_000_000
            look(process, now)
        }
        output.finish(isRead: isOutputRead)
        tellNotes()
        repeat { readMessages() } while messages.hasMore
        release(until: .max)
        output.log.close()
        // What was held until now is of steps, too.
        let now = SteadyClock.nanoseconds()
        recorder.flush()
        profiler?.look(step: recorder.step, at: now)
        profiler?.end(at: now)
        sampler?.end()
        look?.close()
        checkpointReader.close()
    }

    /// What is done every now and then.
    private mutating func look(_ process: GuardedProcess, _ now: UInt64) {
        output.log.flush()
        readMessages()
        release(until: now - min(now, Self.holdTime))
        recorder.flush()
        let seconds = Double(now - startTime) * 1e-9 - pausedSeconds
        recorder.count(seconds: seconds)
        profiler?.look(step: recorder.step, at: now)
        if control.hasChanges { steer() }
        if now - lastReport.time > 250_000_000, recorder.step != lastReport.step { report(now) }
        switch control.request {
        case .run: break
        case .pause: pause(process)
        case .stop: end(process, .stoppedByUser, now)
        }
        if let reason = recorder.reasonToStop { end(process, reason, now) }
        if let next = ending.hasten(process, isHurried: control.isHurried, now) {
            tell("\(plan.record.name) \(next); descent runs stop \(plan.record.name) once more kills it now")
        }
    }

    private mutating func report(_ now: UInt64) {
        var total = planned
        if total == 0, let epochs = plannedEpochs, recorder.epoch > 0 {
            total = Int(nearestWithin: Double(recorder.step) * epochs / recorder.epoch)
        }
        lastReport = (now, recorder.step)
        bus.post(
            .job(.progressReported(JobProgress(step: recorder.step, plannedSteps: max(total, 0), rowsPerSecond: 0))), run: run)
    }

    // MARK: what it writes

    /// Takes what was written, or waits so long for something.
    private mutating func read(_ process: GuardedProcess, milliseconds: Int32) {
        var chunks: [(GuardedProcess.Stream, [UInt8])] = []
        process.wait(milliseconds: milliseconds) { chunks.append(($0, Array($1))) }
        if chunks.isEmpty { return }
        for (stream, bytes) in chunks { output.take(bytes, from: stream, isRead: isOutputRead) }
        tellNotes()
    }

    /// Whether metrics are looked for in what it prints.
    private var isOutputRead: Bool { !hasHookMetrics || !plan.record.request.metrics.isEmpty }

    private mutating func tellNotes() {
        for note in output.takeNotes() { tell("\(plan.record.name): \(note)") }
    }

    /// Records what was held for long enough.
    private mutating func release(until time: UInt64) {
        for values in output.release(until: time) { recorder.take(values, isFromOutput: true) }
    }

    // MARK: what it says

    private mutating func readMessages() {
        for (rank, message) in messages.read() { take(message, rank: rank) }
    }

    private mutating func take(_ message: ScriptMessage, rank: Int) {
        switch message {
        case .metrics(let values, let place):
            if rank == 0, !hasHookMetrics {
                hasHookMetrics = true
                if plan.record.request.metrics.isEmpty { output.forgetHeld() }
            }
            if let remark = place.remark, remarks.insert(place.step == nil).inserted {
                tell("\(plan.record.name): \(remark)")
            }
            recorder.take(messages.kept(values), at: place.step, rank: rank)
        case .parameters(let values) where rank == 0:
            let kept = messages.kept(values)
            recorder.adopt { $0.hyperparameters.merge(kept) { $1 } }
        case .steerable(let values) where rank == 0:
            let kept = messages.kept(values)
            recorder.adopt {
                $0.hyperparameters.merge(kept) { $1 }
                $0.steerable = kept.keys.sorted()
            }
        case .plan(let steps, let epochs) where rank == 0:
            plannedEpochs = epochs ?? plannedEpochs
            guard let steps, steps > 0 else { break }
            planned = steps
            enter(.training, steps)
        case .steered(let number, let step, let epoch):
            guard let values = asked.removeValue(forKey: number) else { break }
            recorder.change(values)
            let change = HyperparameterChange(values, step: max(step ?? 0, recorder.step), epoch: epoch ?? recorder.epoch)
            bus.post(.job(.hyperparametersChanged(change)), run: run)
        case .refused(0, let why): fail(why)
        case .refused(let number, let why):
            guard let values = asked.removeValue(forKey: number) else { break }
            fail("\(HyperparameterChange(values).text): \(why.prefix(1024))")
        case .checkpoint(let checkpoint) where rank == 0:
            let place = ScriptCheckpoints.Place(
                step: checkpoint.step, epoch: checkpoint.epoch, path: absolute(checkpoint.path), isBest: checkpoint.isBest)
            checkpoints.announce(place)
            checkpointReader.read(place)
            let saved = CheckpointSaved(
                step: checkpoint.step, epoch: checkpoint.epoch, isBest: checkpoint.isBest, path: inWorkspace(checkpoint.path))
            bus.post(.job(.checkpointSaved(saved)), run: run)
        case .tensor(let summary, let step, let mode) where rank == 0:
            post(tensors.take(summary, step: step, mode: mode, epoch: recorder.epoch))
        case .profile(let told) where rank == 0: profiler?.take(told, at: SteadyClock.nanoseconds())
        case .cost(let seconds, let spent) where rank == 0:
            profiler?.note(spent)
            post(tensors.finish(cost: seconds, spent: spent, epoch: recorder.epoch))
        case .observed(let observation) where rank == 0:
            profiler?.expect()
            post(observation)
        case .hello(_, _, let isWatching) where rank == 0: isWatched = isWatching
        case .dropped(let count): droppedCount = count
        case .failed(let failure): said = said ?? failure
        case .hello, .tensor, .cost, .observed, .profile, .parameters, .steerable, .plan, .checkpoint, .other: break
        }
    }

    /// After the metrics that came before it.
    private mutating func post(_ tensors: TensorsOfStep?) {
        guard let tensors else { return }
        recorder.flush()
        bus.post(.tensors(.summarised(tensors)), run: run)
    }

    /// The hook counts steps of the optimizer. Where no line of the script made it, metrics may be of epochs, or of every tenth step.
    private mutating func post(_ observation: TrainingObservation) {
        var observation = observation
        observation.metricStep = isWatched ? recorder.step : nil
        recorder.flush()
        bus.post(.tensors(.observed(observation)), run: run)
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : (plan.record.request.folder ?? "") + "/" + path
    }

    /// Relative to the workspace where it lies in it.
    private func inWorkspace(_ path: String) -> String {
        let whole = absolute(path)
        guard let artifacts = plan.artifactFolder, whole.hasPrefix(artifacts + "/") else { return whole }
        return "artifacts/\(run.text)" + whole.dropFirst(artifacts.count)
    }

    private func tell(_ message: String) { bus.post(.notice(.messageLogged(message)), run: run) }

    private func fail(_ message: String) {
        bus.post(.notice(.commandFailed(message: "\(plan.record.name): \(message)")), run: run)
    }

    // MARK: what the user wants

    private mutating func steer() {
        for settings in control.takeChanges() {
            let own = settings.filter { JobSettings.names.contains($0.key) }
            if !own.isEmpty {
                recorder.change(own)
                let change = HyperparameterChange(own, step: recorder.step, epoch: recorder.epoch)
                bus.post(.job(.hyperparametersChanged(change)), run: run)
            }
            let others = settings.filter { !JobSettings.names.contains($0.key) }
            if others.isEmpty { continue }
            guard messages.hasSpoken else {
                fail(
                    "the script does not take settings while it runs: have it ask with descent.steer(), or set them in a new run")
                continue
            }
            if let number = messages.ask(toSet: others) { asked[number] = others } else { fail("its folder cannot be written") }
        }
    }

    private mutating func pause(_ process: GuardedProcess) {
        let began = SteadyClock.nanoseconds()
        process.suspend()
        profiler?.pause(at: began)
        sampler?.pause()
        while control.request == .pause, !process.isOver {
            read(process, milliseconds: 50)
            output.log.flush()
            // Asked for now, set when it goes on.
            if control.hasChanges { steer() }
        }
        process.go()
        sampler?.resume()
        profiler?.resume(at: SteadyClock.nanoseconds())
        pausedSeconds += Double(SteadyClock.nanoseconds() - began) * 1e-9
    }

    /// Asks the script to end: by a message where it reads such, and by SIGTERM a while later; or by that at once.
    private mutating func end(_ process: GuardedProcess, _ reason: EndReason, _ now: UInt64) {
        guard ending.reason == nil else { return }
        let isAsked = messages.hasSpoken && messages.askToStop() != nil
        ending.begin(process, reason, isAsked: isAsked, now)
    }

    // MARK: its end

    mutating func finish() -> JobOutcome {
        recorder.flush()
        post(tensors.finish(epoch: recorder.epoch))
        if tensors.leftOutCount > 0 {
            warn("tensorsLeftOut", "it has too many tensors: \(tensors.leftOutCount) summaries were left out")
        }
        for settings in asked.values { fail("it ended before it could be steered to \(HyperparameterChange(settings).text)") }
        if let swept = process?.sweptCount, swept > 0 {
            tell("\(plan.record.name): \(LeftProcesses.words(swept))")
        }
        if droppedCount > 0 {
            tell("\(plan.record.name): \(droppedCount) summaries were not written in time")
        }
        if let problem = output.log.problem { fail(problem) }
        if access(folders.model, F_OK) != 0 {
            warn("folderGone", "its folder \(folders.model) is gone, and the model with it")
        }
        if !hadMessageProblem { warnOfMessages() }
        if let passedOver = messages.passedOver.sentence { warn("messagesPassedOver", "of what it told, " + passedOver) }
        for complaint in output.metrics.complaints { warn("metricPattern", complaint) }
        if recorder.repeatedCount > 0 {
            warn("repeatedSteps", "it measured steps again that were recorded before: the first values stay")
        }
        if recorder.doubledCount > 0 {
            warn(
                "doubledSteps",
                "\(recorder.doubledCount) values in its output came again at the same step, as when several processes print the same: "
                    + "the first counts; descent.log() says which process measured it")
        }
        var outcome = outcome()
        outcome.bestStep = recorder.bestStep
        outcome.metrics = recorder.latest.filter { !$0.key.isSystem }
        return outcome
    }

    private func warn(_ code: String, _ message: String) {
        bus.post(.job(.dataWarned(DataWarning(code: code, column: nil, message: message))), run: run)
    }

    private func outcome() -> JobOutcome {
        let end = process?.end ?? .lost
        if let reason = ending.reason, end != .lost {
            return JobOutcome(status: reason == .stoppedByUser ? .stopped : .completed, reason: reason)
        }
        if end == .exited(0) {
            if recorder.latest.isEmpty, plan.recordedStep == nil {
                let isDefined = !plan.record.request.metrics.isEmpty
                warn(
                    "noMetric",
                    output.metrics.hasMatched
                        ? "it ended without a metric"
                        : isDefined
                            ? "it ended without a metric: nothing that it wrote matches what --metric says"
                            : "it ended without a metric that is known: name one with --metric NAME=REGEX, or call descent.log() in it"
                )
            }
            return JobOutcome(status: .completed, reason: .finished)
        }
        let failure = ScriptFailure(
            end, program: program, said: said, reason: folders.failureReason, tail: output.log.tail,
            isMetric: output.metrics.isMetric)
        bus.post(
            .debugger(.alertRaised(failure.alert(step: recorder.step, of: plan.record.name, log: output.log.path))), run: run)
        return JobOutcome(
            status: .failed, reason: EndReason(failure.summary),
            failure: TrainingError(.scriptFailed, failure.summary, operation: "train"))
    }
}
