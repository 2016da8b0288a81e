import Cells
import Events
import Testing

@testable import Studio

@Suite("Doing a run again")
struct ReproductionTests {
    private func endedRun() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed, created: 1)
        bench.press("2")
        return bench
    }

    private func question(_ bench: Bench) -> Question? { bench.state.top as? Question }

    /// Registers `again` as a run that does `a` again.
    private func register(_ again: String, in bench: inout Bench, step: Int, status: JobStatus) {
        var record = Bench.record(again, name: "adam-again", created: 2)
        record.reproduces = RunID("a")
        bench.post(again, .run(.registered(record)))
        bench.record(again, "train:loss", (0..<step).map { 1 / Double($0 + 1) })
        bench.effects = []
        bench.post(
            again, .job(.finished(JobResult(name: "adam-again", status: status, reason: .unsaid, bestStep: nil, metrics: [:]))))
    }

    @Test("what stands in its way is asked for first, and only a yes starts it")
    func asks() {
        var bench = endedRun()
        bench.press("P")
        #expect(bench.asked(InspectReproduction(RunID("a"))))
        #expect(bench.state.top == nil)
        bench.answer(InspectReproduction(RunID("a")), ReproductionOutlook(run: RunID("a"), notes: ["steered by hand at step 7"]))
        #expect(question(bench)?.title == "Reproduce adam")
        #expect(question(bench)?.text == "Note: steered by hand at step 7.")
        bench.press("c")
        #expect(bench.commands.isEmpty && bench.state.top == nil)
        bench.answer(InspectReproduction(RunID("a")), ReproductionOutlook(run: RunID("a")))
        #expect(question(bench)?.text == "Nothing stands in the way of the same result.")
        bench.press("r")
        #expect(bench.commands == [.reproduceRun(RunID("a"))])
    }

    @Test("what differs is said before it starts; what cannot be run is not started")
    func obstacles() {
        var bench = endedRun()
        bench.answer(
            InspectReproduction(RunID("a")), ReproductionOutlook(run: RunID("a"), differences: ["data.csv has changed since"]))
        #expect(question(bench)?.text == "Will differ: data.csv has changed since.")
        #expect(question(bench)?.answers.first?.text == "run it again although it will differ")
        bench.press("c")
        bench.answer(
            InspectReproduction(RunID("a")), ReproductionOutlook(run: RunID("a"), obstacles: ["data.csv is gone: bring it back"]))
        #expect(question(bench)?.text == "Cannot be run: data.csv is gone: bring it back.")
        #expect(question(bench)?.answers.map(\.text) == ["close"])
    }

    @Test("a run in training, one that was only watched, and none at all are refused in words")
    func refusals() {
        var bench = Bench()
        bench.press("2", "P")
        #expect(bench.state.toast?.text == "there is no run yet (n starts one)")
        bench.addRun("a", name: "adam", created: 1)
        bench.press("P")
        #expect(bench.state.toast?.text == "adam has not ended: stop it first (s)")
        var record = Bench.record("w", name: "foreign", created: 2)
        record.algorithm = "tensorboard"
        record.origin = .watched
        bench.post("w", .run(.registered(record)))
        bench.post("w", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))))
        bench.press("L", "P")
        #expect(bench.questions.isEmpty)
        bench.press("esc")
        bench.record("w", "validation:loss", [3, 2])
        bench.press("g")
        let refusal = "foreign was written by tensorboard and is only watched: go on with it where it was trained"
        for key in ["P", "s", "p", "E", "F"] {
            bench.press(key)
            #expect(bench.state.toast?.text == refusal, "\(key)")
        }
        bench.post(
            "w", .job(.finished(JobResult(name: "foreign", status: .stopped, reason: .unsaid, bestStep: nil, metrics: [:]))))
        for key in ["P", "p", "F"] {
            bench.press(key)
            #expect(bench.state.toast?.text == refusal, "\(key)")
        }
        #expect(bench.commands.isEmpty && bench.state.top == nil)
    }

    @Test("when it has ended it is compared, and its page says how it came out")
    func outcome() throws {
        var bench = endedRun()
        register("b", in: &bench, step: 3, status: .completed)
        var result = ReproductionResult(of: RunID("a"))
        (result.pointCount, result.curveCount, result.isModelSame) = (1234, 3, true)
        bench.post("b", .run(.reproduced(result)))
        let words = "= adam: the same to the bit (1,234 points of 3 curves, and the model)"
        #expect(bench.state.toast?.text == words)
        bench.press("g", "enter")
        let event = StudioEvent(sequence: 1, wallTime: 1, run: RunID("b"), kind: .run(.reproduced(result)))
        bench.answer(ReadRunDetails(RunID("b")), RunDetails(run: RunID("b"), folder: "f", files: [], events: [event]))
        func text(_ tab: RunTab) throws -> String {
            let run = try #require(bench.state.runs[RunID("b")])
            let details = (bench.state.top as? RunPage)?.details
            let text = RunPageText(run: run, details: details, state: bench.state, width: 120)
            return DocumentLayout(Document(text.blocks(tab))).lines.map { $0.parts.map(\.text).joined() }.joined(separator: "\n")
        }
        #expect(try text(.overview).contains("does again        adam"))
        #expect(try text(.overview).contains(words))
        #expect(try text(.log).contains(words))
        #expect(try text(.lineage).contains("done again"))
        // From its page it can be done again, too.
        bench.press("P")
        #expect(bench.asked(InspectReproduction(RunID("b"))))
    }

    @Test("of one that was stopped before the first ended it is said that nothing is compared")
    func stopped() {
        var bench = endedRun()
        bench.record("a", "train:loss", [1, 0.5, 0.25, 0.125])
        register("b", in: &bench, step: 2, status: .stopped)
        #expect(bench.state.toast?.text == "adam-again was stopped before adam ended: nothing is compared")
        register("c", in: &bench, step: 4, status: .stopped)
        #expect(bench.state.toast?.text != "adam-again was stopped before adam ended: nothing is compared")
    }

    @Test("a difference is told with its place")
    func difference() {
        var result = ReproductionResult(of: RunID("a"))
        result.first = .init(metric: .trainLoss, step: 1200, before: 0.5, now: 0.25)
        result.largest = result.first
        result.isModelSame = false
        let words = "first differs in train:loss at step 1,200: 0.5, now 0.25; most in train:loss by 0.2500 at step 1,200"
        #expect(result.text(of: "adam") == "≠ adam: " + words)
        (result.first, result.largest, result.pointCount, result.curveCount) = (nil, nil, 9, 2)
        #expect(result.text(of: "adam") == "≠ adam: the model's bytes differ, 9 points of 2 curves are the same")
    }
}
