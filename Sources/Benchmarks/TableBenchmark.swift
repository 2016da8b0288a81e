import Cells
import Clocks
import Events
import Experiments
import Glibc
import Studio

/// The runs table of a large workspace: reading it, and what it takes from a key or a sample to a painted frame.
enum TableBenchmark {
    /// - Parameter path: a workspace, such as `Benchmarks workspace DIR N` makes.
    static func run(_ path: String) throws {
        let start = Measurement.wallSeconds()
        let runs = try RunStore(try Workspace(path: path)).runs()
        let read = Measurement.wallSeconds() - start
        var state = AppState(
            settings: Settings(), algorithms: [], size: Size(width: 200, height: 60), now: WallClock.now(), workspaceName: "bench"
        )
        let loaded = Measurement.wallSeconds()
        _ = reduce(into: &state, .runsLoaded(runs))
        state.paint()
        Measurement.report(
            "table/open",
            [
                "runs": Double(runs.count), "read_ms": read * 1000, "first_ms": (Measurement.wallSeconds() - loaded) * 1000,
                "rss_mb": Measurement.peakMegabytes(),
            ])
        state.press("2")
        state.press("z")
        let walk = ["j", "j", "pgdn", "k", "G", "g", "space", "pgdn", "pgup", "v", "j", "v"]
        measure("scroll", walk, &state, rounds: 40)
        measure("type-filter", ["/"] + "validation:m3 < 4 tag = base*".map { Key($0).name } + ["esc"], &state, rounds: 5)
        measure("type-words", ["/"] + "run-77".map { Key($0).name } + ["esc"], &state, rounds: 10)
        measure("sort", [">", "r", "<", "r"], &state, rounds: 10)
        for name in ["B", "t", "a", "g", "enter"] { state.press(name) }
        measure("grouped", walk + ["Z", "Z"], &state, rounds: 20)
        for name in ["B", "enter"] { state.press(name) }
        train(&state, runs)
    }

    /// Four runs train: their samples and events arrive, and the table stays sorted by what they change.
    private static func train(_ state: inout AppState, _ runs: [RunSummary]) {
        for name in ["S", "b", "e", "s", "t", "enter"] { state.press(name) }
        let live = runs.prefix(4).map(\.record.id)
        for id in live {
            let status = StudioEvent.Kind.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training)))
            _ = reduce(into: &state, .events([StudioEvent(sequence: 1, wallTime: 1, run: id, kind: status)], []))
        }
        var times = Times()
        for step in 0..<200 {
            let groups = live.map { id in
                let sample = MetricSample(
                    sequence: 1, metric: 0, step: 10 + step, epoch: 1, wallTime: 1, value: 50 * sin(Double(step)))
                return RunSamples(run: id, metrics: [.validationLoss], samples: [sample])
            }
            times.measure {
                _ = reduce(into: &state, .events([], groups))
                state.paint()
            }
        }
        times.report("table/samples")
    }

    private static func measure(_ name: String, _ keys: [String], _ state: inout AppState, rounds: Int) {
        var times = Times()
        for _ in 0..<rounds {
            for key in keys {
                times.measure {
                    state.press(key)
                    state.paint()
                }
            }
        }
        times.report("table/" + name)
    }
}
