import CheckedNumbers
import Events
import Hyperparameters
import MetricDirections
import Synchronization
import Tables
import Tuning

/// Searches the hyperparameters with which an estimator's model is best, a training job a trial, one after the other. For programs;
/// the command line's tuning jobs can be watched, stopped and taken up again.
///
/// `TrialSearch` is what it asks and tells: to search something else than training, use that alone.
public struct HyperparameterTuner: Sendable {
    /// What each trial trains; its hyperparameters are those that are held.
    public var estimator: Estimator
    /// What trials are compared by, such as `validation:rmse`; nil = what the estimator is judged by anyway.
    public var objective: String?
    /// What is searched, as on the command line: `eta=log:0.01:0.5`, `max_depth=2:10`, `optimizer=cat:adam,sgd`.
    public var ranges: [String]
    /// nil = the one that suits the ranges and the number of trials.
    public var strategy: SearchStrategy?
    public var limits: SearchLimits
    /// Whether trials that do worse than half of the others at the same epoch end there.
    public var stopsEarly: Bool

    public init(
        _ estimator: Estimator, objective: String? = nil, ranges: [String], strategy: SearchStrategy? = nil,
        limits: SearchLimits = SearchLimits(trialCount: 20), stopsEarly: Bool = false
    ) {
        (self.estimator, self.objective, self.ranges) = (estimator, objective, ranges)
        (self.strategy, self.limits, self.stopsEarly) = (strategy, limits, stopsEarly)
    }

    /// A trial that ended.
    public struct Trial: Sendable {
        public let trial: Tuning.Trial
        public let outcome: TrialOutcome
        /// Whether it is the best so far.
        public let isBest: Bool
    }

    /// What a search found.
    public struct Result: Sendable {
        /// In the order in which they were tried.
        public let trials: [Trial]
        /// The best trial's job with its model; nil where none ended with a value.
        public let best: TrainingJob?
        public let reason: SearchLimits.Reason
    }

    /// Searches on a data file, which is read once, and returns when that is done.
    ///
    /// - Parameter progress: called with each trial that ended, on the calling thread.
    /// - Throws: as `Estimator.fit`; `badHyperparameter` for what cannot be searched, with the reason.
    public func fit(
        _ path: String, target: String? = nil, progress: (Trial) -> Void = { _ in }
    ) throws(TrainingError) -> Result {
        let table: Table
        do throws(TableError) { table = try Table(contentsOf: path) } catch {
            throw TrainingError(.badData, error.description, operation: "read")
        }
        return try fit(table, target: target, progress: progress)
    }

    /// Searches on a table in memory.
    /// - Throws: as `fit` of a file.
    public func fit(
        _ table: Table, target: String? = nil, progress: (Trial) -> Void = { _ in }
    ) throws(TrainingError) -> Result {
        var estimator = estimator
        if let objective { estimator.hyperparameters["objective_metric"] = objective }
        let judged = try estimator.objective(target: target)
        guard judged.direction != .unknown else {
            throw TrainingError(
                .badHyperparameter,
                "whether less or more of \(judged.metric) is better is not known: name one such as validation:loss",
                operation: "tune")
        }
        var search = try search(direction: judged.direction), watch = try watch()
        var trials: [Trial] = [], best: TrainingJob?, values: [Double?] = []
        let clock = ContinuousClock(), start = clock.now
        while true {
            let seconds = (clock.now - start) / .seconds(1)
            if let reason = limits.reason(begun: trials.count, values: values, direction: judged.direction, seconds: seconds) {
                return Result(trials: trials, best: best, reason: reason)
            }
            guard let trial = search.ask() else { return Result(trials: trials, best: best, reason: .exhausted) }
            let (job, outcome) = try tried(trial, estimator, table, target, judged, &watch)
            search.tell(trial.number, outcome)
            if case .finished(let value) = outcome { values.append(value) } else { values.append(nil) }
            let isBest = search.best?.trial.number == trial.number
            if isBest { best = job }
            trials.append(Trial(trial: trial, outcome: outcome, isBest: isBest))
            progress(trials[trials.count - 1])
        }
    }

    private func tried(
        _ trial: Tuning.Trial, _ estimator: Estimator, _ table: Table, _ target: String?, _ judged: Objective,
        _ watch: inout Watch
    ) throws(TrainingError) -> (TrainingJob?, TrialOutcome) {
        var estimator = estimator
        estimator.hyperparameters.merge(trial.values.mapValues(\.text)) { $1 }
        let control = JobControl(), shared = Mutex(watch)
        let turns = judged.direction == .maximised
        let job: TrainingJob
        do throws(TrainingError) {
            job = try estimator.train(path: table.path, table: table, target: target, control) { progress in
                guard let value = progress.metrics[judged.metric.text] else { return }
                let isBehind = shared.withLock { $0.isBehind(trial.number, epoch: progress.epoch, value: turns ? -value : value) }
                if isBehind { control.ask(.stop) }
            }
        } catch {
            // Values that do not go together are this trial's fault alone.
            guard error.code == .badHyperparameter, trial.number > 0 else { throw error }
            return (nil, .failed)
        }
        watch = shared.withLock { $0 }
        guard let value = job.metrics[judged.metric.text], value.isFinite else { return (job, .failed) }
        return (job, job.status == .stopped ? .stopped(value) : .finished(value))
    }

    // MARK: - What is made from the ranges

    private func search(direction: MetricDirection) throws(TrainingError) -> TrialSearch {
        let known = Algorithms.all.first { $0.name == estimator.algorithm }?.hyperparameters ?? []
        do throws(TuningError) {
            var parameters: [SearchParameter] = []
            for range in ranges { parameters.append(try RangeReader(known).parameter(range)) }
            let space = try SearchSpace(parameters)
            let chosen = SearchStrategy.suiting(space, trialCount: limits.trialCount, dataBytes: nil, canStopEarly: false)
                .strategy
            return try TrialSearch(
                space, strategy ?? chosen, seed: estimator.seed, direction: direction, trialCount: limits.trialCount)
        } catch { throw TrainingError(.badHyperparameter, error.message, operation: "tune") }
    }

    private func watch() throws(TrainingError) -> Watch {
        guard let strategy, strategy.isMultiFidelity else { return Watch(median: stopsEarly ? MedianRule() : nil) }
        let description = Algorithms.all.first { $0.name == estimator.algorithm }
        let length = description?.lengthSetting.flatMap { estimator.hyperparameters[$0] }.flatMap { Int($0) }
        do throws(TuningError) {
            return Watch(halving: try HalvingRule(maximum: length ?? 0, manyBrackets: strategy == .hyperband))
        } catch {
            throw TrainingError(
                .badHyperparameter, "\(strategy.rawValue): \(error.message); set \(description?.lengthSetting ?? "epochs")",
                operation: "tune")
        }
    }

    /// Which trials end early; looks once an epoch.
    private struct Watch: Sendable {
        var median: MedianRule?
        var halving: HalvingRule?
        /// Of the trial that trains the last whole epoch.
        var epochs: [Int: Int] = [:]

        init(median: MedianRule? = nil, halving: HalvingRule? = nil) { (self.median, self.halving) = (median, halving) }

        /// - Parameter value: smaller is better.
        mutating func isBehind(_ trial: Int, epoch: Double, value: Double) -> Bool {
            let done = Int(roundedDownWithin: epoch + 1e-9)
            guard done > epochs[trial, default: 0] else { return false }
            epochs[trial] = done
            return halving?.report(trial, resource: done, value: value) != nil || median?.report(trial, value: value) != nil
        }
    }
}
