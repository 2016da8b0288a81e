import Cells
import Events
import Testing

@testable import Studio

@Suite("Queries")
struct QueryTests {
    /// The requests among what the studio asked the program to do.
    private func requests(_ effects: [Effect]) -> [QueryRequest] {
        effects.compactMap { if case .ask(let request) = $0 { request } else { nil } }
    }

    @Test("of two queries of one kind the newest counts, and a late answer to the other is dropped")
    func stale() throws {
        var bench = Bench()
        bench.press("o")
        bench.type("d")
        let first = try #require(requests(bench.effects).last)
        bench.type("a")
        let second = try #require(requests(bench.effects).last)
        #expect(first.query as? ListPaths == ListPaths("d") && second.query as? ListPaths == ListPaths("da"))
        #expect(first.query.slot == second.query.slot && first.id != second.id)
        bench.send(.answered(QueryAnswer(to: first, .whole(["d.csv"]))))
        guard let before = bench.state.top as? PathPrompt else { return }
        #expect(before.paths.isEmpty)
        bench.send(.answered(QueryAnswer(to: second, .whole(["data.csv"]))))
        guard let after = bench.state.top as? PathPrompt else { return }
        #expect(after.paths == ["data.csv"])
    }

    @Test("an answer counts once, and replayed actions give the same questions")
    func replay() throws {
        func play() throws -> [Effect] {
            var bench = Bench()
            bench.addRun("a", status: .completed)
            bench.press("2", "enter")
            let request = try #require(requests(bench.effects).last { $0.query is ReadRunDetails })
            let details = RunDetails(run: RunID("a"), folder: "f", files: [], events: [])
            bench.send(.answered(QueryAnswer(to: request, .whole(details))))
            bench.send(
                .answered(QueryAnswer(to: request, .whole(RunDetails(run: RunID("a"), folder: "g", files: [], events: [])))))
            #expect((bench.state.top as? RunPage)?.details?.folder == "f")
            return bench.effects
        }
        #expect(try play() == play())
    }

    @Test("what goes on changing is asked for once more when it was answered, and not while it is")
    func live() throws {
        var bench = Bench()
        bench.addRun("a")
        bench.press("2", "enter")
        let request = try #require(requests(bench.effects).last { $0.query is ReadRunDetails })
        bench.effects = []
        for _ in 0..<5 { bench.post("a", .notice(.messageLogged("something"))) }
        #expect(requests(bench.effects).isEmpty)
        let end = RunDetails.Place(id: 9, count: 4, time: 3)
        let details = RunDetails(run: RunID("a"), folder: "f", files: [], events: [], end: end)
        bench.send(.answered(QueryAnswer(to: request, .whole(details))))
        #expect(requests(bench.effects).map { $0.query as? ReadRunDetails } == [ReadRunDetails(RunID("a"), after: end)])
    }

    @Test("curves of a run that goes on from a checkpoint, still being read as they were, are not taken in")
    func cancelled() throws {
        var bench = Bench()
        bench.addRun("a")
        bench.record("a", "validation:loss", [3, 2, 1])
        bench.effects = []
        bench.post("a", .job(.finished(JobResult(name: "a", status: .stopped, reason: .unsaid, bestStep: nil, metrics: [:]))))
        let old = try #require(requests(bench.effects).first { $0.query is ReadCurve })
        bench.effects = []
        bench.post("a", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .starting))))
        #expect(bench.effects.contains(.cancel(old)))
        let series = Series([SeriesPoint(step: 1, epoch: 1, time: 1, value: 9)])
        bench.send(.answered(QueryAnswer(to: old, .whole(ReadCurve.Answer(series: series, changes: [])))))
        #expect(bench.state.series[RunID("a"), .validationLoss] == nil)
    }
}
