import Events
import Experiments
import Studio
import Tuning

extension ReadSurrogate: AnsweredQuery {
    func answer(_ work: QueryWork<TuningSurrogate>) throws -> TuningSurrogate {
        let store = try work.store.tunings, record = try store.tuning(named: tuning)
        let trials = try store.trials(of: tuning), search = try TuningSetup.search(record, trials)
        var answer = TuningSurrogate()
        let chosen =
            trials.first { $0.number == trial }
            ?? TuningCommands.result(record, trials).best.flatMap { best in
                trials.first { $0.run == best.run }
            }
        // What was known when the trial was suggested, as far as that can be told afterwards.
        if let chosen, chosen.point.count == search.space.dimension {
            let before = try TuningSetup.search(record, trials.filter { $0.number < chosen.number })
            answer.chosen = guess(
                at: chosen.point, chosen.values, why: chosen.why, SearchSurrogate(before))
        }
        guard work.isWanted() else { throw QueryCancelled() }
        guard let surrogate = SearchSurrogate(search) else {
            answer.refusal = "too few trials tell different values for a model of them: three are needed"
            return answer
        }
        if !record.status.isFinal {
            var copy = search
            if let next = copy.ask() {
                let values = next.values.mapValues(\.text).filter { name, _ in search.space.searched.contains { $0.name == name }
                }
                answer.next = guess(at: next.point, values, why: next.reason, surrogate)
            }
        }
        guard work.isWanted() else { throw QueryCancelled() }
        answer.count = surrogate.count
        let place = chosen.flatMap { $0.point.count == search.space.dimension ? $0 : nil }
        let point = place?.point ?? [Double](repeating: 0.5, count: search.space.dimension)
        answer.through = place?.values ?? search.space.values(at: point).mapValues(\.text)
        guard first < search.space.dimension else { return answer }
        answer.line = surrogate.line(first, through: point, count: Self.lineCount).map(TuningBelief.init)
        if let second, second < search.space.dimension, second != first {
            answer.plane = surrogate.plane(first, second, through: point, columns: Self.columns, rows: Self.rows).map { row in
                row.map(TuningBelief.init)
            }
        }
        answer.importance = TuningImportance(of: search)
        return answer
    }

    private func guess(
        at point: [Double], _ values: [String: String], why: String, _ surrogate: SearchSurrogate?
    ) -> TuningSurrogate.Guess {
        TuningSurrogate.Guess(
            values: values, places: point, why: why, belief: surrogate.map { TuningBelief($0.outcome(at: point)) },
            chance: surrogate?.chance(at: point), count: surrogate?.count ?? 0)
    }
}

extension TuningBelief {
    fileprivate init(_ belief: SearchSurrogate.Belief) {
        self.init(middle: belief.middle, low: belief.low, high: belief.high)
    }
}

extension TuningImportance {
    /// nil where too few trials tell anything.
    init?(of search: TrialSearch) {
        guard let found = try? search.importance() else { return nil }
        let effects = found.parameters + found.pairs.filter { $0.certainty != .unclear }
        self.init(
            shares: effects.sorted { $0.share > $1.share }.map {
                Share(names: $0.parameters, share: $0.share, deviation: $0.deviation, certainty: $0.certainty.rawValue)
            }, count: found.trialCount, explained: found.explained)
    }
}
