/// One fact that happened in the studio. Posted on the `EventBus`, kept by the store, shown on the screen, printed by `--json`.
public struct StudioEvent: Sendable, Hashable {
    /// Position in this process's stream, from 1, without gaps in lifecycle events.
    public var sequence: UInt64
    /// Seconds since 1970.
    public var wallTime: Double
    /// The run it belongs to; nil for events of the studio itself.
    public var run: RunID?
    public var kind: Kind

    public init(sequence: UInt64, wallTime: Double, run: RunID?, kind: Kind) {
        self.sequence = sequence
        self.wallTime = wallTime
        self.run = run
        self.kind = kind
    }

    public enum Kind: Sendable, Hashable {
        /// A data file was read and described. Posted once a `profileDataset` command.
        case datasetProfiled(DatasetProfile)
        /// A data file could not be read. Posted instead of `datasetProfiled`.
        case datasetFailed(path: String, message: String)
        /// A run exists from now on. Posted once a run, before anything else of it; once more, with the same id, when the
        /// data was read and its fingerprint and resolved hyperparameters are known.
        case runRegistered(RunRecord)
        /// The job entered another status or phase. The first follows `runRegistered`; a final one is followed by `jobFinished`.
        case jobStatusChanged(JobStatusChange)
        /// Metric values at one step. Posted each step (training loss) and each epoch (the rest). A sample: merged on its way
        /// to a slow screen, never dropped on its way to the store.
        case metricsRecorded(MetricsRecorded)
        /// What the job costs the machine. Posted when training begins, about once a second, and before the job ends. A sample,
        /// like `metricsRecorded`, from which it is told apart since it differs from one attempt to the next.
        case systemSampled(MetricsRecorded)
        /// How far and how fast the job is. Posted about four times a second while it trains.
        case progressReported(JobProgress)
        /// A checkpoint is safely on disk. Posted after its file was renamed into place.
        case checkpointSaved(CheckpointSaved)
        /// What is about to be trained on and in which order. Posted once, after preparing and before the first step.
        case trainingDataSummarised(TrainingDataSummary)
        /// Something about the data that the user should know. Posted while the job prepares, before training.
        case dataWarned(DataWarning)
        /// A debugger rule found something wrong. Posted once a finding.
        case alertRaised(Alert)
        /// Hyperparameters were changed while the job runs. Posted once a change, before the first step it holds for.
        case hyperparametersChanged(HyperparameterChange)
        /// The job ended, whatever way. Posted exactly once each time a job runs, as its last event.
        case jobFinished(JobResult)
        /// The run, which did another one again, was compared with that one. Posted after `jobFinished`, by whoever asked for it.
        case runReproduced(ReproductionResult)
        /// The run went to the bin / came back from it.
        case runDeleted
        case runRestored
        /// The user gave the run another name, tags or note, or moved it to the archive or back. Posted after the workspace has it.
        case runEdited(RunEdit)
        /// The user gave something other than a run another name, tags or note, or moved it to the archive or the bin or back.
        /// Posted after the workspace has it.
        case entityEdited(EntityReference, EntityEdit)
        /// What happens can no longer be written to the workspace, and why; it is kept in memory as far as there is room, and
        /// tried again. Posted when that begins and when the reason changes.
        case recordingStalled(RecordingProblem)
        /// Everything that was kept is in the workspace again. Posted after `recordingStalled`.
        case recordingResumed
        /// A command could not be carried out; `message` says what happened and what to do.
        case commandFailed(message: String)
        /// A line for the log.
        case messageLogged(String)
    }
}

public struct JobStatusChange: Sendable, Hashable {
    public var status: JobStatus
    public var phase: JobPhase?
    public var reason: String
    /// Steps the job will take if nothing stops it early; 0 = not known yet.
    public var plannedSteps: Int

    public init(status: JobStatus, phase: JobPhase? = nil, reason: String = "", plannedSteps: Int = 0) {
        self.status = status
        self.phase = phase
        self.reason = reason
        self.plannedSteps = plannedSteps
    }
}

public struct MetricsRecorded: Sendable, Hashable {
    public var step: Int
    /// Epochs done at this step, with fraction.
    public var epoch: Double
    public var values: [MetricName: Double]

    public init(step: Int, epoch: Double, values: [MetricName: Double]) {
        self.step = step
        self.epoch = epoch
        self.values = values
    }
}

public struct JobProgress: Sendable, Hashable {
    public var step: Int
    public var plannedSteps: Int
    /// Training rows consumed per second since the last report.
    public var rowsPerSecond: Double

