import Cells
import Events
import Testing

@testable import Studio

@Suite("Steering")
struct SteeringTests {
    private var prompt: (Bench) -> SteerPrompt? = { $0.state.top as? SteerPrompt }

    @Test("E asks for NAME=VALUE and sends it to the run", arguments: ["2", "3"])
    func steering(_ pane: String) {
        var bench = Bench()
        bench.addRun("a")
        bench.press(pane, "E")
        #expect(prompt(bench)?.run == RunID("a"))
        bench.type("learning_rate=0.01 early_stopping_patience=9")
        bench.press("enter")
        #expect(
            bench.commands == [.changeHyperparameters(RunID("a"), ["learning_rate": "0.01", "early_stopping_patience": "9"])])
        #expect(bench.state.top == nil)
    }

    @Test("what is wrong is said at the prompt, which stays open; typing on takes it away")
    func mistakes() {
        var bench = Bench()
        bench.addRun("a")
        bench.press("2", "E", "enter")
        #expect(prompt(bench)?.message == "nothing to set: write NAME=VALUE, such as learning_rate=0.01")
        bench.type("learning_rate=")
        #expect(prompt(bench)?.message == nil)
        bench.type("-1")
        #expect(prompt(bench)?.message == "learning_rate = '-1' is not valid: give a number > 0")
        bench.press("enter")
        #expect(prompt(bench) != nil)
        bench.press("esc", "E")
        bench.type("epochs=3")
        #expect(
            prompt(bench)?.message
                == "linear-learner cannot change 'epochs' while it trains: set learning_rate, early_stopping_patience")
        #expect(bench.commands.isEmpty)
        bench.press("esc")
        #expect(bench.state.top == nil)
    }

    @Test("a run that is done is not steered")
    func done() {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed)
        bench.press("2", "E")
        #expect(bench.state.top == nil)
        #expect(bench.state.toast?.text == "adam is not running")
    }

    @Test("names complete, with what they are now, and a beginning that is the only one will do")
    func completion() {
        var bench = Bench()
        bench.addRun("a")
        bench.press("2", "E")
        bench.type("lea")
        #expect(Frame(bench.state).text.contains("learning_rate (now 0.1)"))
        bench.type(" 0.01 ear = 9")
        #expect(prompt(bench)?.message == nil)
        #expect(Frame(bench.state).text.contains("0.1 → 0.01"))
        bench.press("enter")
        #expect(
            bench.commands == [.changeHyperparameters(RunID("a"), ["learning_rate": "0.01", "early_stopping_patience": "9"])])
        // tab takes the selected setting, then the next one, then another behind a value.
        bench.press("E", "tab")
        #expect(prompt(bench)?.field.text == "learning_rate=")
        bench.press("tab")
        #expect(prompt(bench)?.field.text == "early_stopping_patience=")
        bench.type("4")
        bench.press("tab")
        #expect(prompt(bench)?.field.text == "early_stopping_patience=4 learning_rate=")
        bench.press("esc", "E", "down", "tab")
        #expect(prompt(bench)?.field.text == "early_stopping_patience=")
        bench.press("shift-tab")
        #expect(prompt(bench)?.field.text == "learning_rate=")
        // A part of a name finds it too.
        bench.press("ctrl-u")
        bench.type("patien")
        bench.press("tab")
        #expect(prompt(bench)?.field.text == "early_stopping_patience=")
    }

    @Test("a beginning of several names is not taken for one of them")
    func ambiguous() {
        var algorithm = Bench.algorithms[0]
        algorithm.steerable = ["learning_rate", "l1"]
        algorithm.hyperparameters.append(.init("l1", .nonNegative, default: "0", "Penalty."))
        #expect(algorithm.changeWords(typed: "le .1 l=2") == ["learning_rate=.1", "l=2"])
        #expect(throws: HyperparameterProblem("'l' may be learning_rate or l1: type more of it")) {
            try algorithm.changes(parsing: algorithm.changeWords(typed: "l=2"))
        }
        // A whole name is itself, also where another begins with it.
        algorithm.steerable = ["wd", "wd_mult"]
        #expect(algorithm.changeWords(typed: "wd 1") == ["wd=1"])
    }

    @Test("F asks where to fork and what to change, the best evaluation chosen at first", arguments: ["2", "3"])
    func forking(_ pane: String) {
        var bench = Bench()
        bench.addRun("a", status: .completed)
        bench.record("a", "validation:loss", [5, 4, 3])
        bench.press(pane, "F")
        #expect(bench.asked(FindForkPlaces(RunID("a"))))
        bench.answer(FindForkPlaces(RunID("a")), ForkPlaces(steps: [], bestStep: nil))
        bench.press("enter")
        #expect(prompt(bench)?.message?.hasPrefix("the run has no checkpoint") == true)
        bench.press("esc", "F")
        bench.answer(FindForkPlaces(RunID("a")), ForkPlaces(steps: [900, 400, 100], bestStep: 700))
        #expect(prompt(bench)?.fork?.entries.map(\.step) == [900, 700, 400, 100])
        #expect(prompt(bench)?.fork?.selected == 1)
        bench.press("down", "down", "down", "up", "up")
        bench.type("learning_rate=0.01")
        bench.press("enter")
        let fork = StudioCommand.forkJob(RunID("a"), at: .notAfter(400), settings: ["learning_rate": "0.01"])
        #expect(bench.commands == [fork])
        #expect(bench.state.top == nil)
        // Without an evaluation in the newest checkpoint that is where it begins.
        bench.press(pane, "F")
        bench.answer(FindForkPlaces(RunID("a")), ForkPlaces(steps: [900, 400], bestStep: nil))
        bench.press("enter")
        #expect(bench.commands == [.forkJob(RunID("a"), at: .newest, settings: [:])])
    }

    @Test("a fork is marked where it left its parent")
    func fork() {
        var bench = Bench()
        bench.addRun("p", name: "parent")
        var record = Bench.record("c", name: "child", created: 9)
        record.fork = RunFork(parent: RunID("p"), step: 2)
        bench.post("c", .run(.registered(record)))
        bench.post("c", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))))
        bench.record("c", "validation:loss", [5, 4, 3])
        let mark = CurvesScene(bench.state).chart.marks.first { $0.label == "fork of parent" }
        #expect(mark?.x == 2)
    }

    @Test("a change is marked on the curve at its step, once, and kept with the run")
    func mark() {
        var bench = Bench()
        bench.addRun("a")
        bench.record("a", "validation:loss", [5, 4, 3, 2, 1])
        let change = StudioEvent.Kind.job(
            .hyperparametersChanged(HyperparameterChange(["learning_rate": "0.03"], step: 3, epoch: 0.3)))
        bench.post("a", change)
        bench.send(.changesLoaded(RunID("a"), [StudioEvent(sequence: 0, wallTime: 1, run: RunID("a"), kind: change)]))
        bench.post("a", change)
        let marks = CurvesScene(bench.state).chart.marks.filter { $0.kind == .line }
        #expect(marks.map(\.x) == [3])
        #expect(marks.first?.scalar == "┆")
        #expect(marks.first?.label == "learning_rate = 0.03")
        #expect(bench.state.runs[RunID("a")]?.record.hyperparameters["learning_rate"] == "0.03")
        #expect(bench.state.toast?.text == "run-a: learning_rate = 0.03 from step 3 on")
    }

    @Test("a script's settings are shown with what they are now, those that it says can be set first")
    func script() {
        for key in ["E", "F"] {
            var bench = Bench(width: 120, height: 40)
            bench.state.algorithms.append(
                AlgorithmDescription(
                    name: JobRequest.scriptAlgorithm, title: "Script", summary: "", needsTarget: false, hyperparameters: [],
                    takesAnySetting: true))
            var record = Bench.record("a", name: "mine")
            record.algorithm = JobRequest.scriptAlgorithm
            record.request = JobRequest(
                datasetPath: "", target: nil, algorithm: record.algorithm, hyperparameters: ["batch": "32"])
            (record.hyperparameters, record.steerable) = (
                ["batch": "32", "learning_rate": "0.1", "widths": "8"], ["learning_rate"]
            )
            bench.post("a", .run(.registered(record)))
            bench.post("a", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 100))))
            bench.post("a", .job(.hyperparametersChanged(HyperparameterChange(["learning_rate": "0.025"], step: 3, epoch: 0))))
            bench.record("a", "train:loss", [0.5])
            bench.press("2", key)
            #expect(prompt(bench)?.names == ["learning_rate", "batch", "widths"])
            let rows = Frame(bench.state).text.split(separator: "\n")
            for (name, value) in [("learning_rate", "0.025"), ("batch", "32"), ("widths", "8")] {
                #expect(
                    rows.contains { $0.contains(name) && $0.split(separator: " ").contains { $0 == value } }, "\(key) \(name)")
            }
        }
    }
}
