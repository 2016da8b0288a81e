import Numerics

/// A model being trained, one mini-batch at a time.
///
/// Confined to the thread that made it. Same configuration, data and seed give the same bits, whatever is evaluated or saved
/// on the way.
public protocol Trainer: AnyObject {
    /// Optimiser steps in one pass over the training rows.
    var stepsPerEpoch: Int { get }
    /// Optimiser steps in all, if nothing stops the job early.
    var plannedSteps: Int { get }
    /// Optimiser steps done so far.
    var step: Int { get }
    /// Whether all planned steps are done.
    var isFinished: Bool { get }
    /// The order in which the current epoch takes the training rows.
    var feedingOrder: [Int32] { get }
    /// Takes one step. Does nothing but report the last batch's size as 0 when finished.
    func trainStep() -> StepReport
    /// Takes one step while somebody looks: the same step to the bit. By default nothing is shown.
    func trainStep(_ watch: StepWatch) -> StepReport
    /// Measures the model as it is: `train:` over the training rows, `validation:` over all validation rows. Losses are in the
    /// units of `StepReport.loss`.
    func evaluate() -> [(name: String, value: Double)]
    /// Measures what is cheap next to a step: the losses by the names of `evaluate`, and what was asked for besides; by default
    /// everything.
    func evaluateLosses() -> [(name: String, value: Double)]
    /// Shows what the model makes of some of the rows that it is judged by, after it has been measured; changes nothing. By default
    /// nothing is shown.
    func showEvaluation(_ watch: StepWatch)
    /// Whether all metrics are to be measured where the run stands, rather than the losses alone: by default they always are.
    /// A matter of data, settings and step, so that a run that is repeated has the same points on its curves.
    var isFullEvaluationDue: Bool { get }
    /// Everything needed to continue bit for bit on the same data.
    func snapshot() -> [UInt8]
    /// Continues from a snapshot.
    ///
    /// - Throws: `invalidSnapshot` when it is damaged or from another configuration; the trainer is then unchanged.
    func restore(_ bytes: [UInt8]) throws(LearnerError)
    /// As little as brings the present model back with `restore`, on this trainer or one restored from a later snapshot of its
    /// run: by default a snapshot.
    func bestMark() -> [UInt8]
    /// What made the last step or evaluation fail, after which no more are taken; nil while all is well.
    var failure: LearnerError? { get }
    /// The model as it is now.
    var model: any LearnedModel { get }
    /// Tells from now on what each feature adds to the margins of some rows; nil where that cannot be told while it trains, as by default.
    ///
    /// - Shape: rows [n, features] as the training rows are.
    func attribution(of rows: Matrix) -> (any FeatureAttribution)?
    /// Changes hyperparameters from the next step on. Learners say which ones can change.
    ///
    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `unsupported` when it cannot change while training.
    func change(_ hyperparameters: [String: String]) throws(LearnerError)
}

extension Trainer {
    public func trainStep(_ watch: StepWatch) -> StepReport { trainStep() }
    public func bestMark() -> [UInt8] { snapshot() }
    public var failure: LearnerError? { nil }
    public func attribution(of rows: Matrix) -> (any FeatureAttribution)? { nil }
    public func evaluateLosses() -> [(name: String, value: Double)] { evaluate() }
    public func showEvaluation(_ watch: StepWatch) {}
    public var isFullEvaluationDue: Bool { true }
}
