import Cells
import Events
import Testing

@testable import Studio

/// Monitors in the studio: what their pages say, what they ask, and what keys do to them.
@Suite struct MonitorPageTests {
    private func bench(_ width: Int = 120, _ height: Int = 40, _ serving: KnownServing = SampleStudio.watchedServing) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.state = SampleStudio.empty(width, height)
        bench.send(.servingLoaded(serving))
        return bench
    }

    private func opened(_ width: Int = 120, _ height: Int = 60) -> Bench {
        var bench = bench(width, height)
        bench.press("8", "enter")
        bench.answer(ReadMonitor(SampleStudio.dataMonitor), MonitorReading(executions: SampleStudio.dataExecutions))
        return bench
    }

    private func dived(_ width: Int = 120, _ height: Int = 60) -> Bench {
        var bench = opened(width, height)
        bench.press("j", "enter")
        bench.answer(ReadMonitorValue(SampleStudio.dataMonitor, "tenure"), SampleStudio.monitorValue)
        return bench
    }

    private func text(_ bench: Bench) -> String { Frame(bench.state).text }

    @Test func whereNothingIsWatchedItSaysHowToBegin() {
        var bench = bench(120, 40, SampleStudio.serving)
        bench.press("8")
        for part in ["Nothing watches what models are asked yet", "w on an endpoint (7)", "descent monitor setup ENDPOINT"] {
            #expect(text(bench).contains(part), "\(part)")
        }
    }

    @Test func theListSaysWhatStandsAndWhatIsPaused() {
        var bench = bench(180)
        bench.press("8")
        let text = text(bench)
        for part in [
            "▲ CompletedWithViolations", "2 violations: tenure, contract", "in 25m", "every hour", "paused", "/data/incoming",
            "○ not yet", "attributions", "4,351 rows",
        ] { #expect(text.contains(part), "\(part)\n\(text)") }
        bench.press("j", "j", "j", "enter")
        #expect((bench.state.top as? MonitorPage)?.monitor == "churn-model-quality")
    }

    @Test func theHeatMapShowsWhichColumnMovedAndSinceWhen() throws {
        let bench = opened(170, 100), text = text(bench)
        let row = try #require(text.split(separator: "\n").first { $0.contains("▲ tenure") })
        // Six windows beyond the threshold, dark at the end; the others light.
        #expect(row.contains("▓▓█") || row.contains("▓███"), "\(row)")
        #expect(row.contains("since "), "\(row)")
        let quiet = try #require(text.split(separator: "\n").first { $0.contains("  senior") })
        #expect(!quiet.contains("▒") && !quiet.contains("since"), "\(quiet)")
        for part in [
            "Violations that stand", "baseline_drift_check", "no request was captured in this time", "Executions", "f mends it",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
    }

    @Test func withoutColoursWhatIsViolatedHasASignOfItsOwn() throws {
        var bench = opened()
        bench.state.settings.glyphs = .ascii
        bench.send(.input(.resized(Size(width: 120, height: 60))))
        let row = try #require(text(bench).split(separator: "\n").first { $0.contains("tenure") && $0.contains("since") })
        #expect(row.contains("!!!!!!"), "\(row)")
    }

    @Test func theDiveShowsBothDistributionsSinceWhenAndWhatItDid() {
        var bench = opened()
        bench.press("j", "enter")
        #expect((bench.state.top as? MonitorValuePage)?.feature == "tenure")
        bench.answer(ReadMonitorValue(SampleStudio.dataMonitor, "tenure"), SampleStudio.monitorValue)
        let text = text(bench)
        for part in [
            "▲ since", "in 6 windows one after the other", "Both distributions", "┄ baseline", "Distance from the baseline",
            "What it did to the model", "0.871 before", "0.752 since", "24,310 labelled rows",
        ] { #expect(text.contains(part), "\(part)\n\(text)") }
    }

    @Test func whereLabelsAreNotKnownTheDiveSaysSo() {
        var bench = dived()
        var reading = SampleStudio.monitorValue
        reading.effects = nil
        bench.answer(ReadMonitorValue(SampleStudio.dataMonitor, "tenure"), reading)
        #expect(text(bench).contains("Labels of the time are not known"))
    }

    @Test func sinceWhenIsTheFirstOfTheWindowsInARow() {
        let executions = SampleStudio.dataExecutions.filter { $0.rowCount > 0 }
        #expect(executions.violatedSince("tenure")?.scheduledAt == SampleStudio.dataExecutions[18].scheduledAt)
        #expect(executions.violatedSince("senior") == nil)
        #expect(Array(executions.dropLast(6)).violatedSince("tenure") == nil)
    }

    @Test func biasAndAttributionsAreToldOfAColumnAndShownAtTheirMetric() {
        var one = MonitorExecution(monitor: "m", scheduledAt: 0, from: 0, until: 1, folder: "")
        one.drift = ["CI sex=f": -0.14, "CI sex=m": 0.1, "DI sex=f": 1, "ndcg (yes)": 0.8, "moved share (yes)": 0.1]
        one.violations = [
            .init(feature: "sex", check: "bias_drift_check", description: "CI of f is -0.140, in 95 of 100 cases"),
            .init(
                feature: "yes", check: "feature_attribution_drift_check", description: "the ranking of columns has an NDCG of 0.8"
            ),
        ]
        #expect(one.violated == ["CI sex=f", "ndcg (yes)"])
        one.violations.append(.init(feature: "gone", check: "missing_column_check", description: "the data has it not"))
        #expect(one.violated == ["CI sex=f", "ndcg (yes)", "gone"])
    }

    // MARK: - Keys

    @Test func aMonitorLooksRestsAndGoesOn() {
        var bench = bench()
        bench.press("8", "r")
        #expect(bench.commands == [.serving(.monitor(.run, of: SampleStudio.dataMonitor))])
        bench.press("p")
        #expect(bench.commands == [.serving(.monitor(.pause, of: SampleStudio.dataMonitor))])
        bench.press("j", "j", "j", "j", "p")
        #expect(bench.commands == [.serving(.monitor(.resume, of: "prices-files"))])
    }

    @Test func deletingAsksAndAReportIsAFile() {
        var bench = opened()
        bench.press("R")
        let files = bench.effects.compactMap { if case .exportText(let name, let text) = $0 { (name, text) } else { nil } }
        #expect(files.first?.0 == "churn-data-quality-constraint_violations.json")
        #expect(files.first?.1.contains(#""feature_name":"tenure""#) == true)
        bench.press("d")
        #expect(bench.commands.isEmpty && text(bench).contains("Delete the monitor churn-data-quality"))
        bench.press("d")
        #expect(bench.commands == [.serving(.monitor(.delete, of: SampleStudio.dataMonitor))])
        #expect(bench.state.top is MonitorsPage)
    }

    @Test func fromAViolationToACanaryItIsThreeKeys() {
        var bench = bench()
        bench.press("4")
        #expect(bench.state.alerts.selected?.monitor != nil)
        bench.press("f")
        #expect(text(bench).contains("unless it is worse?"))
        bench.press("b")
        #expect(bench.commands.first.map { "\($0)" }?.contains("retrain") == true && bench.commands.count == 1)
    }

    @Test func whatIsTrainedAgainIsSaidAndNotBegunTwice() {
        var bench = opened()
        var serving = SampleStudio.watchedServing
        for place in serving.monitors.indices where serving.monitors[place].record.endpoint != nil {
            serving.monitors[place].retraining = SampleStudio.retraining
        }
        bench.send(.servingLoaded(serving))
        #expect(text(bench).contains("churn-again-1 trains on 24,000 new rows"))
        bench.press("f")
        #expect(bench.state.refusal?.contains("is being trained again: Training") == true)
    }

    @Test func withoutLabelsThereIsNothingToTrainOn() {
        var serving = SampleStudio.watchedServing
        serving.monitors.removeAll { $0.record.kind == .modelQuality }
        var bench = bench(120, 40, serving)
        bench.press("8", "f")
        #expect(bench.state.refusal?.contains("no monitor of churn knows where labels come to") == true)
    }

    // MARK: - What leads there

    @Test func violationsStandAmongTheAlertsUntilTheyDoNotAnyMore() {
        var bench = bench()
        bench.press("4")
        let names = bench.state.alerts.items.compactMap(\.monitor)
        #expect(Set(names) == ["churn-data-quality", "churn-model-quality"])
        #expect(text(bench).contains("churn-data-quality"))
        #expect(bench.state.alerts.items.contains { $0.alert.summary.contains("tenure: baseline drift distance") })
        bench.press("enter")
        #expect(bench.state.top is MonitorPage)
        var serving = SampleStudio.watchedServing
        for place in serving.monitors.indices { serving.monitors[place].judged = nil }
        bench.send(.servingLoaded(serving))
        #expect(bench.state.alerts.items.allSatisfy { $0.monitor == nil })
    }

    @Test func aNewViolationIsSaidAloud() {
        var before = SampleStudio.watchedServing
        before.monitors[0].judged = SampleStudio.dataExecutions[12]
        before.monitors[0].last = SampleStudio.dataExecutions[12]
        var bench = bench(120, 40, before)
        bench.effects = []
        bench.send(.servingLoaded(SampleStudio.watchedServing))
        #expect(bench.effects.contains(.bell))
        #expect(bench.state.toast?.text.contains("churn-data-quality: 2 violations: tenure, contract") == true)
    }

    @Test func relatedAndTheFinderKnowMonitors() {
        var bench = bench()
        bench.press("7", "'")
        #expect(text(bench).contains("monitor: churn-data-quality"))
        bench.press("m")
        #expect((bench.state.top as? MonitorPage)?.monitor == SampleStudio.dataMonitor)
        bench.press("'", "e")
        #expect((bench.state.top as? EndpointPage)?.endpoint == SampleStudio.endpoint)
        #expect(ObjectFinder.find("churn-data", bench.state).contains { $0.outcome == .monitor(SampleStudio.dataMonitor) })
    }

    @Test func oneKeyHasAnEndpointWatched() {
        var bench = bench(120, 40, SampleStudio.serving)
        bench.press("7", "w")
        #expect(bench.commands == [.serving(.monitor(.setUp, of: "churn"))])
        var watched = SampleStudio.watchedServing
        watched.monitors[1].record = MonitorRecord(
            name: "b", kind: .bias, source: .endpoint("churn"), baseline: "", schedule: "now", createdAt: 0, nextAt: nil)
        watched.monitors.append(
            MonitorStanding(
                record: MonitorRecord(
                    name: "e", kind: .explainability, source: .endpoint("churn"), baseline: "", schedule: "now", createdAt: 0,
                    nextAt: nil)))
        bench.send(.servingLoaded(watched))
        bench.press("w")
        #expect(bench.state.refusal?.contains("churn has all four monitors") == true)
    }

    @Test func oneKeyHasAKeptModelDeployedAndWatched() {
        var serving = SampleStudio.serving
        serving.endpoints = []
        var bench = bench(120, 40, serving)
        bench.press("7", "7", "j", "j", "w")
        #expect(text(bench).contains("Endpoint for churn:2"))
        bench.press("enter")
        #expect(
            bench.commands == [
                .serving(.create(endpoint: "churn", model: "churn:2", capturePercent: 100, takesUnapproved: false)),
                .serving(.monitor(.setUp, of: "churn")),
            ])
    }

    // MARK: - Frames

    @Test("the monitors", arguments: [(80, 24), (120, 40)])
    func list(_ width: Int, _ height: Int) {
        var bench = bench(width, height)
        bench.press("8")
        Frame(bench.state).expectMatches("monitors-\(width)x\(height)")
    }

    @Test("a monitor", arguments: [(80, 24), (120, 40), (200, 60)])
    func page(_ width: Int, _ height: Int) {
        Frame(opened(width, height).state).expectMatches("monitor-\(width)x\(height)")
    }

    @Test("a column of a monitor", arguments: [(80, 24), (120, 40)])
    func value(_ width: Int, _ height: Int) {
        Frame(dived(width, height).state).expectMatches("monitor-value-\(width)x\(height)")
    }
}
