import Cells
import Events
import Testing

@testable import Studio

@Suite("The runs table")
struct RunTableTests {
    private func several(width: Int = 120) -> Bench {
        var bench = Bench(width: width, height: 40)
        for index in 0..<6 {
            let id = "r\(index)"
            bench.addRun(id, name: "run-\(index)", created: Double(index))
            bench.record(id, "validation:loss", [Double(10 - index), Double(6 - index)])
        }
        bench.press("2", "g")
        return bench
    }

    @Test("a filter that cannot be read says where, and keeps the view")
    func problem() throws {
        var bench = several()
        bench.press("/")
        bench.type("loss <")
        #expect(bench.names.count == 6)
        #expect(bench.state.experiments.filterProblem?.message == "expected a value")
        bench.type(" 3")
        #expect(bench.names == ["run-5", "run-4"])
        #expect(bench.state.experiments.filterProblem == nil)
        bench.type(" lozz > 1")
        #expect(bench.state.experiments.filterProblem?.message == "no run has lozz: did you mean loss?")
        #expect(bench.names == ["run-5", "run-4"])
    }

    private func title(_ bench: Bench) -> String {
        guard let rect = bench.state.layout.panes[.experiments] else { return "" }
        return String(Frame(bench.state).text.split(separator: "\n")[rect.y].prefix(rect.width))
    }

    @Test("rows that the filter did not find are pale, and the title says what they are")
    func olderRows() throws {
        var bench = several(width: 160)
        func styles() -> Set<ColorRole> {
            let rows = StudioLayout.runRows(bench.state.layout.interior(.experiments))
            var buffer = CellBuffer(size: bench.state.size)
            draw(bench.state, into: &buffer)
            return Set((0..<6).flatMap { y in (rows.x..<rows.maxX).map { buffer[$0, rows.y + y].style.foreground } })
        }
        #expect(styles().contains(.text))
        bench.press("/")
        bench.type("lozs")
        #expect(styles().isSubset(of: [.muted, .faint]))
        #expect(title(bench).contains("no match"))
        #expect(title(bench).contains("shown: l"))
        // In the middle of a condition nobody is told that it is wrong.
        bench.press("ctrl-u")
        bench.type("loss <")
        #expect(!title(bench).contains("no match"))
        bench.type(" 3")
        #expect(styles().contains(.text))
        bench.type(" lozz > 1")
        #expect(title(bench).contains("shown: loss < 3 l"))
        #expect(styles().isSubset(of: [.muted, .faint]))
    }

    @Test("what is wrong with a filter is said in full where there is little room", arguments: [80, 120])
    func narrow(_ width: Int) {
        var bench = several(width: width)
        bench.press("/")
        bench.type("validation:lozz < 3 and name = run-1")
        let text = Frame(bench.state).text.split(separator: "\n").map { $0.prefix(width * 2 / 5) }.joined()
        let words = text.replacing(/[│ ]+/, with: " ")
        #expect(words.contains("no run has validation:lozz: did you mean validation:loss?"))
    }

    @Test("a name that no run has marks nothing, and says what may be meant")
    func markingUnknown() {
        var bench = several()
        bench.press("M")
        bench.type("lozs < 3")
        bench.press("enter")
        #expect((bench.state.top as? LinePrompt)?.problem?.message == "no run has lozs: did you mean loss?")
        bench.press("ctrl-u")
        bench.type("loss < 3")
        bench.press("enter")
        #expect(bench.state.experiments.marks.count == 2)
    }

    @Test("a filter that cannot be read is not kept: enter says why, and one goes on typing")
    func acceptingProblem() {
        var bench = several()
        bench.press("/")
        bench.type("lozz > 1")
        bench.press("enter")
        #expect(bench.state.experiments.filter.isEditing)
        #expect(bench.state.toast?.text == "no run has lozz: did you mean loss?")
        bench.press("ctrl-u")
        bench.type("nobody")
        bench.press("enter")
        #expect(!bench.state.experiments.filter.isEditing)
        #expect(bench.state.toast?.text == "“nobody” matches nothing: all are shown")
    }

