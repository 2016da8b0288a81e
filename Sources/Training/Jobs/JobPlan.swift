import Events
import Tables

/// What a job's thread needs to know to train a run.
public struct JobPlan: Sendable {
    public var record: RunRecord
    /// Folder for the run's model and checkpoints; nil = nothing is written.
    public var artifactFolder: String?
    /// The data, when it is not to be read from the request's file.
    var table: Table?
    /// The step up to which the run's curve is recorded when it continues an earlier attempt; nil = from the beginning.
    public var recordedStep: Int?
    /// At most this many steps a second, for demonstrations; nil = as fast as it goes.
    public var stepsPerSecond: Double?
    /// Steering of an earlier run that is done again at the same steps; in their order.
    public var replayedChanges: [HyperparameterChange] = []
    /// What a script that goes on, or a fork of one, begins with whatever its checkpoint has.
    public var firstChanges: [String: String] = [:]
    /// The step after which the run is stopped as if by hand, because an earlier run ended there; nil = none.
    public var lastStep: Int?
    /// What is set where a run that ended goes on; nil when it just goes on.
    public var continuation: Continuation?
    /// Data that other jobs have prepared; nil = it prepares its own.
    public var prepared: PreparedData?
    /// Models whose predictions are learned from too, where they are not to be read from the runs that the request names.
    var bases: StackBases?
    /// Whether the outcome has the models of folds and what they predict, which are else in the run's folder alone.
    var keepsFolds = false
    /// What a script inherits; nil = what this process has.
    public var environment: [String: String]?

    public init(record: RunRecord, artifactFolder: String?, recordedStep: Int? = nil, stepsPerSecond: Double? = nil) {
        self.record = record
        self.artifactFolder = artifactFolder
        self.recordedStep = recordedStep
        self.stepsPerSecond = stepsPerSecond
    }
}

/// How a job ended.
package struct JobOutcome: Sendable {
    var status: JobStatus
    var reason: EndReason
    package var bestStep: Int?
    package var metrics: [MetricName: Double] = [:]
    package var evaluation: ModelEvaluation?
    package var weights: FeatureWeights?
    var model: Model?
    /// The average of the folds' models, and the file of what they predict of the rows that they did not learn from.
    var folds: (model: Model, outOfFold: String)?
    var failure: TrainingError?

    package init(status: JobStatus, reason: EndReason, failure: TrainingError? = nil) {
        (self.status, self.reason, self.failure) = (status, reason, failure)
    }
}

/// The body of a job's thread.
package protocol JobWork {
    /// Does all of it, and returns how it ended.
    func work() -> JobOutcome
}

extension JobPlan {
    /// Makes the body of a job that nothing here can do; nil for all others.
    package typealias OtherWork =
        @Sendable (
            _ plan: JobPlan, _ control: JobControl, _ enter: @escaping (JobPhase, Int) -> Void
        ) -> (any JobWork)?
}
