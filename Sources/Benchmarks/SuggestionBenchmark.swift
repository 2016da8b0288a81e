import Glibc
import JSON
import Tuning

/// A search over standard input and output, a line of JSON each way, so that a function of another program can be searched:
/// `{"ask":true}` is answered with `{"trial":0,"values":{…},"seconds":…}`, `{"tell":0,"value":1.5}` with `{}`, and
/// `{"best":true}` with the trial that is thought to be the best. `{"begin":"transfer","searches":[[{"values":{…},"value":1.5},…],…]}`
/// before all others makes it begin with what earlier searches found.
enum SuggestionBenchmark {
    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 4, let strategy = SearchStrategy(rawValue: arguments[0]), let seed = UInt64(arguments[1]) else {
            print("usage: Benchmarks suggest STRATEGY SEED TRIALS NAME=RANGE…")
            exit(2)
        }
        let reader = RangeReader()
        let space = try SearchSpace(arguments.dropFirst(3).map { range in try reader.parameter(range) })
        var search = try TrialSearch(space, strategy, seed: seed, trialCount: Int(arguments[2]))
        while let line = readLine() {
            let message = try JSONValue(parsing: line)
            if message["ask"] != nil {
                let start = processorSeconds()
                guard let trial = search.ask() else { return }
                let seconds = processorSeconds() - start
                let values = trial.values.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) }
                answer([
                    .init("trial", .integer(trial.number)), .init("values", .object(values)), .init("seconds", .number(seconds)),
                ])
            } else if let trial = message["tell"]?.integer {
                search.tell(trial, (message["value"]?.double).map(TrialOutcome.finished) ?? .failed)
                answer([])
            } else if let kind = (message["begin"]?.string).flatMap(WarmStart.Kind.init(rawValue:)) {
                search = try TrialSearch(
                    space, strategy, seed: seed, trialCount: Int(arguments[2]),
                    warmStart: WarmStart(kind, (message["searches"]?.array ?? []).map(earlier)))
                answer([])
            } else {
                answer([.init("trial", .integer(search.recommended?.number ?? 0))])
            }
        }
    }

    private static func earlier(_ json: JSONValue) -> WarmStart.Search {
        let trials = (json.array ?? []).compactMap { trial -> WarmStart.Search.Trial? in
            guard let values = trial["values"]?.members, let value = trial["value"]?.double else { return nil }
            let texts = values.map { ($0.name, $0.value.string ?? $0.value.text) }
            return .init(values: Dictionary(texts) { $1 }, value: value, isStopped: false)
        }
        return WarmStart.Search(name: "earlier", trials: trials)
    }

    private static func answer(_ members: [JSONValue.Member]) {
        print(JSONValue.object(members).text)
        fflush(nil)
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
