import Cells
import Events
import PseudoTerminals
import Testing

@testable import Studio

/// How many keys everyday jobs take, from the home screen with a run selected.
@Suite struct KeystrokeTests {
    /// A studio with three finished runs of one question and one in training, selected.
    private func home() -> Bench {
        var bench = Bench()
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        for (id, loss) in [("a", 0.5), ("b", 0.2), ("c", 0.3)] {
            bench.addRun(id, status: .completed, created: loss)
            bench.record(id, "validation:loss", [1, loss])
        }
        bench.addRun("t", created: 9)
        bench.record("t", "validation:loss", [0.9])
        bench.press("2")
        bench.state.experiments.select(RunID("t"))
        return bench
    }

    /// Presses a script's keys and says how many there were.
    private func press(_ script: String, _ bench: inout Bench) -> Int {
        let keystrokes = Keystrokes(script)
        bench.effects = []
        for key in keystrokes.keys { bench.send(.input(.key(key))) }
        return keystrokes.count
    }

    private func started(_ bench: Bench) -> JobRequest? {
        bench.commands.compactMap { if case .startJob(let request) = $0 { request } else { nil } }.first
    }

    @Test func `a run with one changed value takes 11 keys, and 6 where it is the first one`() {
        var bench = home()
        #expect(press("e / lea enter 0.01 ctrl-s", &bench) == 11)
        #expect(started(bench)?.hyperparameters == ["epochs": "3", "learning_rate": "0.01"])
        bench = home()
        #expect(press("e 0.01 ctrl-s", &bench) == 6)
        #expect(started(bench)?.hyperparameters == ["epochs": "3", "learning_rate": "0.01"])
        // A setting that is folded away, and that had a value.
        bench = home()
        #expect(press("e / pat enter 9 ctrl-s", &bench) == 8)
        #expect(started(bench)?.hyperparameters == ["epochs": "3", "early_stopping_patience": "9"])
        bench = home()
        #expect(press("e / epo enter 50 ctrl-s", &bench) == 9)
        #expect(started(bench)?.hyperparameters == ["epochs": "50"])
    }

    @Test func `steering takes 8 keys`() {
        for script in ["E l tab 0.01 enter", "E le=.01 enter", "E tab 0.01 enter"] {
            var bench = home()
            #expect(press(script, &bench) <= 8)
            #expect(bench.commands.count == 1)
            guard case .changeHyperparameters(let run, let changes)? = bench.commands.first else { continue }
            #expect(run == RunID("t") && Double(changes["learning_rate"] ?? "") == 0.01)
        }
    }

    @Test func `a fork of the best evaluation takes 2 keys, and with one changed value 7`() {
        var bench = home()
        #expect(press("F", &bench) == 1)
        bench.answer(FindForkPlaces(RunID("t")), ForkPlaces(steps: [900, 400], bestStep: 700))
        #expect(press("enter", &bench) == 1)
        #expect(bench.commands == [.forkJob(RunID("t"), at: .best, settings: [:])])
        // Also when the hand is quicker than the disk.
        bench = home()
        #expect(press("F tab 0.01 enter", &bench) == 7)
        #expect(bench.commands.isEmpty)
        bench.answer(FindForkPlaces(RunID("t")), ForkPlaces(steps: [900, 400], bestStep: 700))
        #expect(bench.commands == [.forkJob(RunID("t"), at: .best, settings: ["learning_rate": "0.01"])])
    }

    @Test func `the best run is one key away`() {
        var bench = home()
        #expect(bench.selectedName == "run-t")
        #expect(press("*", &bench) == 1)
        #expect(bench.selectedName == "run-b")
        #expect(bench.state.toast?.text == "run-b is the best of 4 runs: validation:loss 0.2000")
    }

    @Test func `from an alert to its remedy it takes 3 keys`() {
        var bench = home()
        var alert = Bench.alert
        alert.remedies = [Alert.Remedy("slower", set: ["learning_rate": "0.02"])]
        bench.post("t", .debugger(.alertRaised(alert)))
        #expect(press("4 f ctrl-s", &bench) == 3)
        #expect(started(bench)?.hyperparameters["learning_rate"] == "0.02")
    }

    @Test func `three runs are compared with 5 keys`() {
        var bench = home()
        #expect(press("g space space space c", &bench) <= 5)
        #expect(bench.state.top is ComparePage)
        #expect((bench.state.top as? ComparePage)?.runs.count == 3)
    }

    @Test func `what a terminal sends for the keys is what they are`() {
        #expect(Keystrokes("e / lea enter 0.01 ctrl-s").bytes.joined().elementsEqual("e/lea\r0.01\u{13}".utf8))
        #expect(Keystrokes("esc shift-tab down").bytes.map(\.count) == [1, 3, 3])
    }
}
