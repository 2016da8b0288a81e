import Cells
import Events
import Hyperparameters
import Testing

@testable import Studio

@Suite("The form of a script")
struct ScriptFormTests {
    private func bench() -> Bench {
        var bench = Bench(width: 120, height: 40)
        bench.state.algorithms.append(
            AlgorithmDescription(
                name: JobRequest.scriptAlgorithm, title: "Script", summary: "A program.", needsTarget: false, hyperparameters: [],
                takesAnySetting: true))
        bench.press("n")
        bench.fill(.algorithm, "script")
        return bench
    }

    @Test("a script is named with its settings, and neither a target nor data is asked for")
    func request() throws {
        var bench = bench()
        #expect(bench.form?.firstProblem != nil)
        bench.fill(.option("script"), "train.py")
        bench.fill(.settings, "lr=0.1 epochs=5")
        bench.fill(.option("metric"), "a=b: (.*?), ;; c=d=([0-9.]+)")
        let request = try #require(bench.form?.request)
        #expect(request.script == "train.py" && request.hyperparameters == ["lr": "0.1", "epochs": "5"])
        #expect(request.metrics == ["a=b: (.*?),", "c=d=([0-9.]+)"] && request.target == nil && request.validationSplit == 0)
        #expect(bench.form?.firstProblem == nil)
        bench.fill(.settings, "lr 0.1")
        #expect(bench.form?.problem(at: try #require(bench.form?.place(of: .settings))) == "write NAME=VALUE, spaces between")
        // The same request fills a form again.
        bench.fill(.settings, "lr=0.1 epochs=5")
        let again = NewRunForm(algorithms: bench.state.algorithms, request: try #require(bench.form?.request), columns: [])
        #expect(again.request == bench.form?.request)
    }

    @Test("declared settings have fields of their own, with what was typed of them")
    func declared() throws {
        var bench = bench()
        bench.fill(.settings, "lr=0.1 other=1")
        bench.fill(.option("script"), "train.py")
        let query = DescribeScript(script: "train.py", description: "")
        #expect(bench.asked(query))
        bench.answer(
            query,
            DescribeScript.Answer([
                Hyperparameter("lr", .positive, default: "0.5", "the rate"),
                Hyperparameter("depth", .integer(minimum: 1, maximum: 9), default: "3", ""),
            ]))
        let form = try #require(bench.form)
        #expect(form[.hyperparameter("lr")] == "0.1" && form[.hyperparameter("depth")] == "3" && form[.settings] == "other=1")
        #expect(form.request.hyperparameters == ["lr": "0.1", "other": "1"])
        bench.fill(.hyperparameter("depth"), "12")
        #expect(bench.form?.firstProblem != nil)
        bench.fill(.option("script"), "broken.py")
        bench.answer(DescribeScript(script: "broken.py", description: ""), DescribeScript.Answer([], problem: "it is no JSON"))
        #expect(bench.form?.problem(at: try #require(bench.form?.place(of: .option("script")))) == "it is no JSON")
    }

    /// The run that a request asked for, selected.
    private func bench(_ request: JobRequest, fork: RunFork? = nil) -> Bench {
        var bench = Bench(width: 120, height: 40)
        bench.state.algorithms.append(
            AlgorithmDescription(
                name: JobRequest.scriptAlgorithm, title: "Script", summary: "A program.", needsTarget: false,
                hyperparameters: [Hyperparameter("max_runtime_in_seconds", .nonNegative, default: "0", "")],
                takesAnySetting: true))
        var record = Bench.record("a", name: "mine")
        record.request = request
        (record.algorithm, record.seed, record.fork) = (request.algorithm, request.seed, fork)
        record.hyperparameters = request.hyperparameters
        bench.post("a", .run(.registered(record)))
        bench.post(
            "a", .job(.finished(JobResult(name: "mine", status: .completed, reason: .finished, bestStep: nil, metrics: [:]))))
        bench.press("2")
        return bench
    }

    private var whole: JobRequest {
        var request = JobRequest(
            datasetPath: "data.csv", target: "y", algorithm: JobRequest.scriptAlgorithm,
            hyperparameters: ["lr": "0.1", "title": "two words", "layers": "[1, 2]", "max_runtime_in_seconds": "60"],
            validationSplit: 0.2, experiment: "late", name: "mine", seed: 7, reading: ["delimiter": ";"])
        (request.script, request.description, request.folder) = ("/there/train.py", "/there/more.json", "/there")
        (request.metrics, request.group, request.validationOrder) = (["a=b: (.*?),", "c=d=([0-9.]+)"], "x", "file")
        return request
    }

    @Test("e opens with all that a run was asked for, whoever trained it")
    func again() {
        var command = whole
        (command.script, command.description, command.command) = (nil, nil, "torchrun train.py | tee log")
        (command.datasetPath, command.target, command.validationSplit, command.reading) = ("", nil, 0, [:])
        (command.group, command.validationOrder) = (nil, nil)
        var file = whole
        (file.validationSplit, file.validationPath) = (0, "held.csv")
        var learner = JobRequest(
            datasetPath: "data.csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "9"],
            validationSplit: 0.3, experiment: "late", seed: 7, weight: "x", prepare: "pca=2", drop: ["x"],
            reading: ["delimiter": ";"])
        (learner.task, learner.positive, learner.validationOrder, learner.group) = ("classification", "1", "stratified", "x")
        (learner.folds, learner.keep, learner.text, learner.wantsBaselines) = (3, ["x"], ["x": "words"], true)
        var plain = learner
        (plain.validationSplit, plain.validationPath, plain.folds) = (0, "held.csv", nil)
        for asked in [whole, command, file, learner, plain] {
            var bench = bench(asked)
            bench.press("e")
            var wanted = asked
            wanted.name = nil
            #expect(bench.form?.request == wanted)
            #expect(bench.form?.isChanged == false && bench.form?.fields.allSatisfy { bench.form?.before($0) == nil } == true)
        }
    }

    @Test("e on a fork opens with what the fork was given")
    func fork() {
        var bench = bench(whole, fork: RunFork(parent: RunID("p"), step: 3, settings: ["lr": "0.01", "depth": "2"]))
        bench.press("e")
        #expect(bench.form?.request.hyperparameters["lr"] == "0.01" && bench.form?.request.hyperparameters["depth"] == "2")
    }

    @Test("a setting of a script is another one in at most twelve keys")
    func keys() {
        var bench = bench(whole)
        let keys = ["e", "/", "l", "r", "enter", "0", ".", "0", "1", "ctrl-s"]
        bench.press(keys[0], keys[1], keys[2], keys[3], keys[4], keys[5], keys[6], keys[7], keys[8], keys[9])
        var wanted = whole
        (wanted.name, wanted.hyperparameters["lr"]) = (nil, "0.01")
        #expect(keys.count <= 12 && bench.commands.first == .startJob(wanted))
        // Emptied it is not given, and further ones have a field.
        bench.press("e")
        bench.fill(.hyperparameter("title"), "")
        bench.fill(.settings, "more=1")
        #expect(
            bench.form?.request.hyperparameters == ["lr": "0.1", "layers": "[1, 2]", "more": "1", "max_runtime_in_seconds": "60"])
    }
}
