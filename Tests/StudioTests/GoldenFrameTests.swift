import Cells
import Events
import Testing

@testable import Studio

@Suite("Golden frames")
struct GoldenFrameTests {
    @Test("the home screen", arguments: [(80, 24), (120, 40), (200, 60), (60, 40), (40, 20), (24, 6)])
    func home(_ width: Int, _ height: Int) {
        Frame(SampleStudio.busy(width, height)).expectMatches("home-\(width)x\(height)")
    }

    @Test("an empty studio says what to do", arguments: [(80, 24), (120, 40)])
    func empty(_ width: Int, _ height: Int) {
        Frame(SampleStudio.empty(width, height)).expectMatches("empty-\(width)x\(height)")
    }

    @Test("a screen that is too small says what it needs", arguments: [(20, 5), (10, 1)])
    func tooSmall(_ width: Int, _ height: Int) {
        Frame(SampleStudio.busy(width, height)).expectMatches("too-small-\(width)x\(height)")
    }

    @Test("each pane zoomed", arguments: ["1", "2", "3", "4"], [(80, 24), (120, 40)])
    func zoomed(_ pane: String, _ size: (Int, Int)) {
        var state = SampleStudio.busy(size.0, size.1)
        state.press(pane, "z")
        Frame(state).expectMatches("zoom-\(pane)-\(size.0)x\(size.1)")
    }

    @Test(
        "popups",
        arguments: [
            ("help", "?"), ("palette", ":"), ("form", "n"), ("quit", "q"), ("open", "o"), ("run", "enter"), ("themes", "T"),
            ("log", "L"),
        ])
    func popups(_ name: String, _ key: String) {
        var state = SampleStudio.busy(100, 30)
        state.press("2", key)
        Frame(state).expectMatches("popup-\(name)")
    }

    @Test("where to fork, and what is wrong with a setting there")
    func fork() {
        var state = SampleStudio.busy(100, 30)
        state.press("2", "F")
        guard let prompt = state.top as? SteerPrompt else {
            Issue.record("no prompt")
            return
        }
        state.give(FindForkPlaces(prompt.run), ForkPlaces(steps: [2_400, 1_900, 800], bestStep: 2_210))
        state.type("lea 0.02")
        Frame(state).expectMatches("fork-change-100x30")
        state.press("ctrl-u", "up")
        state.type("epochs=9")
        Frame(state).expectMatches("fork-100x30")
    }

    @Test("steering, with a name that is being typed", arguments: [(80, 24), (120, 40)])
    func steering(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.press("2", "G", "E")
        state.type("lea")
        Frame(state).expectMatches("steer-\(width)x\(height)")
    }

    @Test("what a remedy changes in the form, then a field that is searched", arguments: [(80, 24), (120, 40), (200, 60)])
    func formFinding(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.press("4", "f")
        Frame(state).expectMatches("form-remedy-\(width)x\(height)")
        state.press("/")
        state.type("patience")
        Frame(state).expectMatches("form-find-\(width)x\(height)")
    }

    @Test("what other runs have in a field of the form")
    func formCopy() {
        var state = SampleStudio.busy(100, 30)
        state.press("2", "e", "ctrl-y")
        Frame(state).expectMatches("form-copy-100x30")
    }

    @Test("a form with a mistake points at it")
    func formMistake() {
        var state = SampleStudio.busy(100, 30)
        state.press("1", "n", "ctrl-s")
        Frame(state).expectMatches("form-mistake")
    }

    @Test("how a file is read, with its first rows", arguments: [(80, 24), (120, 40), (200, 60)])
    func reading(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.openData(SampleStudio.till)
        state.press("R")
        state.give(PreviewData(SampleStudio.till.path), .preview(SampleStudio.tillPreview))
        if height > 30 { state.press("down", "down", "right", "right") }
        Frame(state).expectMatches("reading-\(width)x\(height)")
    }

    @Test("a read option that makes no sense")
    func readingProblem() {
        var state = SampleStudio.busy(80, 24)
        state.openData(SampleStudio.till)
        state.press("R", "down", "down")
        state.type("x")
        state.give(
            PreviewData(SampleStudio.till.path, reading: ["decimal": "x"]), .badOption("decimal is 'x': give . or ,"))
        Frame(state).expectMatches("reading-problem-80x24")
    }