    @Test("a saved view whose filter cannot be read says so, and shows no rows as its own")
    func viewProblem() throws {
        var settings = Settings()
        settings.runViews = ["broken": try #require(RunView(settingsWord: "sort=best; filter=loss <"))]
        var bench = Bench(settings: settings)
        bench.addRun("a", created: 1)
        bench.press("V")
        bench.type("broken")
        bench.press("enter")
        #expect(bench.state.toast?.text == "the filter of broken cannot be read: expected a value")
        #expect(title(bench).contains("/loss < "))
        #expect(Frame(bench.state).text.contains("expected a value"))
        bench.press("esc")
        #expect(!title(bench).contains("loss"))
    }

    @Test("a filter follows the runs as their metrics change")
    func live() {
        var bench = several()
        bench.press("/")
        bench.type("loss < 1.5")
        bench.press("enter")
        #expect(bench.names == ["run-5"])
        let sample = MetricSample(sequence: 1, metric: 0, step: 9, epoch: 1, wallTime: 1001, value: 0.5)
        bench.send(.events([], [RunSamples(run: RunID("r1"), metrics: [.validationLoss], samples: [sample])]))
        #expect(bench.names == ["run-5", "run-1"])
    }

    @Test("a filter that is given up leaves the runs that the one before found")
    func filterBefore() {
        var bench = several()
        bench.press("/")
        bench.type("loss < 3")
        bench.press("enter", "/")
        bench.type(" loss < 1.5")
        #expect(bench.names == ["run-5"])
        bench.press("esc")
        #expect(bench.names == ["run-5", "run-4"])
    }

    @Test("tab completes names and values in the filter")
    func completion() {
        var bench = several()
        bench.press("/")
        bench.type("learn")
        bench.press("tab")
        #expect(bench.state.experiments.filter.field.text == "learning_rate")
        bench.type(" = 0.1 status = r")
        bench.press("tab")
        #expect(bench.state.experiments.filter.field.text == "learning_rate = 0.1 status = running")
        #expect(bench.names.count == 6)
    }

    @Test("an expression typed into the palette filters the runs")
    func palette() {
        var bench = several()
        bench.press(":")
        bench.type("loss < 3 and name ~ run*")
        bench.press("enter")
        #expect(bench.state.top == nil)
        #expect(bench.names == ["run-5", "run-4"])
    }

    @Test("chosen columns stand in the chosen order, scroll when they do not fit, and are remembered")
    func columns() throws {
        var bench = several(width: 80)
        bench.press("z", "f")
        guard let chooser = bench.state.top as? ColumnChooser else {
            Issue.record("no list of columns")
            return
        }
        for _ in chooser.chosen { bench.press("space") }
        for word in [
            "best:validation:loss", "step:validation:loss", "epochs", "learning_rate", "note", "algorithm", "dataset", "created",
        ] {
            bench.press("ctrl-u")
            bench.type(word)
            bench.press("space")
        }
        bench.press("ctrl-u", "K", "enter")
        let columns = try #require(bench.state.experiments.columns)
        #expect(columns.prefix(3).map(\.word) == ["best:validation:loss", "step:validation:loss", "epochs"])
        #expect(Settings.parse(bench.state.settings.text).settings == bench.state.settings)
        func shown() -> [String] { RunTable(bench.state, in: bench.state.layout.interior(.experiments)).shownColumns.map(\.word) }
        #expect(shown().prefix(3) == ["badge", "name", "best:validation:loss"])
        #expect(!shown().contains("created"))
        for _ in 0..<7 { bench.press("l") }
        #expect(shown().prefix(3) == ["badge", "name", "created"])
    }

    /// Runs of two algorithms that differ in three settings, one of them in nearly each.
    private func searched(width: Int, height: Int = 60) -> Bench {
        var bench = Bench(width: width, height: height)
        for index in 0..<6 {
            var record = Bench.record("r\(index)", name: "run-\(index)", created: Double(index))
            record.hyperparameters["learning_rate"] = "0.\(index + 1)"
            record.request.hyperparameters["learning_rate"] = "0.\(index + 1)"
            record.request.hyperparameters["optimizer"] = index < 3 ? "adam" : "sgd"
            record.hyperparameters["optimizer"] = index < 3 ? "adam" : "sgd"
            // Nobody gave it: it follows from the data.
            record.hyperparameters["l1"] = "0.00\(index + 1)"
            bench.post(record.id.text, .run(.registered(record)))
        }
        bench.press("2", "g")
        return bench
    }

    private func shown(_ bench: Bench) -> [String] {
        RunTable(bench.state, in: bench.state.layout.interior(.experiments)).shownColumns.map(\.word)
    }

    @Test("with room, the table shows the settings that tell the runs apart, the most telling first, and none that all share")
    func tellingColumns() throws {
        var bench = searched(width: 200)
        let narrow = shown(bench)
        #expect(narrow.contains("learning_rate"))
        bench.press("z")
        let wide = shown(bench)
        let settings = wide.filter { ["learning_rate", "optimizer", "l1", "epochs"].contains($0) }
        #expect(settings == ["learning_rate", "optimizer", "l1"])
        #expect(wide.contains("algorithm") && wide.contains("dataset"))
        #expect(Frame(bench.state).text.contains("adam"))
        var small = searched(width: 80, height: 24)
        small.press("z")
        #expect(shown(small).starts(with: ["badge", "status", "name", "objective"]))
        #expect(shown(small).contains("progress"))
    }

    @Test("chosen columns stay first as they are; where there is room left, what tells the runs apart follows")
    func chosenColumnsGrow() throws {
        var bench = searched(width: 200)
        bench.press("z")
        _ = bench.state.setColumns([.duration, .field(.named("optimizer"))])
        bench.press("j")
        #expect(shown(bench) == ["badge", "name", "duration", "optimizer", "algorithm", "dataset", "learning_rate", "l1"])
        let before = RunTable(bench.state, in: bench.state.layout.interior(.experiments))
        #expect(!before.hidden.right && !before.hidden.left)
        // With less room they scroll as they did, and nothing is scrolled to that nobody chose.
        var small = searched(width: 40, height: 20)
        small.press("z")
        _ = small.state.setColumns([.duration, .field(.named("optimizer")), .created])
        small.press("j")
        #expect(shown(small) == ["badge", "name", "duration", "optimizer"])
        let table = RunTable(small.state, in: small.state.layout.interior(.experiments))
        #expect(table.hidden.right)
    }

    @Test("a chosen column is moved before the one above it")
    func moveColumn() {
        var bench = several(width: 200)
        bench.press("f")
        guard let before = bench.state.top as? ColumnChooser else { return }
        bench.press("down", "K")
        guard let after = bench.state.top as? ColumnChooser else { return }
        #expect(after.chosen.prefix(2) == [before.chosen[1], before.chosen[0]])
        #expect(after.cursor.index == 0)
    }

    @Test("groups count their runs and sum up the objective, fold, and are marked as one")
    func groups() throws {
        var bench = several()
        for index in [0, 1, 2] { bench.post("r\(index)", .run(.edited(RunEdit(tags: ["old"])))) }
        bench.press("B")
        bench.type("tag")
        bench.press("enter")
        #expect(bench.state.experiments.groups.map(\.name) == ["", "old"])
        let old = try #require(bench.state.experiments.groups.last)
        // Last losses 6, 5, 4.
        #expect(old.best == 4)
        #expect(old.mean == 5)
        #expect(old.deviation == 1)
        bench.press("g", "enter")
        #expect(bench.state.experiments.lines == [.group(0), .group(1), .run(RunID("r2")), .run(RunID("r1")), .run(RunID("r0"))])
        bench.press("j", "space")
        #expect(bench.state.experiments.marks.map(\.text) == ["r2", "r1", "r0"])
        bench.press("k", "x")
        #expect(bench.names.count == 3)
        bench.press("u", "Z", "g", "A")
        bench.press("x")
        #expect(bench.commands.isEmpty)
        #expect(bench.state.toast?.text == "this is a group: select one of its runs")
    }

    @Test("a run is in the group of each of its tags, and still one run")
    func tagGroups() throws {
        var bench = several()
        bench.post("r0", .run(.edited(RunEdit(tags: ["a", "b"]))))
        bench.post("r1", .run(.edited(RunEdit(tags: ["b"]))))
        bench.press("B")
        bench.type("tag")
        bench.press("enter")
        let groups = bench.state.experiments.groups
        #expect(Dictionary(uniqueKeysWithValues: groups.map { ($0.name, $0.runs.map(\.text)) })["a"] == ["r0"])
        #expect(Set(groups.first { $0.name == "b" }?.runs.map(\.text) ?? []) == ["r0", "r1"])
        #expect(bench.names.count == Set(bench.names).count && bench.names.count == bench.state.runs.count)
        // The cursor stays on the line it was put on, whatever happens to the run.
        let places = bench.state.experiments.lines.indices.filter { bench.state.experiments.lines[$0] == .run(RunID("r0")) }
        #expect(places.count == 2)
        bench.press("g")
        for _ in 0..<places[1] { bench.press("j") }
        #expect(bench.state.selectedRun?.record.id == RunID("r0"))
        bench.post("r0", .job(.progressReported(JobProgress(step: 7, plannedSteps: 9, rowsPerSecond: 1))))
        #expect(bench.state.experiments.cursor.index == places[1])
        bench.press("space")
        #expect(bench.state.experiments.marks == [RunID("r0")])
    }

    @Test("a view is saved under a name and brings everything back")
    func views() throws {
        var bench = several()
        bench.press("/")
        bench.type("loss < 4 or note:;x or loss < 5")
        bench.press("enter", "S")
        bench.type("best")
        bench.press("enter", "V", "enter")
        bench.type("good = ones")
        bench.press("enter")
        guard let prompt = bench.state.top as? LinePrompt else {
            Issue.record("a name with = was taken")
            return
        }
        #expect(prompt.problem?.message.contains("no =") == true)
        bench.press("ctrl-u")
        bench.type("good ones")
        bench.press("enter")
        let filtered = bench.names
        #expect(Settings.parse(bench.state.settings.text).settings == bench.state.settings)
        bench.press("esc", "S")
        bench.type("name")
        bench.press("enter")
        #expect(bench.names.first == "run-0")
        bench.press("V", "down", "enter")
        #expect(bench.names == filtered)
        #expect(bench.state.experiments.sort.field == .best)
        bench.press("V", "down", "del")
        #expect(bench.state.settings.runViews.isEmpty)
    }

    @Test("marks: a range, what meets a condition, the others")
    func marks() {
        var bench = several()
        bench.press("v", "j", "j", "v")
        #expect(bench.state.experiments.marks.map(\.text) == ["r5", "r4", "r3"])
        bench.press("I")
        #expect(bench.state.experiments.marks.map(\.text) == ["r2", "r1", "r0"])
        bench.press("A", "M")
        bench.type("loss > 4")
        bench.press("enter")
        #expect(bench.state.experiments.marks.map(\.text) == ["r1", "r0"])
    }

    @Test("rename, tags, notes and the archive are sent, shown at once and undone in turn")
    func edits() {
        var bench = several()
        bench.press("R", "ctrl-u")
        bench.type("run-1")
        bench.press("enter")
        #expect(bench.commands.isEmpty)
        bench.press("ctrl-u")
        bench.type("best one")
        bench.press("enter")
        let id = RunID("r5")
        #expect(bench.commands == [.editRun(id, RunEdit(name: "best one"))])
        bench.press("t")
        bench.type("base paper")
        bench.press("enter")
        #expect(bench.state.selectedRun?.tags == ["base", "paper"])
        bench.press("N")
        bench.type("why not")
        bench.press("enter")
        #expect(bench.state.selectedRun?.note == "why not")
        bench.press("x")
        #expect(!bench.names.contains("best one"))
        bench.press("X")
        #expect(bench.names.contains("best one"))
        bench.press("u", "u", "u", "u")
        #expect(bench.state.runs[id].map { RunEdit(of: $0) } == RunEdit(name: "run-5", tags: [], note: "", isArchived: false))
        #expect(bench.commands.count == 4)
        #expect(bench.commands.last == .editRun(id, RunEdit(name: "run-5")))
    }

    @Test("an edit that cannot be written is taken back, with the reason")
    func refusedEdits() {
        var bench = several()
        let id = RunID("r5")
        bench.press("t")
        bench.type("paper")
        bench.press("enter")
        #expect(bench.state.runs[id]?.tags == ["paper"])
        _ = reduce(into: &bench.state, .editRefused(id, stored: nil, "the disk is full: make room"))
        #expect(bench.state.runs[id]?.tags == [])
        #expect(bench.state.toast?.text == "run-5 was not changed: the disk is full: make room")
        // What the workspace has counts, where it can be read.
        var stored = RunSummary(record: Bench.record("r5", name: "run-5", created: 5))
        stored.tags = ["of another terminal"]
        bench.press("d")
        _ = reduce(into: &bench.state, .editRefused(id, stored: stored, "no"))
        #expect(bench.state.runs[id]?.tags == ["of another terminal"])
        #expect(bench.state.runs[id]?.isDeleted == false)
    }

    @Test("that nothing is recorded is shown until it is")
    func recording() {
        var bench = several()
        bench.post(
            nil, .workspace(.recordingStalled(RecordingProblem(words: "disk full", message: "the disk is full: make room"))))
        #expect(bench.state.recordingProblem?.words == "disk full")
        #expect(bench.state.toast?.text == "not recorded: the disk is full: make room")
        bench.post(nil, .workspace(.recordingResumed))
        #expect(bench.state.recordingProblem == nil)
    }

    @Test("tags of another process arrive, and a second registration keeps a new name")
    func foreignEdits() {
        var bench = several()
        bench.post("r2", .run(.edited(RunEdit(name: "other", tags: ["t"]))))
        bench.post("r2", .run(.registered(Bench.record("r2", name: "run-2", created: 2))))
        #expect(bench.state.runs[RunID("r2")]?.record.name == "other")
        #expect(bench.state.runs[RunID("r2")]?.tags == ["t"])
    }

    @Test("kept up to date run by run, the table is what it would be derived anew")
    func incremental() {
        var bench = several()
        bench.press("S")
        bench.type("objective")
        bench.press("enter")
        var random = SystemRandomNumberGenerator()
        for round in 0..<60 {
            let id = "r\(Int.random(in: 0..<6, using: &random))"
            let value = Double.random(in: 0..<9, using: &random)
            let sample = MetricSample(sequence: 1, metric: 0, step: 10 + round, epoch: 1, wallTime: 1001, value: value)
            bench.send(.events([], [RunSamples(run: RunID(id), metrics: [.validationLoss], samples: [sample])]))
            let values = bench.state.experiments.rows.compactMap { bench.state.runs[$0]?.lastObjective }
            #expect(values == values.sorted())
            #expect(Set(bench.state.experiments.rows).count == 6)
        }
    }
}
