import Clocks
import Events
import Glibc
import Synchronization
import Tables
import Threads

/// An algorithm with its settings: what is fitted to data, and so becomes a model. For programs; the studio and the command
/// line run the same jobs under a `JobSupervisor`.
public struct Estimator: Sendable {
    /// `linear-learner`, `neural-network`, `xgboost`, …: the names in `Algorithms.all`.
    public var algorithm: String
    /// Those that differ from the defaults, by SageMaker's and XGBoost's names; those of the job, such as `objective_metric`,
    /// among them.
    public var hyperparameters: [String: String]
    /// Decides the split, the first weights and the row order.
    public var seed: UInt64
    /// Share of the rows held out for validation, from 0 to below 1.
    public var validationSplit: Double
    /// Rows to validate on instead, from a file of their own.
    public var validationPath: String?

    public init(
        _ algorithm: String, _ hyperparameters: [String: any CustomStringConvertible] = [:], validationSplit: Double = 0.2,
        validationPath: String? = nil, seed: UInt64 = 0
    ) {
        self.algorithm = algorithm
        self.hyperparameters = hyperparameters.mapValues(\.description)
        self.validationSplit = validationSplit
        self.validationPath = validationPath
        self.seed = seed
    }

    /// Trains on a data file and returns when that is done.
    ///
    /// - Parameters:
    ///   - target: the column to predict; nil for algorithms that take none.
    ///   - progress: called in order, on a thread of its own, with every step's loss and every evaluation.
    /// - Throws: `unknownAlgorithm`, `badHyperparameter`, `badRequest`; `badData` with the file and the place at fault.
    public func fit(
        _ path: String, target: String? = nil, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws(TrainingError) -> TrainingJob {
        try train(path: path, table: nil, target: target, JobControl(), progress)
    }

    /// Trains on a table in memory and returns when that is done.
    /// - Throws: as `fit` of a file.
    public func fit(
        _ table: Table, target: String? = nil, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws(TrainingError) -> TrainingJob {
        try train(path: table.path, table: table, target: target, JobControl(), progress)
    }

    /// Trains on a data file, on a thread of its own. When the task is cancelled training stops at the next step, and the job
    /// has the best model so far and the status `stopped`.
    /// - Throws: as `fit` that waits.
    public func fit(
        _ path: String, target: String? = nil, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws(TrainingError) -> TrainingJob {
        try await trainAside { control throws(TrainingError) in
            try train(path: path, table: nil, target: target, control, progress)
        }
    }

    /// Trains on a table in memory, on a thread of its own; cancelled like `fit` of a file.
    /// - Throws: as `fit` of a file.
    public func fit(
        _ table: Table, target: String? = nil, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws(TrainingError) -> TrainingJob {
        try await trainAside { control throws(TrainingError) in
            try train(path: table.path, table: table, target: target, control, progress)
        }
    }

    private func trainAside(
        _ body: @escaping @Sendable (JobControl) throws(TrainingError) -> TrainingJob
    ) async throws(TrainingError) -> TrainingJob {
        let control = JobControl()
        let thread = Mutex<NamedThread?>(nil)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (done: CheckedContinuation<Result<TrainingJob, TrainingError>, Never>) in
                do throws(ThreadError) {
                    let started = try NamedThread(name: "job", stackBytes: 16 << 20) {
                        do throws(TrainingError) {
                            let job = try body(control)
                            done.resume(returning: .success(job))
                        } catch { done.resume(returning: .failure(error)) }
                    }
                    thread.withLock { $0 = started }
                } catch { done.resume(returning: .failure(TrainingError(error))) }
            }
        } onCancel: {
            control.ask(.stop)
        }
        thread.withLock { $0 }?.join()
        return try result.get()
    }

    /// What its jobs are judged by.
    func objective(target: String?) throws(TrainingError) -> Objective {
        try Algorithms.objective(of: request(path: "", target: target))
    }

    private func request(path: String, target: String?) -> JobRequest {
        JobRequest(
            datasetPath: path, target: target, algorithm: algorithm, hyperparameters: hyperparameters,
            validationPath: validationPath, validationSplit: validationSplit, seed: seed)
    }

    func train(
        path: String, table: Table?, target: String?, _ control: JobControl,
        _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws(TrainingError) -> TrainingJob {
        let request = request(path: path, target: target)
        try Algorithms.validate(request)
        let record = RunRecord(
            id: RunID("estimator"), name: algorithm, experiment: request.experiment, algorithm: algorithm, request: request,
            hyperparameters: hyperparameters, objective: try Algorithms.objective(of: request), seed: seed, dataFingerprint: "",
            gitRevision: nil, version: "", createdAt: WallClock.now(), processID: getpid())
        var plan = JobPlan(record: record, artifactFolder: nil)
        plan.table = table
        let bus = EventBus()
        if let problem = bus.problem { throw TrainingError(problem) }
        let listener = try JobListener(bus, progress)
        let outcome = JobRunner(plan: plan, control: control, bus: bus, budget: ComputeBudget()) { _, _ in }.work()
        let heard = listener.close()
        bus.close()
        guard let model = outcome.model else {
            throw outcome.failure ?? TrainingError(.badRequest, outcome.reason.text, operation: "fit")
        }
        return TrainingJob(
            status: outcome.status, reason: outcome.reason, bestStep: outcome.bestStep,
            metrics: Dictionary(outcome.metrics.map { ($0.key.text, $0.value) }) { $1 }, curves: heard.curves,
            tensors: heard.tensors, hyperparameters: heard.hyperparameters, warnings: heard.warnings, model: model)
    }
}

/// Values that a job measured at a step.
public struct TrainingProgress: Sendable, Hashable {
    public let step: Int
    /// Epochs done at this step, with fraction.
    public let epoch: Double
    /// By name, such as `train:loss` and `validation:rmse`.
    public let metrics: [String: Double]
}

/// A job that ended: how, what it measured on the way, and the model it kept.
public struct TrainingJob: Sendable {
    /// `completed`, or `stopped` when its task was cancelled.
    public let status: JobStatus
    /// `MaxEpochs`, `EarlyStopping`, `TargetValueReached`, `MaxRuntimeExceeded` or `StoppedByUser`.
    public let reason: EndReason
    /// Step of the model that was kept; nil when there was no evaluation.
    public let bestStep: Int?
    /// Of the model that was kept, by names such as `validation:rmse`.
    public let metrics: [String: Double]
    /// Every value that was measured, by metric, in the order of the steps.
    public let curves: [String: [MetricPoint]]
    /// What the tensors of some steps were like.
    public let tensors: [TensorsOfStep]
    /// Every setting after defaults and `auto` were resolved.
    public let hyperparameters: [String: String]
    /// What is odd about the data: what was found; what to do.
    public let warnings: [String]
    public let model: Model
}

/// Hears what a job says on its bus.
// SAFETY: what was heard is written by the thread alone until it is joined.
private final class JobListener: @unchecked Sendable {
    struct Heard {
        var curves: [String: [MetricPoint]] = [:]
        var tensors: [TensorsOfStep] = []
        var hyperparameters: [String: String] = [:]
        var warnings: [String] = []
    }

    private let bus: EventBus
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 16))
    private var heard = Heard()
    private var thread: NamedThread?

    init(_ bus: EventBus, _ progress: @escaping @Sendable (TrainingProgress) -> Void) throws(TrainingError) {
        self.bus = bus
        do throws(ThreadError) {
            thread = try NamedThread(name: "listener") { [self] in
                while let batch = mailbox.waitAndTake() { for event in batch.merged { take(event, progress) } }
            }
        } catch { throw TrainingError(error) }
        bus.subscribe(mailbox)
    }

    /// Waits until everything said so far is heard.
    func close() -> Heard {
        bus.flush()
        mailbox.close()
        thread?.join()
        thread = nil
        return heard
    }

    private func take(_ event: StudioEvent, _ progress: (TrainingProgress) -> Void) {
        switch event.kind {
        case .run(.registered(let record)): heard.hyperparameters = record.hyperparameters
        case .job(.dataWarned(let warning)) where !warning.isNotice: heard.warnings.append(warning.message)
        case .sample(.metricsRecorded(let recorded)):
            for (name, value) in recorded.values {
                let point = MetricPoint(step: recorded.step, epoch: recorded.epoch, wallTime: event.wallTime, value: value)
                heard.curves[name.text, default: []].append(point)
            }
            let metrics = Dictionary(recorded.values.map { ($0.key.text, $0.value) }) { $1 }
            progress(TrainingProgress(step: recorded.step, epoch: recorded.epoch, metrics: metrics))
        case .tensors(.summarised(let tensors)): heard.tensors.append(tensors)
        default: break
        }
    }
}
