import Cells
import Events
import Testing

@testable import Studio

/// An alert's page: its evidence as a picture, and what can be done from there.
@Suite struct AlertPageTests {
    private func trained() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.record("a", "validation:loss", (1...100).map { abs(Double($0) - 40) / 40 })
        bench.record("a", "train:loss", (1...100).map { 2 / Double($0) })
        return bench
    }

    private func alert(_ rule: String, step: Int, column: String? = nil) -> Alert {
        Alert(
            rule: rule, severity: .warning, step: step, summary: "what was seen by \(rule)",
            evidence: [.init("z of it", 133), .init("threshold", 4)], cause: "why it is so",
            remedies: [.init("words alone"), .init("smaller steps", set: ["learning_rate": "0.01"])], column: column)
    }

    private func text(_ bench: Bench) -> String { Frame(bench.state).text }

    @Test func enterShowsTheEvidenceAsAPictureAndEscGoesBack() throws {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(alert("Overfit", step: 60))))
        bench.press("4", "enter")
        #expect(bench.state.top is AlertPage)
        let shown = text(bench)
        for part in [
            "Overfit", "from step 60 on", "what was seen by Overfit", "validation less train", "z of it", "133", "why it is so",
        ] {
            #expect(shown.contains(part), "\(part)")
        }
        // The curves are drawn, and the step is marked in them.
        let page = try #require(bench.state.top as? AlertPage)
        var charts: [LineChart] = []
        for block in page.document(bench.state, width: 116).sections.flatMap(\.blocks) {
            if case .charts(let placed, _) = block { charts += placed.map(\.chart) }
        }
        #expect(charts.count == 2)
        #expect(charts.allSatisfy { $0.marks.contains { $0.x == 60 && $0.label == "Overfit" && $0.kind == .line } })
        let gap = try #require(charts.last?.series.first?.series.last?.value)
        #expect(abs(gap - (60.0 / 40 - 0.02)) < 1e-9)
        bench.press("esc")
        #expect(bench.state.screens.isEmpty && bench.state.focus == .alerts)
    }

    @Test func whatFollowedByItselfStandsOnThePageAndInTheLog() throws {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(alert("Overfit", step: 60))), at: 1002)
        let taken = { (outcome: ActionTaken.Outcome, message: String) in
            StudioEvent.Kind.action(
                .taken(ActionTaken(action: "notify", subject: "Overfit", outcome: outcome, message: message)))
        }
        bench.post("a", taken(.done, "stopped by action of Overfit"), at: 1003)
        bench.post("a", taken(.failed, "webhook ops failed 3 times: 503"), at: 1004)
        #expect(bench.frame(120, 40).contains("webhook ops failed 3 times: 503"), "a channel that fails is said aloud")
        bench.press("4", "enter")
        let shown = text(bench)
        #expect(shown.contains("stopped by action of Overfit") && shown.contains("503"))
    }

    @Test func theFormOpensWithTheChosenRemedy() throws {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(alert("Divergence", step: 60))))
        bench.press("4", "enter", "f")
        #expect(bench.form?.request.hyperparameters["learning_rate"] == "0.01")
    }

    @Test func dataIsAskedForAndItsPictureDrawn() throws {
        var bench = trained()
        let leak = alert("Leakage", step: 0, column: "y_copy")
        bench.post("a", .debugger(.alertRaised(leak)))
        bench.press("4", "enter")
        let query = FindEvidence(RunID("a"), leak)
        #expect(bench.asked(query))
        #expect(text(bench).contains("looking for what shows it"))
        var found = AlertEvidence()
        found.course = TargetCourse(
            title: "y over y_copy", parts: ["no", "yes"], counts: [50, 50], names: ["no", "yes"], values: [[1, 0], [0, 1]])
        bench.answer(query, found)
        let shown = text(bench)
        #expect(shown.contains("y over y_copy") && !shown.contains("looking for what shows it"))
        found.course = nil
        found.refusal = "d.csv has changed since the run began"
        bench.answer(query, found)
        #expect(text(bench).contains("has changed since the run began"))
    }

    @Test func scalesAreBars() {
        var bench = trained()
        let scale = alert("FeatureScale", step: 0)
        bench.post("a", .debugger(.alertRaised(scale)))
        bench.press("4", "enter")
        var found = AlertEvidence()
        found.scales = [("income", 52_000), ("age", 12), ("ratio", 0.001)]
        bench.answer(FindEvidence(RunID("a"), scale), found)
        let lines = Frame(bench.state).buffer.textPlane
        let lengths = ["income", "age", "ratio"].map { name in
            lines.first { $0.contains(name) && $0.contains("━") || $0.contains(name) && $0.contains("╸") }?.filter { $0 == "━" }
                .count ?? -1
        }
        #expect(lengths[0] > lengths[1] && lengths[1] > lengths[2] && lengths[2] >= 0, "\(lengths)")
    }

    @Test func aMarkAPageAndTheListLeadToIt() {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(alert("Divergence", step: 20))), at: 1001)
        bench.post("a", .debugger(.alertRaised(alert("Overfit", step: 90))), at: 1002)
        var remark = alert("StillImproving", step: 95)
        remark.severity = .info
        bench.post("a", .debugger(.alertRaised(remark)), at: 1003)
        bench.press("3", "!")
        #expect((bench.state.top as? AlertPage)?.item.alert.rule == "Divergence", "of the gravest the first")
        bench.press("esc", "3", "g", "!")
        #expect((bench.state.top as? AlertPage)?.item.alert.rule == "Divergence", "the cursor stands at the beginning")
        bench.press("<")
        #expect((bench.state.top as? AlertPage)?.item.alert.rule == "Overfit")
        bench.press("<", "<")
        #expect(bench.state.toast?.text == "there is no other alert")
        bench.press(">")
        bench.press("v")
        #expect(bench.state.screens.isEmpty && bench.state.focus == .curves && bench.state.curves.cursor == 90)
        bench.press("2", "enter")
        bench.turn(to: .alerts)
        bench.press("j", "enter")
        #expect(bench.state.top is AlertPage)
    }

    @Test(arguments: [(1, 1), (20, 5), (80, 24), (200, 60)]) func itDrawsAtAnySize(_ width: Int, _ height: Int) {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(alert("Overfit", step: 60))))
        bench.press("4", "enter")
        bench.send(.input(.resized(Size(width: width, height: height))))
        #expect(Frame(bench.state).buffer.size == Size(width: width, height: height))
    }
}
