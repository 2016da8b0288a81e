import Cells
import Events
import JSON
import Testing

@testable import Studio

/// Jobs that wait for the workspace's host, in the table; and what is told on return.
@Suite("The host's queue")
struct HostQueueTests {
    private func job(_ run: String, _ place: Double, _ change: (inout QueuedJob) -> Void = { _ in }) -> QueuedJob {
        var job = QueuedJob(run: RunID(run), work: .object([JSONValue.Member]()))
        job.place = place
        change(&job)
        return job
    }

    private func queued() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 4)
        for (index, id) in ["b", "c", "d", "e", "f"].enumerated() {
            bench.addRun(id, name: "run-\(id)", status: .pending, created: Double(index))
        }
        bench.send(
            .queueLoaded(
                [
                    job("b", 2), job("c", 1), job("d", 3) { $0.state = .held },
                    job("e", 4) { $0.conditions.after = [RunID("a")] },
                    job("f", 5) { $0.waitsFor = "memory: it needs about 9 GB, 1 GB are free" },
                ], hasHost: true))
        return bench
    }

    private func word(_ id: String, _ bench: Bench) -> String? {
        bench.state.runs[RunID(id)].map { bench.state.statusWord(of: $0) }
    }

    @Test("a queued run says what it waits for")
    func words() {
        let bench = queued()
        #expect(word("c", bench) == "queued 1" && word("b", bench) == "queued 2")
        #expect(word("d", bench) == "held" && word("e", bench) == "after adam" && word("f", bench) == "waits for memory")
        #expect(word("a", bench) == "running")
    }

    @Test("it is moved, held, released and cancelled from the table")
    func keys() {
        var bench = queued()
        bench.press("g")
        while bench.selectedName != "run-b" { bench.press("j") }
        #expect(bench.effects(of: "{") == [.command(.moveQueued(RunID("b"), .up))])
        #expect(bench.effects(of: "}") == [.command(.moveQueued(RunID("b"), .down))])
        #expect(bench.effects(of: "p") == [.command(.pauseJob(RunID("b")))])
        while bench.selectedName != "run-d" { bench.press("k") }
        #expect(bench.effects(of: "p") == [.command(.resumeJob(RunID("d")))])
        while bench.selectedName != "adam" { bench.press("k") }
        #expect(bench.effects(of: "{").isEmpty)
        #expect(bench.state.toast?.text.contains("does not wait") == true)
    }

    @Test("without a host the header says who waits, and H starts one")
    func noHost() {
        var bench = queued()
        #expect(bench.effects(of: "H").isEmpty)
        bench.send(.queueLoaded(bench.state.queue.jobs, hasHost: false))
        #expect(bench.frame(120, 40).contains("4 wait, no host (H)"))
        #expect(bench.effects(of: "H") == [.command(.startHost)])
    }

    @Test("leaving while jobs run offers to have the host go on")
    func goOn() {
        var bench = Bench()
        bench.addRun("a", name: "adam")
        bench.press("q")
        #expect(bench.effects(of: "g") == [.quit(.goOn)])
    }

    @Test("what happened meanwhile is told once, failures first to look at")
    func away() {
        var bench = Bench()
        for (id, status) in [("a", JobStatus.completed), ("b", .failed)] {
            bench.addRun(id, name: "run-\(id)", status: status)
        }
        let ended = ["a", "b"].compactMap { bench.state.runs[RunID($0)] }
        bench.send(.returned(Absence(since: bench.state.now - 3 * 86_400, ended: ended, alerted: [])))
        let frame = bench.frame(120, 40)
        #expect(
            frame.contains("While you were away, 3 days ago") && frame.contains("run-a completed")
                && frame.contains("look at run-b"))
        bench.press("l")
        #expect(bench.state.screens.last?.crumb(bench.state).contains("run-b") == true)
        bench.send(.returned(Absence(since: 0, ended: [], alerted: [])))
        #expect(bench.state.popups.isEmpty)
        // Whoever types on means what lies under it.
        bench.press("esc")
        bench.send(.returned(Absence(since: 0, ended: ended, alerted: [])))
        #expect(bench.state.popups.count == 1)
        bench.press("2", "/")
        bench.type("run-a")
        #expect(bench.state.popups.isEmpty && bench.state.experiments.filter.field.text == "run-a")
    }
}