    public init(step: Int, plannedSteps: Int, rowsPerSecond: Double) {
        self.step = step
        self.plannedSteps = plannedSteps
        self.rowsPerSecond = rowsPerSecond
    }
}

public struct CheckpointSaved: Sendable, Hashable {
    public var step: Int
    public var epoch: Double
    /// Whether it holds the best model so far by the objective.
    public var isBest: Bool
    /// Relative to the workspace.
    public var path: String

    public init(step: Int, epoch: Double, isBest: Bool, path: String) {
        self.step = step
        self.epoch = epoch
        self.isBest = isBest
        self.path = path
    }
}

/// What was steered, and where.
public struct HyperparameterChange: Sendable, Hashable {
    /// The new values, by name.
    public var values: [String: String]
    /// Steps that were done when it was made; nil in events written before steps were kept.
    public var step: Int?
    /// Epochs done at that step, with fraction.
    public var epoch: Double?

    public init(_ values: [String: String], step: Int? = nil, epoch: Double? = nil) {
        self.values = values
        self.step = step
        self.epoch = epoch
    }

    /// `learning_rate = 0.01, wd = 0.1`
    public var text: String { values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ") }
}

/// What a job trains on, as far as it bears on convergence.
public struct TrainingDataSummary: Sendable, Hashable {
    public var rowCount: Int
    public var featureCount: Int
    public var validationRowCount: Int
    public var target: String?
    public var isShuffled: Bool
    public var isNormalised: Bool
    /// How ordered the targets are in the order in which they are fed: neighbours with equal label against chance, in standard
    /// deviations (regression: lag-1 autocorrelation times the root of the row count). About 0 when shuffled.
    public var orderZ: Double
    /// Largest over smallest standard deviation of the numeric features as the optimiser sees them; 1 = all alike.
    public var scaleRatio: Double
    public var widestFeature: String
    public var narrowestFeature: String

    public init(
        rowCount: Int, featureCount: Int, validationRowCount: Int, target: String?, isShuffled: Bool, isNormalised: Bool,
        orderZ: Double, scaleRatio: Double, widestFeature: String, narrowestFeature: String
    ) {
        self.rowCount = rowCount
        self.featureCount = featureCount
        self.validationRowCount = validationRowCount
        self.target = target
        self.isShuffled = isShuffled
        self.isNormalised = isNormalised
        self.orderZ = orderZ
        self.scaleRatio = scaleRatio
        self.widestFeature = widestFeature
        self.narrowestFeature = narrowestFeature
    }
}

/// Something about a data file or one of its columns that the user should know.
public struct DataWarning: Sendable, Hashable {
    /// Stable word for tests and filters, such as `constantColumn`, `allMissing`, `orderedByTarget`, `scaleSpread`, `leakage`.
    public var code: String
    public var column: String?
    /// What was found; what to do.
    public var message: String

    public init(code: String, column: String?, message: String) {
        self.code = code
        self.column = column
        self.message = message
    }
}

/// A finding of a debugger rule: what, where, the numbers behind it, the cause, and what to do.
public struct Alert: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable { case issue, warning, info }

    /// The rule's name, such as `DataOrder`.
    public var rule: String
    public var severity: Severity
    public var step: Int
    /// One line: what was seen.
    public var summary: String
    /// Statistics and thresholds by name, in the order to show them.
    public var evidence: [Evidence]
    public var cause: String
    public var remedies: [Remedy]

    public init(
        rule: String, severity: Severity, step: Int, summary: String, evidence: [Evidence], cause: String, remedies: [Remedy]
    ) {
        self.rule = rule
        self.severity = severity
        self.step = step
        self.summary = summary
        self.evidence = evidence
        self.cause = cause
        self.remedies = remedies
    }

    public struct Evidence: Sendable, Hashable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    public struct Remedy: Sendable, Hashable {
        public var text: String
        /// Hyperparameters that apply the remedy when the run is started again with them.
        public var set: [String: String]

        public init(_ text: String, set: [String: String] = [:]) {
            self.text = text
            self.set = set
        }
    }
}

public struct JobResult: Sendable, Hashable {
    public var name: String
    public var status: JobStatus
    /// Why it ended: `MaxEpochs`, `EarlyStopping`, `TargetValueReached`, `MaxRuntimeExceeded`, `StoppedByUser`, or the error's text.
    public var reason: String
    public var bestStep: Int?
    /// Metrics of the model that was kept.
    public var metrics: [MetricName: Double]

    public init(name: String, status: JobStatus, reason: String, bestStep: Int?, metrics: [MetricName: Double]) {
        self.name = name
        self.status = status
        self.reason = reason
        self.bestStep = bestStep
        self.metrics = metrics
    }
}
