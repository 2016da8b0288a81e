import Events
import Testing

@testable import Studio

/// What the run's page says of causes.
@Suite struct DiagnosisPageTests {
    @Test("the run's page tells the cause above its alerts, what speaks against it and what would not help")
    func page() throws {
        var bench = Bench()
        bench.addRun("a", name: "one")
        bench.post("a", .debugger(.alertRaised(Bench.alert)), at: 1002)
        bench.press("2", "enter")
        var details = RunDetails(run: RunID("a"), folder: "/w/artifacts/a", files: [], events: [])
        details.diagnoses = [
            Diagnosis(
                cause: "setting", title: "learning_rate is 30", severity: .issue, symptoms: [.init(number: 1, rule: "DataOrder")],
                supporting: ["it grew"], opposing: ["shuffle was set by hand, too"],
                useless: [.init("a bigger machine", "only sooner")], remedies: [.init("back", set: ["learning_rate": "auto"])])
        ]
        bench.answer(ReadRunDetails(RunID("a")), details)
        bench.turn(to: .alerts)
        let text = bench.frame(100, 40)
        let lines = text.split(separator: "\n")
        let cause = try #require(lines.firstIndex { $0.contains("■ learning_rate is 30") })
        #expect(cause < (try #require(lines.firstIndex { $0.contains("▲ DataOrder  step") })))
        for line in ["seen as DataOrder", "+ it grew", "− shuffle was set by hand, too", "no use: a bigger machine: only sooner"]
        {
            #expect(text.contains(line), "\(line)")
        }
    }
}
