import CheckedNumbers
import Events
import Experiments
import Glibc
import Hyperparameters
import Training
import Tuning

/// What a tuning job works with, made from what was asked for: the same for a new job and for one that is taken up again.
struct TuningSetup {
    var search: TrialSearch
    var halving: HalvingRule?
    var median: MedianRule?
    var folds: FoldRule?
    var curve: CurveRule?
    /// Why the strategy was chosen; empty where the user said it.
    var why = ""
    /// What is worth saying before it begins.
    var advice: [String] = []

    /// - Throws: `CommandError` of code `usage` for what cannot be searched, with the reason.
    /// - Parameter earlier: what it begins with.
    init(_ request: TuningRequest, _ objective: Objective, earlier: [EarlierTuning] = []) throws(CommandError) {
        do throws(TuningError) {
            let space = try Self.space(request)
            guard let strategy = SearchStrategy(rawValue: request.strategy) else {
                throw TuningError(.strategy, "no strategy '\(request.strategy)': use \(Self.strategies)")
            }
            // A seed of its own: trials split and start with the job's.
            search = try TrialSearch(
                space, strategy, seed: request.job.seed, direction: objective.direction,
                others: request.otherObjectives.map(\.direction), trialCount: request.maxJobs,
                warmStart: WarmStart(earlier, request))
            if strategy.isMultiFidelity {
                halving = try HalvingRule(maximum: Self.epochs(request), manyBrackets: strategy == .hyperband)
            } else if request.stopsEarly {
                median = MedianRule()
                if request.job.folds ?? 0 >= FoldRule.fewestFolds { folds = FoldRule() }
                if let epochs = try? Self.epochs(request), epochs >= 8 { curve = CurveRule(finalEpoch: epochs) }
            }
            advice = SearchAdvice.find(
                space, strategy, trialCount: request.maxJobs, parallelCount: request.maxParallelJobs,
                // A script may compute on other machines, and a cluster does.
                processorCount: request.job.isScript || request.cluster != nil ? nil : ComputeBudget().threadCount)
            advice += search.inherited.map { "it begins with \($0.usedCount) of \($0.count) trials of \($0.name)" }
        } catch { throw .usage(error.description) }
    }

    static let strategies = (["auto"] + SearchStrategy.allCases.map(\.rawValue)).joined(separator: ", ")

    /// Chooses the strategy where it is `auto`.
    /// - Returns: the strategy's name, and why it was chosen.
    static func strategy(_ request: TuningRequest) throws(CommandError) -> (name: String, why: String) {
        guard request.strategy == "auto" else { return (request.strategy, "") }
        do throws(TuningError) {
            var size = stat()
            let bytes = stat(request.job.datasetPath, &size) == 0 ? Int(size.st_size) : nil
            let canStop = (try? epochs(request)) ?? 0 >= 3
            let chosen = SearchStrategy.suiting(
                try space(request), trialCount: request.maxJobs, dataBytes: bytes, canStopEarly: canStop)
            if !request.otherObjectives.isEmpty, chosen.strategy.isMultiFidelity {
                return ("bayesian", "several objectives, and trials are stopped early by one only")
            }
            if !request.warmStart.isEmpty, !chosen.strategy.isModelled { return ("bayesian", "it begins with earlier searches") }
            return (chosen.strategy.rawValue, chosen.reason)
        } catch { throw .usage(error.description) }
    }

    private static func space(_ request: TuningRequest) throws(TuningError) -> SearchSpace {
        let reader = RangeReader(hyperparameters(request.job.algorithm))
        var parameters: [SearchParameter] = []
        for range in request.ranges { parameters.append(try reader.parameter(range)) }
        let searched = Set(parameters.map(\.name))
        for (name, value) in request.job.hyperparameters.sorted(by: { $0.key < $1.key }) {
            if searched.contains(name) {
                throw TuningError(.range, "\(name) is searched and held: leave out its --range or its --set")
            }
            parameters.append(try SearchParameter(name, .fixed(value)))
        }
        return try SearchSpace(parameters)
    }

    private static func hyperparameters(_ algorithm: String) -> [Hyperparameter] {
        Algorithms.all.first { $0.name == algorithm }?.hyperparameters ?? []
    }

    /// How many epochs a trial trains at most: the resource of halving.
    private static func epochs(_ request: TuningRequest) throws(TuningError) -> Int {
        let names = ["epochs", "num_round", "num_epochs", "n_epochs", "n-epochs", "numepochs"]
        for name in names {
            let setting = hyperparameters(request.job.algorithm).first { $0.name == name }
            let text = request.job.hyperparameters[name] ?? setting?.value(in: request.job.hyperparameters)
            if let count = text.flatMap({ Int($0) }), count > 0 { return count }
        }
        throw TuningError(
            .strategy, "\(request.strategy) needs to know how long a trial trains at most: say --set epochs=N")
    }
}

extension WarmStart {
    /// nil where a job begins with nothing.
    fileprivate init?(_ earlier: [EarlierTuning], _ request: TuningRequest) {
        guard !earlier.isEmpty, let kind = request.warmStartType.flatMap(Kind.init(rawValue:)) else { return nil }
        self.init(
            kind,
            earlier.map { search in
                Search(
                    name: search.name,
                    trials: search.trials.map { Search.Trial(values: $0.values, value: $0.value, isStopped: $0.isStopped) })
            })
    }
}