    @Test("a data set that is read in an unusual way, in the pane and whole", arguments: [(80, 24), (120, 40)])
    func unusualData(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.openData(SampleStudio.till)
        Frame(state).expectMatches("till-\(width)x\(height)")
        state.press("enter")
        Frame(state).expectMatches("till-zoomed-\(width)x\(height)")
    }

    @Test("how a run's data is read, in the form")
    func formReading() {
        var state = SampleStudio.busy(100, 30)
        state.openData(SampleStudio.till)
        state.press("n")
        Frame(state).expectMatches("form-data-100x30")
        state.press("ctrl-f")
        state.type("read with")
        state.press("enter")
        state.type("--decimal , --da")
        Frame(state).expectMatches("form-reading-100x30")
    }

    @Test("marked runs, a baseline and a cursor")
    func comparison() {
        var state = SampleStudio.busy(120, 40)
        state.press("2", "g", "j", "b", "space", "space", "3", "H", "H", "+", "y")
        Frame(state).expectMatches("comparison-120x40")
    }

    @Test("runs side by side, with what their models make of held-out rows", arguments: [(80, 24), (120, 60)])
    func compare(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.press("2", "a", "c")
        state.give(state.comparisonQuery(state.runsToCompare), SampleStudio.comparison(state))
        if height < 30 { state.press("l", "]", "]", "]", "]") }
        Frame(state).expectMatches("compare-\(width)x\(height)")
    }

    @Test("a tab of a run's page", arguments: [("checkpoints", "4"), ("lineage", "6"), ("system", "7")])
    func runPage(_ name: String, _ key: String) {
        var state = SampleStudio.busy(80, 24)
        state.press("2", "enter")
        if let run = state.selectedRun?.record.id { state.give(ReadRunDetails(run), SampleStudio.details(run)) }
        for _ in 1..<(Int(key) ?? 1) { state.press("right") }
        if name == "system", let run = state.selectedRun?.record.id { _ = reduce(into: &state, SampleStudio.costs(of: run)) }
        Frame(state).expectMatches("run-\(name)-80x24")
    }

    @Test("every tab of a run's page", arguments: ["1", "2", "3", "5", "8"], [(80, 24), (120, 40)])
    func tabs(_ key: String, _ size: (Int, Int)) {
        var state = SampleStudio.busy(size.0, size.1)
        state.press("2", "enter")
        if let run = state.selectedRun?.record.id { state.give(ReadRunDetails(run), SampleStudio.details(run)) }
        for _ in 1..<(Int(key) ?? 1) { state.press("right") }
        Frame(state).expectMatches("run-tab-\(key)-\(size.0)x\(size.1)")
    }

    @Test("which settings matter", arguments: [(80, 24), (120, 60), (200, 60)])
    func importance(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        let ids = (0..<24).map { RunID("ended\($0)") }
        for (index, id) in ids.enumerated() {
            var record = SampleStudio.runs[0].record
            (record.id, record.name, record.createdAt) = (id, "ended-\(index)", SampleStudio.start - 1000 + Double(index))
            let result = JobResult(name: record.name, status: .completed, reason: .maxEpochs, bestStep: nil, metrics: [:])
            for kind in [StudioEvent.Kind]([.run(.registered(record)), .job(.finished(result))]) {
                let event = StudioEvent(sequence: 1, wallTime: SampleStudio.start, run: id, kind: kind)
                _ = reduce(into: &state, .events([event], []))
            }
        }
        state.press("2", "i")
        state.give(FindImportance(ids), Self.importance(ids))
        if height < 30 { state.press("]", "j", "j") }
        Frame(state).expectMatches("importance-\(width)x\(height)")
    }

    private static func importance(_ ids: [RunID]) -> ParameterImportance {
        let places = ids.indices.map { Double($0 + 1) }
        return ParameterImportance(
            metric: .validationLoss, minimises: true, runs: ids, values: places.map { 1 / $0 },
            parameters: [
                .init(name: "learning_rate", places: places, words: [], isLogarithmic: true, correlation: -1, importance: 0.7),
                .init(
                    name: "optimizer", places: places.map { $0.truncatingRemainder(dividingBy: 2) }, words: ["adam", "sgd"],
                    isLogarithmic: false, correlation: nil, importance: 0.2),
                .init(
                    name: "wd", places: places.map { 25 - $0 }, words: [], isLogarithmic: false, correlation: 0.4, importance: 0.1
                ),
            ], explained: 0.8)
    }

