import Cells
import Events
import Testing

@testable import Studio

@Suite("What happened to an open page elsewhere")
struct NoticeTests {
    private func text(_ bench: Bench) -> String { Frame(bench.state).text }

    @Test("a run page says on every tab that its run is in the bin, and no more when it is back")
    func bin() {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed)
        bench.press("2", "enter", "right")
        bench.post("a", .run(.deleted))
        #expect(text(bench).contains("▲ this run is in the bin: descent runs restore adam brings it back"))
        bench.press("right")
        #expect(text(bench).contains("▲ this run is in the bin"))
        bench.post("a", .run(.restored))
        #expect(!text(bench).contains("in the bin"))
    }

    @Test("what was said of one place does not stand over the next one, but what went wrong does")
    func messages() {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed)
        bench.press("2")
        bench.send(.fileWritten(path: "runs.csv"))
        #expect(bench.state.toast?.text == "wrote runs.csv")
        bench.press("j")
        #expect(bench.state.toast != nil)
        bench.press("enter")
        #expect(bench.state.toast == nil)
        bench.send(.commandRefused("the disk is full"))
        bench.press("esc")
        #expect(bench.state.toast?.text == "the disk is full")
    }

    @Test("a run that was removed for good leaves its page, which says so")
    func removed() {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed)
        bench.press("2", "enter")
        bench.send(.runsRemoved([RunID("a"), RunID("unknown")]))
        #expect(text(bench).contains("▲ this run was removed from the workspace for good"))
        #expect(text(bench).contains("linear-learner"))
        bench.press("esc")
        #expect(bench.names.isEmpty)
    }

    @Test("a run that ends while its page is open says when and why, on a page that was opened before")
    func ended() {
        var bench = Bench()
        bench.addRun("a", name: "adam")
        bench.press("2", "enter", "right")
        #expect(!text(bench).contains("ended while"))
        var run = bench.state.runs[RunID("a")]
        run?.status = .stopped
        run?.reason = .interrupted
        bench.send(.runsLoaded([run].compactMap { $0 }))
        #expect(text(bench).contains("▲ it ended while this page was open: interrupted (its process is gone)"))
        bench.press("esc", "enter")
        #expect(!text(bench).contains("ended while"))
    }

    @Test("a comparison names the runs that vanished")
    func comparison() {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed, created: 1)
        bench.addRun("b", name: "sgd", status: .completed, created: 2)
        bench.press("2", "a", "c")
        bench.post("b", .run(.deleted))
        #expect(text(bench).contains("▲ sgd is in the bin"))
        bench.send(.runsRemoved([RunID("a")]))
        #expect(text(bench).contains("▲ adam was removed from the workspace for good"))
    }

    @Test("a data page asks whether its file is as it was, and says what became of it until it is read again")
    func data() throws {
        var state = SampleStudio.busy(120, 40)
        state.press("1", "z")
        #expect(state.tickInterval == 1)
        func look(_ state: inout AppState) -> LookAtData? {
            for case .ask(let request) in reduce(into: &state, .tick(now: state.now + 1)) {
                if let query = request.query as? LookAtData { return query }
            }
            return nil
        }
        let query = try #require(look(&state))
        #expect(query.path == "data/churn.csv")
        state.give(query, .changed)
        #expect(Frame(state).text.contains("▲ churn.csv has changed since it was last read: r reads it as it is now"))
        #expect(Frame(state).text.contains("tenure"))
        state.give(try #require(look(&state)), .gone)
        #expect(Frame(state).text.contains("▲ churn.csv is gone"))
        state.press("z")
        #expect(Frame(state).text.contains("gone"))
        #expect(look(&state) == nil)
        _ = reduce(
            into: &state,
            .events([StudioEvent(sequence: 0, wallTime: 0, run: nil, kind: .dataset(.profiled(SampleStudio.churn)))], []))
        #expect(!Frame(state).text.contains("is gone"))
    }
}
