import MetricDirections
import Numerics

/// A search by asking and telling: ask for a configuration, try it by whatever means, tell what came of it. Several may be
/// tried at once.
public struct TrialSearch: Sendable {
    public let space: SearchSpace
    public let strategy: SearchStrategy
    public let seed: UInt64
    public let direction: MetricDirection
    /// Of objectives besides the first.
    public let otherDirections: [MetricDirection]
    public private(set) var history: TrialHistory
    private let suggester: any Suggester
    /// Configurations that are tried before any others.
    private let first: [(point: [Double], reason: String)]
    /// Of each earlier search how many of its trials have a place in this space.
    public let inherited: [(name: String, usedCount: Int, count: Int)]
    private var nextNumber = 0

    /// - Parameters:
    ///   - direction: which way the objective is better.
    ///   - others: which way further objectives are better; with any, trials are sought than which none is better in all.
    ///   - trialCount: how many trials there will be at most; nil = not known.
    ///   - first: configurations to begin with, such as the defaults; those outside of the space are left out.
    ///   - warmStart: what earlier searches found.
    /// - Throws: `TuningError` of code `strategy` where the strategy does not fit the space, or learns nothing from what it is to
    ///   begin with.
    public init(
        _ space: SearchSpace, _ strategy: SearchStrategy, seed: UInt64, direction: MetricDirection = .minimised,
        others: [MetricDirection] = [], trialCount: Int? = nil, first: [[String: String]] = [], warmStart: WarmStart? = nil
    ) throws(TuningError) {
        (self.space, self.strategy, self.seed, self.direction) = (space, strategy, seed, direction)
        otherDirections = others
        if !others.isEmpty { try Self.checkSeveral(strategy, warmStart) }
        var history = TrialHistory(space)
        var given = first.compactMap(space.point).map { (point: $0, reason: "given to begin with") }
        var earlier: [PlacedSearch] = []
        if let warmStart { earlier = try Self.placed(warmStart, in: space, strategy, direction) }
        inherited = zip(earlier, warmStart?.searches ?? []).map { ($0.name, $0.values.count, $1.trials.count) }
        // With little to compare at, what earlier ones ended with is only a hint.
        let countsAlike = warmStart?.kind == .identical && !strategy.isMultiFidelity
        if countsAlike { history.inherited = earlier } else { given += Self.best(of: earlier) }
        let models = countsAlike ? [] : earlier.compactMap { TransferModel($0, in: space) }
        (self.history, self.first) = (history, given)
        switch strategy {
        case .random: suggester = RandomSuggester()
        case .sobol: suggester = SobolSuggester(seed: seed)
        case .grid: suggester = try GridSuggester(space, trialCount: trialCount, seed: seed)
        case .tpe: suggester = ParzenSuggester()
        case .bayesian: suggester = BayesianSuggester(seed: seed, earlier: models)
        case .asha, .hyperband:
            suggester = BayesianSuggester(seed: seed, comparedCount: max(6, space.dimension + 2), earlier: models)
        }
    }

    /// The next configuration; nil when every one was tried.
    public mutating func ask() -> Trial? {
        let number = nextNumber
        var source = RandomSource(seed: seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(number) &* 0xbf58_476d_1ce4_e5b9 &+ 1)
        guard let suggestion = fresh(number, &source) else { return nil }
        let trial = Trial(
            number: number, point: suggestion.point, values: space.values(at: suggestion.point), reason: suggestion.reason,
            memory: suggestion.memory)
        add(trial)
        return trial
    }

    private func fresh(_ number: Int, _ source: inout RandomSource) -> Suggestion? {
        if number < first.count, strategy != .grid { return Suggestion(point: first[number].point, reason: first[number].reason) }
        let looked = otherDirections.isEmpty ? history : history.scalarised(&source)
        guard let suggestion = suggester.suggestion(after: looked, number: number, source: &source) else { return nil }
        let tried = Set(history.entries.map(\.trial.point)).union(history.inherited.flatMap(\.points))
        guard tried.contains(suggestion.point) else { return suggestion }
        // The same again tells nothing new.
        for _ in 0..<1000 {
            let other = space.randomPoint(&source)
            if !tried.contains(other) {
                return Suggestion(
                    point: other, reason: "drawn at random, since the best guess was tried", memory: suggestion.memory)
            }
        }
        return nil
    }

    /// Tells how a trial ended. A trial that is not known is left out.
    public mutating func tell(_ number: Int, _ outcome: TrialOutcome) {
        switch outcome {
        case .finished(let value): history.end(number, value.isFinite ? .finished(turned(value)) : .failed)
        case .stopped(let value): history.end(number, .stopped(value.map(turned)))
        case .failed: history.end(number, .failed)
        }
    }

    /// Tells what a trial is worth by all objectives, the first one first. Where one has no finite value, it failed.
    public mutating func tell(_ number: Int, values: [Double]) {
        precondition(
            values.count == otherDirections.count + 1, "\(values.count) values for \(otherDirections.count + 1) objectives")
        guard let first = values.first, values.allSatisfy(\.isFinite) else { return tell(number, .failed) }
        tell(number, .finished(first))
        history.set(zip(values, [direction] + otherDirections).map { Self.turned($0, $1) }, of: number)
    }

    /// With several objectives the trials than which none is better in all of them, the best by the first one first.
    public var front: [Trial] {
        history.front.sorted { ($0.values?.first ?? 0, $0.trial.number) < ($1.values?.first ?? 0, $1.trial.number) }.map(\.trial)
    }

    private static func turned(_ value: Double, _ direction: MetricDirection) -> Double {
        direction == .maximised ? -value : value
    }

    private static func checkSeveral(_ strategy: SearchStrategy, _ warmStart: WarmStart?) throws(TuningError) {
        if strategy.isMultiFidelity {
            throw TuningError(
                .strategy,
                "\(strategy.rawValue) stops trials by one objective, and several are given: search by bayesian, tpe, random or sobol"
            )
        }
        if warmStart != nil {
            throw TuningError(.strategy, "a search of several objectives begins with nothing: leave out --warm-start")
        }
    }

    /// Tells how a trial does while it trains.
    /// - Parameter resource: how much it was given, such as epochs.
    public mutating func report(_ number: Int, resource: Int, value: Double) {
        history.report(number, resource: resource, value: turned(value))
    }

    /// Takes a trial in that was suggested before, or by somebody else.
    public mutating func add(_ trial: Trial) {
        history.add(trial)
        nextNumber = max(nextNumber, trial.number + 1)
    }

    /// Leaves a trial out that tells nothing of what is searched: its number is not given again.
    public mutating func leaveOut(_ number: Int) {
        history.remove(number)
        nextNumber = max(nextNumber, number + 1)
    }

    /// The best trial that ended, with its value.
    public var best: (trial: Trial, value: Double)? { history.best.map { ($0.trial, turned($0.value)) } }

    private func turned(_ value: Double) -> Double { direction == .minimised ? value : -value }
}