    @Test("every tab of a search's page", arguments: TuningTab.allCases, [(80, 24), (120, 40), (200, 60)])
    func tuning(_ tab: TuningTab, _ size: (Int, Int)) {
        var state = SampleStudio.tuned(size.0, size.1)
        while (state.top as? TuningPage)?.tab != tab { state.press("right") }
        if let query = (state.top as? TuningPage)?.surrogateQuery { state.give(query, SampleStudio.surrogate) }
        if tab == .parallel { state.press("}", "}", "}", "}", "}", "}") }
        Frame(state).expectMatches("tuning-\(tab.rawValue)-\(size.0)x\(size.1)")
    }

    @Test("all searches", arguments: [(80, 24), (120, 40)])
    func tunings(_ width: Int, _ height: Int) {
        var state = SampleStudio.tuned(width, height)
        state.press("esc")
        Frame(state).expectMatches("tunings-\(width)x\(height)")
    }

    @Test("an AutoML job's leaderboard", arguments: [(80, 24), (120, 40), (200, 60)])
    func automl(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.press("6")
        state.give(ReadAutoMLs(), [SampleStudio.automlStanding])
        state.press("enter")
        state.give(ReadAutoML(SampleStudio.automl), SampleStudio.automlStanding)
        Frame(state).expectMatches("automl-\(width)x\(height)")
        state.press("esc")
        Frame(state).expectMatches("automls-\(width)x\(height)")
    }

    @Test("a form that searches", arguments: [(80, 24), (120, 40)])
    func formSearches(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.press("2", "g", "j", "j", "e")
        while (state.top as? NewRunForm)?.focused?.name != .hyperparameter("learning_rate") { state.press("down") }
        state.press("ctrl-v")
        Frame(state).expectMatches("form-search-\(width)x\(height)")
    }

    @Test("every metric in a chart of its own")
    func tiles() {
        var state = SampleStudio.busy(140, 40)
        state.press("3", "t", "H")
        Frame(state).expectMatches("tiles-140x40")
    }

    @Test("a filter that matches nothing says so")
    func filter() {
        var state = SampleStudio.busy(120, 30)
        state.press("2", "/")
        state.type("adamx")
        Frame(state).expectMatches("filter-120x30")
    }

    @Test("a filter that cannot be read points at the place")
    func filterProblem() {
        var state = SampleStudio.busy(120, 30)
        state.press("2", "/")
        state.type("log_loss < .5 step > soon")
        Frame(state).expectMatches("filter-problem-120x30")
    }

    @Test("runs in groups, one folded, with a range being marked")
    func groups() {
        var state = SampleStudio.busy(120, 30)
        state.press("2", "z", "B")
        state.type("algorithm")
        state.press("enter", "g", "enter", "j", "j", "v", "j")
        Frame(state).expectMatches("groups-120x30")
    }

    @Test("chosen columns, scrolled, and the list to choose from")
    func columns() {
        var state = SampleStudio.busy(80, 24)
        state.press("2", "g", "j", "j", "b", "z", "f")
        for word in ["best:validation:accuracy", "step:validation:log_loss", "mini_batch_size", "delta", "created"] {
            state.type(word)
            state.press("space", "ctrl-u")
        }
        Frame(state).expectMatches("columns-list-80x24")
        state.press("enter", "l", "l", "l", "l")
        Frame(state).expectMatches("columns-80x24")
    }

    @Test("a line to type tags")
    func tags() {
        var state = SampleStudio.busy(80, 24)
        state.press("2", "t")
        state.type("base pa")
        Frame(state).expectMatches("tags-80x24")
    }

    @Test("plain ASCII for screens without other characters")
    func ascii() {
        let state = SampleStudio.busy(100, 30, settings: Settings(glyphs: .ascii))
        let frame = Frame(state)
        #expect(frame.text.unicodeScalars.allSatisfy { $0.isASCII })
        frame.expectMatches("ascii-100x30")
    }
}
