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
}
