import Cells
import Events
import Hyperparameters
import Testing

@testable import Studio

/// What the form shows, what it folds away, and how a field and its value are found by typing.
@Suite struct FormFindingTests {
    private func opened(width: Int = 120, height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.press("n")
        return bench
    }

    private func names(_ bench: Bench) -> [FormField.Name] {
        bench.form.map { form in
            form.items.compactMap { if case .field(let index) = $0 { form.fields[index].name } else { nil } }
        } ?? []
    }

    @Test func `what people change is open, the rest is folded with a word on what is set there`() {
        var bench = opened()
        #expect(
            names(bench) == [
                .dataset, .target, .algorithm, .hyperparameter("learning_rate"), .hyperparameter("epochs"),
                .hyperparameter("shuffle"),
            ])
        #expect(Frame(bench.state).text.contains("▸ validation"))
        #expect(Frame(bench.state).text.contains("20 % of the rows"))
        bench.fill(.option("folds"), "5")
        bench.fill(.runName, "mine")
        bench.press("pgup", "left", "pgup", "left", "pgup", "left", "pgup", "left", "pgup", "left")
        let text = Frame(bench.state).text
        #expect(text.contains("5 folds") && text.contains("name mine · experiment default"))
    }

    @Test func `a heading is unfolded and folded by keys and by a click`() {
        var bench = opened()
        for _ in 0..<6 { bench.press("down") }
        #expect(bench.form?.focusedGroup == .reading)
        bench.press("down")
        #expect(bench.form?.focusedGroup == .validation)
        for (key, isOpen) in [("right", true), ("left", false), ("space", true), ("enter", false), ("left", false)] {
            bench.press(key)
            #expect(bench.form?.unfolded.contains(.validation) == isOpen, "\(key)")
        }
        #expect(bench.state.top is NewRunForm)
        let row = Frame(bench.state).buffer.textPlane.firstIndex { $0.contains("▸ stopping") } ?? 0
        bench.click(30, row)
        #expect(bench.form?.unfolded == [.stopping])
        bench.press("down")
        #expect(bench.form?.focused?.name == .hyperparameter("early_stopping_patience"))
    }

    @Test(arguments: ["/", "ctrl-f"])
    func `a field is found by some of its name, wherever it is folded away`(_ key: String) {
        var bench = opened()
        // In a path a slash is a slash.
        if key == "/" { bench.press("down") }
        bench.press(key)
        bench.type("pat")
        #expect(bench.form?.focused?.name == .hyperparameter("early_stopping_patience"))
        #expect(bench.form?.unfolded == [.stopping])
        bench.press("enter")
        bench.type("7")
        #expect(bench.form?[.hyperparameter("early_stopping_patience")] == "7")
        // The next search replaces what stands there.
        bench.press(key)
        bench.type("patience")
        bench.press("tab")
        #expect(bench.form?.replaces == true)
        bench.type("12")
        #expect(bench.form?[.hyperparameter("early_stopping_patience")] == "12")
    }

    @Test func `going on finds the next field, and esc goes back to where it began`() {
        var bench = opened()
        bench.press("down", "down", "/")
        bench.type("validation")
        let first = bench.form?.focused?.name
        bench.press("down")
        let second = bench.form?.focused?.name
        #expect(first != second)
        bench.press("up")
        #expect(bench.form?.focused?.name == first)
        bench.press("esc")
        #expect(bench.form?.focused?.name == .algorithm)
        #expect(bench.form?.unfolded.isEmpty == true && bench.form?.search == nil)
        bench.press("/")
        bench.type("qqqqq")
        #expect(Frame(bench.state).text.contains("no field matches"))
        bench.press("enter")
        #expect(bench.form?.search != nil)
    }

    @Test func `a slash is typed where it can stand`() {
        var bench = opened()
        bench.press("ctrl-u")
        bench.type("a/b.csv")
        #expect(bench.form?[.dataset] == "a/b.csv" && bench.form?.search == nil)
        // Nothing is known of that file's columns, whose names may have slashes.
        bench.press("down")
        bench.type("x/y")
        #expect(bench.form?[.target] == "x/y")
    }

    @Test func `a choice is picked by its beginning, or by some of its letters`() {
        var bench = opened()
        bench.press("down", "down")
        #expect(bench.form?.focused?.name == .algorithm)
        // What stood there is replaced.
        bench.type("km")
        #expect(Frame(bench.state).text.contains("kmeans"))
        bench.press("enter")
        #expect(bench.form?[.algorithm] == "kmeans" && bench.state.top is NewRunForm)
        bench.press("down", "up")
        bench.type("near")
        bench.press("tab")
        #expect(bench.form?[.algorithm] == "linear-learner")
        bench.press("up")
        bench.type("Y")
        // Going on takes what can only be meant so.
        bench.press("down")
        #expect(bench.form?[.target] == "y")
        bench.press("ctrl-s")
        #expect(bench.commands.count == 1)
    }

    @Test func `a word that stands for a number is completed too, and numbers are left alone`() {
        var bench = opened()
        bench.fill(.hyperparameter("early_stopping_patience"), "o")
        bench.press("tab")
        #expect(bench.form?[.hyperparameter("early_stopping_patience")] == "off")
        bench.fill(.hyperparameter("epochs"), "1")
        #expect(bench.form?.focused?.completion == nil)
    }

    @Test func `what a remedy changes is in view, marked, and where the cursor is`() {
        var bench = opened(width: 80, height: 24)
        bench.press("esc")
        bench.addRun("a")
        var alert = Bench.alert
        alert.remedies = [Alert.Remedy("patience", set: ["early_stopping_patience": "50", "shuffle": "true"])]
        bench.post("a", .debugger(.alertRaised(alert)))
        bench.press("4", "f")
        #expect(names(bench).contains(.hyperparameter("early_stopping_patience")))
        #expect(bench.form?.focused?.name == .hyperparameter("shuffle"))
        let text = Frame(bench.state).text
        #expect(text.contains("was 3") && text.contains("was false"))
        // What is changed by hand is told from the run it is like, too.
        bench.fill(.hyperparameter("epochs"), "9")
        #expect(bench.form?.focused.flatMap { bench.form?.before($0) } == "3")
    }

    @Test func `a field is copied from another run`() {
        var bench = opened()
        bench.press("esc")
        bench.addRun("a", name: "old", created: 1)
        bench.addRun("b", name: "new", created: 2)
        bench.post("a", .job(.hyperparametersChanged(HyperparameterChange(["learning_rate": "0.03"], step: 1, epoch: 0))))
        bench.press("n", "/")
        #expect(bench.form?.search == nil)
        bench.press("backspace", "ctrl-f")
        bench.type("lea")
        bench.press("enter", "ctrl-y")
        let entries = (bench.state.top as? Menu).map { MenuEntry.entries(of: $0, bench.state) } ?? []
        #expect(entries.map(\.title) == ["new", "old"])
        bench.type("0.03")
        bench.press("enter")
        #expect(bench.form?[.hyperparameter("learning_rate")] == "0.03")
    }

    @Test func `defaults are those of the preset that is set`() {
        let algorithm = AlgorithmDescription(
            name: "a", title: "A", summary: "", needsTarget: false,
            hyperparameters: [.preset, .init("epochs", .integer(minimum: 1, maximum: 99), default: "10", sageMaker: "1", "")])
        let request = JobRequest(
            datasetPath: "d.csv", target: nil, algorithm: "a", hyperparameters: ["preset": "sagemaker", "epochs": "10"])
        let form = NewRunForm(algorithms: [algorithm], request: request, columns: [])
        #expect(form.fields.first { $0.name == .hyperparameter("epochs") }?.defaultText == "1")
        #expect(form.request == request)
    }

    @Test func `ctrl-c asks before a form that is half filled in is lost, also while a field is searched`() {
        var bench = opened()
        bench.fill(.target, "y")
        bench.press("ctrl-f")
        bench.type("epo")
        bench.press("ctrl-c")
        #expect(bench.state.top is Question)
        bench.press("b")
        #expect(bench.form?[.target] == "y")
    }

    @Test func `a row is in view whatever is unfolded, at every size`() {
        for (width, height) in [(80, 24), (40, 12), (24, 6), (200, 60)] {
            var bench = opened(width: width, height: height)
            for _ in 0..<60 {
                if bench.form?.focusedGroup != nil { bench.press("right") }
                bench.press("down")
                let isField = bench.form?.focused != nil
                #expect(!isField || bench.state.cursorPosition() != nil, "\(width)×\(height)")
            }
        }
    }
}
