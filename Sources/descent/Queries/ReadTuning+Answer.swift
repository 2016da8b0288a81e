import Events
import Experiments
import Studio
import Tuning

extension ReadTuning: AnsweredQuery {
    func answer(_ work: QueryWork<TuningStanding?>) throws -> TuningStanding? {
        let store = try work.store.tunings
        return try store.tuning(id: tuning).map { try TuningStanding($0, store) }
    }
}

extension ReadTunings: AnsweredQuery {
    func answer(_ work: QueryWork<[TuningStanding]>) throws -> [TuningStanding] {
        let store = try work.store.tunings
        return try store.all().map { try TuningStanding($0, store) }
    }
}

extension TuningStanding {
    init(_ record: TuningRecord, _ store: TuningStore) throws {
        let trials = try store.trials(of: record.id)
        var axes: [TuningAxis] = [], places: [Int: [Double?]] = [:]
        // A job of a newer version may search what this one does not know: its trials are there all the same.
        if let space = try? TuningSetup(record.request, record.objective).search.space {
            axes = space.searched.map { parameter in
                TuningAxis(parameter, range: record.request.ranges.first { TuningChange.name(of: $0) == parameter.name } ?? "")
            }
            for trial in trials {
                places[trial.number] = space.searched.map { parameter in
                    trial.values[parameter.name].flatMap(parameter.place)
                }
            }
        }
        self.init(
            record: record, trials: trials, axes: axes, places: places, isCarriedOut: try store.isCarriedOut(record.id),
            confirmations: try store.confirmations(of: record.id))
    }
}

extension TuningAxis {
    init(_ parameter: SearchParameter, range: String) {
        if case .categorical(let words) = parameter.values {
            self.init(name: parameter.name, range: range, ticks: words, isWord: true)
        } else {
            let last = Double(Self.tickCount - 1)
            let ticks = (0..<Self.tickCount).map { parameter.value(at: Double($0) / last).text }
            self.init(name: parameter.name, range: range, ticks: ticks, isWord: false)
        }
    }
}
