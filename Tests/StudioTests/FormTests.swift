import Events
import Testing

@testable import Studio

@Suite("The new-run form")
struct FormTests {
    private func opened() -> Bench {
        var bench = Bench()
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.press("n")
        return bench
    }

    @Test("it starts from the opened data and knows its columns")
    func prefilled() {
        let bench = opened()
        #expect(bench.form?[.dataset] == "data.csv")
        #expect(bench.form?.fields.first { $0.name == .target }?.choices == ["x", "y"])
    }

    @Test("columns to leave out are typed, completed and gone through, one after the other")
    func drop() {
        var bench = opened()
        bench.fill(.option("drop"), "x, z")
        #expect(bench.form.flatMap { $0.problem(at: $0.focusedIndex ?? 0) }?.contains("“z”") == true)
        bench.fill(.option("drop"), "x,")
        bench.press("right")
        #expect(bench.form?[.option("drop")] == "x, x")
        bench.press("right")
        #expect(bench.form?[.option("drop")] == "x, y")
        #expect(bench.form?.request.drop == ["x", "y"])
    }

    @Test("what the profile advises is one key away, and nothing is advised that is done")
    func advice() {
        var profile = Bench.profile
        profile.advice = [
            DatasetProfile.Advice(topic: "validation", reason: "t orders the rows", options: ["validation-order": "time"]),
            DatasetProfile.Advice(topic: "metric", reason: "far out", options: ["objective": "mae"]),
            DatasetProfile.Advice(topic: "validation", reason: "few rows", options: ["folds": "5"]),
        ]
        var bench = Bench()
        bench.post(nil, .dataset(.profiled(profile)))
        bench.press("n")
        bench.press("down")
        #expect(Frame(bench.state).text.contains("→ t orders the rows   ctrl-t --validation-order time"))
        bench.press("ctrl-t")
        #expect(bench.form?[.option("validation-order")] == "time" && bench.form?[.option("folds")] == "")
        #expect(bench.form?.focused?.name == .option("validation-order"))
        bench.press("ctrl-t")
        #expect(bench.form?.request.folds == 5)
        #expect(bench.form?.advice(bench.state) == nil)
    }

    @Test("only what differs from the defaults is sent")
    func request() {
        var bench = opened()
        bench.fill(.target, "y")
        bench.fill(.hyperparameter("epochs"), "20")
        bench.fill(.hyperparameter("shuffle"), "false")
        bench.press("ctrl-s")
        let request = JobRequest(
            datasetPath: "data.csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "20"])
        #expect(bench.commands == [.startJob(request)])
        #expect(bench.state.top == nil)
    }

    @Test("row weights and preparation are sent, and are there when a run is repeated")
    func weightsAndPreparation() {
        var bench = opened()
        bench.fill(.target, "y")
        bench.fill(.option("weight"), "z")
        bench.press("ctrl-s")
        #expect(bench.form?.message == "row weights: the file has no column “z”")
        bench.fill(.option("weight"), "x")
        bench.fill(.option("prepare"), "pca=2")
        bench.press("ctrl-s")
        let request = JobRequest(
            datasetPath: "data.csv", target: "y", algorithm: "linear-learner", weight: "x", prepare: "pca=2")
        #expect(bench.commands == [.startJob(request)])
        #expect(NewRunForm(algorithms: bench.state.algorithms, request: request, columns: []).request == request)
    }

    @Test("a wrong value is refused, and the form goes to its field")
    func wrong() {
        var bench = opened()
        bench.fill(.target, "y")
        bench.fill(.hyperparameter("epochs"), "0")
        bench.press("up", "enter")
        #expect(bench.commands.isEmpty)
        #expect(bench.form?.focused?.name == .hyperparameter("epochs"))
        #expect(bench.form?.message == "epochs: takes an integer in 1...100")
    }

    @Test("a target is needed, must be a column, and is left out where none is taken")
    func target() {
        var bench = opened()
        bench.press("enter")
        #expect(bench.form?.message == "target: linear-learner needs a target column")
        bench.fill(.target, "z")
        bench.press("enter")
        #expect(bench.form?.message == "target: the file has no column “z”")
        bench.fill(.algorithm, "kmeans")
        bench.fill(.target, "y")
        bench.press("enter")
        #expect(bench.commands == [.startJob(JobRequest(datasetPath: "data.csv", target: nil, algorithm: "kmeans"))])
    }

    @Test("arrows go through choices, tab completes them")
    func choices() {
        var bench = opened()
        bench.fill(.target, "")
        bench.press("right")
        #expect(bench.form?[.target] == "y")
        bench.press("right")
        #expect(bench.form?[.target] == "x")
        bench.fill(.algorithm, "km")
        bench.press("tab")
        #expect(bench.form?[.algorithm] == "kmeans")
        #expect(bench.form?.fields.contains { $0.name == .hyperparameter("k") } == true)
    }

    @Test("what was entered is there the next time")
    func remembers() {
        var bench = opened()
        bench.fill(.target, "y")
        bench.fill(.hyperparameter("epochs"), "20")
        bench.press("esc", "n")
        #expect(bench.form?[.target] == "y")
        #expect(bench.form?[.hyperparameter("epochs")] == "20")
    }

    @Test("a path is completed from the program's list")
    func path() {
        var bench = opened()
        bench.fill(.dataset, "da")
        #expect(bench.asked(ListPaths("da")))
        bench.answer(ListPaths("da"), ["data.csv"])
        bench.press("tab")
        #expect(bench.form?[.dataset] == "data.csv")
    }

    @Test("a run that is started to mend something says what, and the next one does not")
    func remedies() {
        var bench = opened()
        bench.press("esc")
        bench.addRun("a")
        var alert = Bench.alert
        alert.remedies = [Alert.Remedy("slower", set: ["learning_rate": "0.01"])]
        bench.post("a", .debugger(.alertRaised(alert)))
        bench.press("4", "f", "ctrl-s")
        let started = bench.commands.compactMap { if case .startJob(let request) = $0 { request } else { nil } }
        #expect(started.map(\.remedies) == [AlertReference(run: RunID("a"), rule: alert.rule)])
        #expect(started.first?.hyperparameters["learning_rate"] == "0.01")
        bench.press("2", "n", "ctrl-s")
        let next = bench.commands.compactMap { if case .startJob(let request) = $0 { request } else { nil } }
        #expect(next.count == 1 && next.first?.remedies == nil)
    }

    @Test("the run that was started is the one selected")
    func selectsFresh() {
        var bench = opened()
        bench.addRun("old", created: 99)
        bench.fill(.target, "y")
        bench.press("enter")
        bench.addRun("new", name: "fresh", created: 5)
        #expect(bench.selectedName == "fresh")
    }

    @Test("a paste goes into the field, and on the home screen nowhere")
    func paste() {
        var bench = opened()
        bench.press("ctrl-u")
        bench.send(.input(.paste("other.csv\n")))
        #expect(bench.form?[.dataset] == "other.csv")
        bench.press("esc")
        bench.send(.input(.paste("qqq")))
        #expect(bench.state.top == nil)
        #expect(!bench.effects.contains { if case .quit = $0 { true } else { false } })
    }
}
