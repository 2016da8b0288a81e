import CheckedNumbers
import Clocks
import Events
import Learners

/// One attempt at training a run, from its data to its model: the trainer, its sample channels, early stopping, checkpoints.
///
/// Confined to the job's thread.
package struct TrainingSession {
    private(set) var record: RunRecord
    let dataSummary: TrainingDataSummary

    private let preparation: Preparation
    private let trainer: any Trainer
    private let bus: EventBus
    private let meter: JobMeter
    private let folder: CheckpointFolder?
    private var earlyStopping: EarlyStopping
    private var best: Checkpoint.Best?
    /// What was steered so far.
    private var changes: [String: String] = [:]
    private var steps: StepRecorder
    private var tensors: TensorRecorder
    private var profiler: StepProfiler
    /// A channel for each set of metrics that evaluations have.
    private var evaluationChannels: [[String]: SampleChannel] = [:]
    /// What writing checkpoints has taken.
    private var checkpointSeconds = 0.0
    private var lastCheckpoint = SteadyClock.nanoseconds()
    private var lastReport = SteadyClock.nanoseconds()
    private var lastStep = SteadyClock.nanoseconds()
    private var rowsSinceReport = 0
    private var hasWarnedOfObjective = false

    /// Seconds between two checkpoints.
    private static let checkpointInterval = 1.0

    var plannedSteps: Int { trainer.plannedSteps }
    var doneSteps: Int { trainer.step }
    package var isFinished: Bool { trainer.isFinished }
    /// Why the run is over; nil = it goes on.
    var reasonToStop: EndReason? { earlyStopping.reasonToStop(epoch: epoch) ?? (isFinished ? EndReason.maxEpochs : nil) }
    var bestStep: Int? { earlyStopping.best.isNaN ? nil : earlyStopping.bestStep }

    private var run: RunID { record.id }
    private var epoch: Double { Double(trainer.step) / Double(max(1, trainer.stepsPerEpoch)) }

    /// Builds the trainer and, when the plan continues an earlier attempt, puts it where that stood.
    /// - Parameters:
    ///   - meter: is told how far the job is.
    ///   - startTime: when the job began, by `SteadyClock`; nil = now.
    package init(
        plan: JobPlan, preparation: Preparation, bus: EventBus, meter: JobMeter = JobMeter(), startTime: UInt64? = nil
    ) throws(TrainingError) {
        let built = try Algorithms.train(
            plan.record.decidedRequest, on: preparation, chosen: Set(plan.record.pinned.keys))
        self.preparation = preparation
        self.bus = bus
        self.meter = meter
        trainer = built.trainer
        record = plan.record
        record.hyperparameters = built.resolved
        record.objective = built.earlyStopping.objective
        folder = plan.artifactFolder.map { CheckpointFolder(path: $0) }
        earlyStopping = built.earlyStopping
        let start = try Self.start(of: plan)
        if let saved = start.checkpoint {
            if saved.dataFingerprint != preparation.fingerprint {
                throw TrainingError(
                    .dataChanged,
                    "\(record.request.datasetPath) has changed since the run began: start a new run, or bring the old file back",
                    operation: "resume")
            }
            try Self.restore(built.trainer, from: saved.trainer)
            earlyStopping = saved.earlyStopping
            best = saved.best
            changes = saved.changes
            if saved.startsAtBest, let best {
                try Self.restore(built.trainer, from: best.mark)
                earlyStopping = best.earlyStopping
                changes = best.changes
            }
            // A fork has all its time before it.
            if start.isFork { earlyStopping.trainedSeconds = 0 }
            record.hyperparameters.merge(changes) { $1 }
        }
        let firstStep = start.isFork ? -1 : start.checkpoint?.step ?? -1
        try folder?.removeAll(after: firstStep)
        if let path = plan.artifactFolder { WholeTensors(artifactFolder: path).removeAll(after: firstStep) }
        record.dataFingerprint = preparation.fingerprint
        var summary = preparation.summary(
            feedingOrder: built.trainer.feedingOrder, isShuffled: built.resolved["shuffle"] != "false",
            isNormalised: built.resolved["normalize_data"] != "false")
        let weights = preparation.pipeline.weightNames.count
        if built.trainer.model is LinearModel, preparation.rows.steps.isEmpty, weights > summary.featureCount {
            summary.weightCount = weights
        }
        preparation.addOutcomes(
            to: &summary, model: built.trainer.model, isTargetNormalised: built.resolved["normalize_label"] != "false")
        dataSummary = summary
        steps = StepRecorder(run: plan.record.id, stepsPerEpoch: built.trainer.stepsPerEpoch, bus: bus)
        tensors = TensorRecorder(
            plan.record, bus: bus, artifactFolder: plan.artifactFolder, from: built.trainer.step,
            plannedSteps: built.trainer.plannedSteps, stepsPerEpoch: built.trainer.stepsPerEpoch)
        tensors.attribute(built.trainer, preparation)
        profiler = StepProfiler(
            run: plan.record.id, bus: bus, startTime: startTime ?? SteadyClock.nanoseconds(), folder: plan.artifactFolder)
        if start.isFork || plan.continuation != nil { try goOn(plan) }
        meter.reach(step: trainer.step, epoch: epoch, rows: 0)
    }

    /// Begins a fork, or goes on with a run that ended: with what was set for it, and with all its patience if it had none left.
    private mutating func goOn(_ plan: JobPlan) throws(TrainingError) {
        let length = try Algorithms.lengthSetting(of: record.algorithm)
        var told = plan.continuation?.changes ?? plan.record.fork?.settings ?? [:]
        try set(told.filter { $0.key != length })
        if earlyStopping.reasonToStop(epoch: epoch) == .earlyStopping { earlyStopping.renewPatience() }
        if let length, let epochs = plan.continuation?.lasting[length] { told[length] = epochs }
        // On disk before it is told: who goes on from here after a crash goes on with this.
        if plan.recordedStep != nil { try checkpoint() }
        if !told.isEmpty {
            bus.post(.job(.hyperparametersChanged(HyperparameterChange(told, step: trainer.step, epoch: epoch))), run: run)
        }
    }

    /// The checkpoint a plan goes on from: the run's own; without one, that of the run it was forked from.
    private static func start(of plan: JobPlan) throws(TrainingError) -> (checkpoint: Checkpoint?, isFork: Bool) {
        guard let folder = plan.artifactFolder.map({ CheckpointFolder(path: $0) }) else { return (nil, false) }
        if let step = plan.recordedStep, let own = try folder.newest(notAfter: step) { return (own, false) }
        guard plan.record.fork != nil else { return (nil, false) }
        return (try folder.readOrigin(), true)
    }

    /// The first step comes next.
    /// - Parameter seconds: what the job took up to now.
    mutating func begin(secondsBefore seconds: Double) {
        earlyStopping.trainedSeconds += seconds
        lastStep = SteadyClock.nanoseconds()
        profiler.account(.start, until: lastStep)
        profiler.endSlice(step: trainer.step, at: lastStep)
    }

    /// One optimiser step; at the end of an epoch an evaluation; now and then a checkpoint and a progress report.
    package mutating func step() throws(TrainingError) {
        let watch = tensors.watch(step: trainer.step + 1)
        let (watching, begun) = (watch ?? (profiler.wantsTiming() ? .timing : nil), SteadyClock.nanoseconds())
        let before = trainer.step
        let report = watching.map { trainer.trainStep($0) } ?? trainer.trainStep()
        try checkTrainer()
        // A step that was interrupted, because the job is to stop, is as if it had not begun.
        guard trainer.step > before || trainer.isFinished else { return }
        profiler.passStep(
            trainer.step, from: begun, to: SteadyClock.nanoseconds(), parts: watching?.parts,
            recording: watching?.ownSeconds ?? 0)
        steps.record(report, step: trainer.step, epoch: epoch)
        let checkpointed = checkpointSeconds
        rowsSinceReport += report.rowCount
        meter.reach(step: trainer.step, epoch: epoch, rows: report.rowCount)
        if trainer.step % trainer.stepsPerEpoch == 0 || trainer.isFinished { try evaluate() }
        let now = SteadyClock.nanoseconds()
        let seconds = Double(now - lastStep) * 1e-9
        earlyStopping.trainedSeconds += seconds
        tensors.pass(seconds: seconds)
        lastStep = now
        if now - lastReport > 250_000_000 { reportProgress() }
        if Double(now - lastCheckpoint) > Self.checkpointInterval * 1e9 { try checkpoint() }
        if let watch {
            tensors.record(watch, step: trainer.step, epoch: epoch, checkpointSeconds: checkpointSeconds - checkpointed)
            profiler.account(.record, until: SteadyClock.nanoseconds())
        }
        profiler.endSliceIfDue(step: trainer.step, at: now)
    }

    /// Ends what is told of where the time goes: a pause comes, or the end.
    /// - Parameter step: the last step that was taken.
    mutating func endSlice(_ part: StepPart = .other, after step: Int) {
        let now = SteadyClock.nanoseconds()
        profiler.account(part, until: now)
        profiler.endSlice(step: step, at: now)
    }

    /// Sets hyperparameters from the next step on: all of them or none. The change is on disk before it is told, so that a run
    /// that is resumed knows it.
    ///
    /// - Throws: `badHyperparameter` when they cannot be set while training; nothing is changed then.
    mutating func change(_ settings: [String: String]) throws(TrainingError) {
        try set(settings)
        try checkpoint()
        bus.post(.job(.hyperparametersChanged(HyperparameterChange(settings, step: trainer.step, epoch: epoch))), run: run)
    }

    private mutating func set(_ settings: [String: String]) throws(TrainingError) {
        try Algorithms.validateChange(settings, of: record.algorithm, having: record.hyperparameters)
        let learning = settings.filter { !JobSettings.names.contains($0.key) }
        if !learning.isEmpty {
            do throws(LearnerError) { try trainer.change(learning) } catch {
                throw TrainingError(.badHyperparameter, error.message, operation: "steer")
            }
        }
        JobSettings.apply(settings, to: &earlyStopping.criteria)
        changes.merge(settings) { $1 }
        record.hyperparameters.merge(settings) { $1 }
    }

    private mutating func evaluate() throws(TrainingError) {
        profiler.account(.record, until: SteadyClock.nanoseconds())
        defer { profiler.account(.evaluate, until: SteadyClock.nanoseconds()) }
        // The curve of `train:loss` is that of the steps; a second value at the same step would only be in its way.
        let losses = trainer.isFullEvaluationDue ? [] : trainer.evaluateLosses()
        // What the run is judged by is measured every time, whatever it costs.
        let isJudged = losses.contains { $0.name == record.objective.metric.text }
        let measured = isJudged ? losses : trainer.evaluate()
        try checkTrainer()
        tensors.captureEvaluation(of: trainer, epoch: epoch)
        let evaluated = measured.filter { $0.name != MetricName.trainLoss.text }
        let channel = evaluationChannel(evaluated.map(\.name))
        for (index, metric) in evaluated.enumerated() {
            channel.record(index, metric.value, step: trainer.step, epoch: epoch, more: index + 1 < evaluated.count)
        }
        let objective = record.objective.metric.text
        guard let value = measured.first(where: { $0.name == objective })?.value else {
            throw TrainingError(
                .badHyperparameter,
                "\(objective) is not measured: choose from \(measured.map(\.name).joined(separator: ", "))", operation: "evaluate"
            )
        }
        // A metric that these rows do not have says nothing of the model, unlike a loss that is not a number.
        let isLossFinite = measured.allSatisfy { !$0.name.hasSuffix(":loss") || $0.value.isFinite }
        if value.isNaN, earlyStopping.best.isNaN, isLossFinite {
            if !hasWarnedOfObjective { bus.post(.job(.dataWarned(objectiveWarning)), run: run) }
            hasWarnedOfObjective = true
            return
        }
        guard earlyStopping.observe(value, step: trainer.step) == .best else { return }
        best = Checkpoint.Best(mark: trainer.bestMark(), epoch: epoch, earlyStopping: earlyStopping, changes: changes)
    }

    /// Why the objective has no value, and what to do.
    private var objectiveWarning: DataWarning {
        let metric = record.objective.metric
        let isValidation = metric.split == "validation"
        let heldOut = preparation.validation?.targets ?? preparation.folds.flatMap { $0.validation?.targets ?? [] }
        let targets = isValidation ? heldOut : preparation.training.targets
        let rows = isValidation ? "validation rows" : "training rows"
        var cause = "it is not defined on the \(targets.count) \(rows)"
        if let classes = preparation.encoding?.classes, let first = targets.first, targets.allSatisfy({ $0 == first }) {
            let only = Int(nearest: first).flatMap { classes.indices.contains($0) ? classes[$0] : nil } ?? "\(first)"
            cause = "all \(targets.count) \(rows) are of one class (\(only))"
        } else if metric.metric == "mape" {
            let zeros = targets.count { Double($0) + (preparation.encoding?.origin ?? 0) == 0 }
            cause = "\(zeros) of the \(targets.count) \(rows) have the target 0, and no error is relative to that: take mae"
        }
        return DataWarning(
            code: "objectiveUndefined", column: nil,
            message: "\(metric) is not a number: \(cause); until it is one, no model counts as the best and patience is not "
                + "counted: hold out more rows, give a validation file, or choose another objective")
    }

    private mutating func evaluationChannel(_ names: [String]) -> SampleChannel {
        if let channel = evaluationChannels[names] { return channel }
        let channel = bus.makeChannel(run: run, metrics: names.map { MetricName($0) })
        evaluationChannels[names] = channel
        return channel
    }

    /// A trainer that calls a library may fail in the middle of a run.
    private func checkTrainer() throws(TrainingError) {
        guard let failure = trainer.failure else { return }
        throw TrainingError(failure.code == .clusterFailed ? .clusterFailed : .badData, failure.message, operation: "train")
    }

    /// Says how fast it goes, since the last report.
    mutating func reportProgress(isPaused: Bool = false) {
        let now = SteadyClock.nanoseconds()
        let seconds = Double(now - lastReport) * 1e-9
        let rate = isPaused || seconds <= 0 ? 0 : Double(rowsSinceReport) / seconds
        (lastReport, rowsSinceReport) = (now, 0)
        let progress = JobProgress(step: trainer.step, plannedSteps: plannedSteps, rowsPerSecond: rate)
        bus.post(.job(.progressReported(progress)), run: run)
    }

    /// Forgets the time spent paused.
    mutating func restartClock() {
        lastReport = SteadyClock.nanoseconds()
        (lastCheckpoint, lastStep) = (lastReport, lastReport)
        rowsSinceReport = 0
        profiler.restart(at: lastReport)
    }

    /// Writes everything needed to go on from here.
    mutating func checkpoint() throws(TrainingError) {
        guard let folder else { return }
        var checkpoint = Checkpoint(
            step: trainer.step, epoch: epoch, trainer: trainer.snapshot(), earlyStopping: earlyStopping, best: best,
            dataFingerprint: preparation.fingerprint, changes: changes)
        checkpoint.isComplete = isFinished
        // Two checkpoints in quick succession, as steering makes them, share a place: the one kept beside the newest must be
        // old enough for the store to have recorded the curve up to it.
        let now = SteadyClock.nanoseconds()
        try folder.write(checkpoint, replacingNewest: Double(now - lastCheckpoint) < Self.checkpointInterval * 0.5e9)
        lastCheckpoint = SteadyClock.nanoseconds()
        profiler.account(.checkpoint, until: lastCheckpoint)
        checkpointSeconds += Double(lastCheckpoint - now) * 1e-9
        let isBest = bestStep == trainer.step
        let path = CheckpointFolder.relativePath(of: run, step: trainer.step)
        bus.post(.job(.checkpointSaved(CheckpointSaved(step: trainer.step, epoch: epoch, isBest: isBest, path: path))), run: run)
    }

    /// Brings the best model back, saves it with its pipeline, and says how good it is on every split.
    mutating func saveModel() throws(TrainingError) -> SavedModel {
        let isStoppedEarly = best != nil && bestStep != trainer.step && reasonToStop == .earlyStopping
        let last = isStoppedEarly ? Model(algorithm: record.algorithm, data: preparation, learned: trainer.model) : nil
        let lastStep = trainer.step
        if let best { try Self.restore(trainer, from: best.mark) }
        let model = Model(
            algorithm: record.algorithm, data: preparation, learned: trainer.model)
        let whole = try preparation.bases.map { bases throws(TrainingError) in
            try Model.stacked([model], on: bases.bases.map(\.model))
        }
        if let folder {
            try (whole ?? model).save(toFolder: folder.path)
            let step = bestStep ?? trainer.step
            let saved = CheckpointSaved(
                step: step, epoch: Double(step) / Double(max(1, trainer.stepsPerEpoch)), isBest: true,
                path: "artifacts/\(run.text)/\(Model.fileName)")
            bus.post(.job(.checkpointSaved(saved)), run: run)
        }
        let trained = try model.evaluation(on: preparation.training, split: "train")
        var saved = SavedModel(model: whole ?? model, metrics: trained.metrics, evaluation: trained)
        if let rows = preparation.validation {
            saved.evaluation = try model.evaluation(on: rows, split: "validation", unseen: preparation.unseenClasses)
            saved.metrics.merge(saved.evaluation.metrics) { $1 }
            saved.evaluation.stopping = last.flatMap {
                StoppingDecision(best: model, bestStep ?? 0, last: $0, lastStep, on: rows)
            }
        }
        // A library that cannot say what mattered is no reason to lose the run.
        do throws(TrainingError) { saved.weights = try model.featureWeights()?.kept } catch { saved.weights = nil }
        if let folded = trainer as? FoldedTrainer {
            let outOfFold = OutOfFold(folded, preparation)
            let metrics = try outOfFold.metrics()
            saved.metrics.merge(metrics) { $1 }
            saved.evaluation = try outOfFold.evaluation(metrics: metrics)
            if let folder { try outOfFold.write(toFolder: folder.path) }
            if let folder {
                try outOfFold.averagedModel(record.algorithm)?.save(toFolder: folder.path, named: Model.foldsFileName)
            }
        }
        return saved
    }

    /// The models of folds and what they predict; nil where there are none, or they cannot be averaged.
    func folds() throws(TrainingError) -> (model: Model, outOfFold: String)? {
        guard let folded = trainer as? FoldedTrainer else { return nil }
        let outOfFold = OutOfFold(folded, preparation)
        guard let model = try outOfFold.averagedModel(record.algorithm) else { return nil }
        return (model, try outOfFold.text())
    }

    /// The model that a run leaves, and how good it is.
    struct SavedModel {
        var model: Model
        /// On every split.
        var metrics: [MetricName: Double]
        /// On the validation rows, or on the training rows where there are none.
        var evaluation: ModelEvaluation
        /// The features that matter most to it.
        var weights: FeatureWeights?
    }

    private static func restore(_ trainer: any Trainer, from bytes: [UInt8]) throws(TrainingError) {
        do throws(LearnerError) { try trainer.restore(bytes) } catch {
            throw TrainingError(
                .badCheckpoint, "the checkpoint does not fit this run: start a new one", operation: "restore",
                cause: error.message)
        }
    }

    /// Says that no more samples will come.
    package func close() {
        steps.close()
        evaluationChannels.values.forEach { $0.close() }
    }
}
