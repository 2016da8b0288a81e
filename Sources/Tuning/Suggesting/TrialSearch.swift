import MetricDirections
import Numerics

/// A search by asking and telling: ask for a configuration, try it by whatever means, tell what came of it. Several may be
/// tried at once.
public struct TrialSearch: Sendable {
    public let space: SearchSpace
    public let strategy: SearchStrategy
    public let seed: UInt64
    public let direction: MetricDirection
    public private(set) var history: TrialHistory
    private let suggester: any Suggester
    /// Configurations that are tried before any others.
    private let first: [[Double]]
    private var nextNumber = 0

    /// - Parameters:
    ///   - direction: which way the objective is better.
    ///   - trialCount: how many trials there will be at most; nil = not known.
    ///   - first: configurations to begin with, such as the defaults; those outside of the space are left out.
    /// - Throws: `TuningError` of code `strategy` where the strategy does not fit the space.
    public init(
        _ space: SearchSpace, _ strategy: SearchStrategy, seed: UInt64, direction: MetricDirection = .minimised,
        trialCount: Int? = nil, first: [[String: String]] = []
    ) throws(TuningError) {
        (self.space, self.strategy, self.seed, self.direction) = (space, strategy, seed, direction)
        self.first = first.compactMap(space.point)
        history = TrialHistory(space)
        switch strategy {
        case .random: suggester = RandomSuggester()
        case .sobol: suggester = SobolSuggester(seed: seed)
        case .grid: suggester = try GridSuggester(space, trialCount: trialCount, seed: seed)
        case .tpe: suggester = ParzenSuggester()
        case .bayesian: suggester = BayesianSuggester(seed: seed)
        case .asha, .hyperband: suggester = BayesianSuggester(seed: seed, comparedCount: max(6, space.dimension + 2))
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
        if number < first.count, strategy != .grid { return Suggestion(point: first[number], reason: "given to begin with") }
        guard let suggestion = suggester.suggestion(after: history, number: number, source: &source) else { return nil }
        let tried = Set(history.entries.map(\.trial.point))
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

    /// The best trial that ended, with its value.
    public var best: (trial: Trial, value: Double)? { history.best.map { ($0.trial, turned($0.value)) } }

    private func turned(_ value: Double) -> Double { direction == .minimised ? value : -value }
}
