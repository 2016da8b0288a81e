import Cells
import Events
import Testing

@testable import Studio

/// Endpoints in the studio: what their pages say, what they ask, and what keys do to them.
@Suite struct EndpointPageTests {
    private func bench(_ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.state = SampleStudio.empty(width, height)
        bench.send(.servingLoaded(SampleStudio.serving))
        return bench
    }

    private func listed(_ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = bench(width, height)
        bench.press("7")
        bench.answer(ReadTraffic(), SampleStudio.traffic(ReadTraffic.stretches, seconds: ReadTraffic.seconds))
        return bench
    }

    private func opened(_ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = listed(width, height)
        bench.press("enter")
        if let query = query(bench) {
            bench.answer(query, SampleStudio.endpointReading(query.stretches, seconds: query.seconds))
        }
        return bench
    }

    /// What the page asks.
    private func query(_ bench: Bench) -> ReadEndpoint? { bench.questions.compactMap { $0 as? ReadEndpoint }.last }

    @Test func whereNothingAnswersItSaysHowToBegin() {
        var bench = Bench()
        bench.press("7")
        #expect(bench.asked(ReadTraffic()))
        let text = Frame(bench.state).text
        for part in ["No model answers requests", "c has one answer", "descent endpoint create churn --model @best"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func theListSaysWhatEachDoesAndLeadsToItsPage() {
        var bench = listed()
        let text = Frame(bench.state).text
        for part in ["host process 4711", "6m 43s of CPU", "88 MB", "▶ Updating", "● InService", "1h ago", "Requests a second"] {
            #expect(text.contains(part), "\(part)")
        }
        bench.press("j", "j", "enter")
        #expect((bench.state.top as? EndpointPage)?.endpoint == "e0000002")
        bench.press("ctrl-o")
        #expect(bench.state.top is EndpointsPage)
    }

    @Test func thePageHasSharesLatencyDeploymentAlarmsAndRequests() {
        let bench = opened(120, 90)
        let text = Frame(bench.state).text
        for part in [
            "90 %", "10 %", "churn:3 (new)", "p50 384µs", "Latency of the model", "2.0ms", "Deployment   canary",
            "watched, 20s left",
            "watched by", "● churn-errors", "p99 ModelLatency > 5,000 µs", "2 of 3 periods of 10 s", "424", "14:13:19.241",
            "traffic: churn:2 90 %, churn:3 10 %", "captures 20 %", "Errors   ", "4xx",
        ] { #expect(text.contains(part), "\(part)\n\(text)") }
        // What is under way stands above how it looks.
        let lines = text.split(separator: "\n").map(String.init)
        func line(_ part: String) -> Int { lines.firstIndex { $0.contains(part) } ?? -1 }
        #expect(line("Deployment   canary") < line("Latency of the model") && line("Deployment   canary") > 0)
    }

    @Test func itIsAskedAnewEachSecondWhileItIsOpenAndNotElsewhere() {
        var bench = opened()
        #expect(bench.state.tickInterval == 1)
        bench.effects = []
        bench.send(.tick(now: SampleStudio.start + 1))
        #expect(query(bench) != nil)
        bench.press("2")
        bench.effects = []
        bench.send(.tick(now: SampleStudio.start + 2))
        #expect(query(bench) == nil && !bench.asked(ReadTraffic()))
    }

    @Test func aLongerPastIsAskedInLongerStretches() throws {
        var bench = opened()
        let first = try #require(query(bench))
        bench.press("z")
        let second = try #require(query(bench))
        #expect(first.seconds * first.stretches <= 120 && first.seconds * first.stretches > 100)
        #expect(second.seconds > first.seconds && second.seconds * second.stretches > 500)
    }

    @Test func whereTheHostIsAwayItSaysSoAndAKeyStartsIt() {
        var bench = opened()
        var serving = SampleStudio.serving
        serving.isServed = false
        serving.endpoints[0].pending = []
        serving.endpoints[0].status = .inService
        bench.send(.servingLoaded(serving))
        if let query = query(bench) {
            bench.answer(query, EndpointReading(traffic: nil, history: [], requests: []))
        }
        let text = Frame(bench.state).text
        #expect(text.contains("○ OutOfService") && text.contains("the host is away: S starts one"))
        bench.press("S")
        #expect(bench.commands == [.startHost])
        bench.press("l")
        #expect(bench.state.refusal?.contains("its host is away") == true)
    }

    // MARK: - Keys

    @Test func aDeploymentIsPromotedOrRolledBackAndNothingElseBegins() {
        var bench = opened()
        bench.press("P")
        #expect(bench.commands == [.serving(.wish(.promote, of: SampleStudio.endpoint))])
        bench.press("B")
        #expect(bench.commands == [.serving(.wish(.rollBack, of: SampleStudio.endpoint))])
        bench.press("U")
        #expect(bench.state.refusal?.contains("is being updated already: P promotes, B rolls back") == true)
        bench.press("ctrl-o", "j", "j", "P")
        #expect(bench.commands.isEmpty && bench.state.refusal?.contains("prices is not being updated") == true)
    }

    @Test func anUpdateAsksForTheModelItsApprovalAndTheSteps() throws {
        var bench = listed()
        bench.press("j", "j", "U", "ctrl-u")
        bench.type("churn:1")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("churn:1 was rejected"))
        bench.press("ctrl-u")
        bench.type("churn:3")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("churn:3 is not approved. Deploy it all the same?"))
        bench.press("d", "c")
        let plan = ServingCommand.UpdatePlan(strategy: "canary", step: 0.1, wait: 60)
        #expect(
            bench.commands == [
                .serving(.update(endpoint: "e0000002", model: "churn:3", plan: plan, takesUnapproved: true))
            ])
    }

    @Test func stepsOfOnesOwnAreTypedAndWhatMakesNoSenseIsRefused() throws {
        #expect(try UpdateText.read("rolling 5% wait=2 keep=9").get().plan(["a"]).alarms == ["a"])
        let read = try UpdateText.read("linear 25 wait=3").get()
        #expect((read.strategy, read.step, read.wait, read.keep) == ("linear", 0.25, 3, 0))
        for wrong in ["", "sideways", "canary 0%", "canary 60%", "canary wait=x", "canary wait=99999", "canary often=3"] {
            #expect(throws: TypedEndpoint.Fault.self, "\(wrong)") { try UpdateText.read(wrong).get() }
        }
    }

    @Test func weightsAreTypedForAllVariants() {
        var bench = listed()
        bench.press("W")
        #expect(bench.state.refusal?.contains("is being updated") == true)
        bench.press("j", "j", "W")
        #expect(Frame(bench.state).text.contains("old=3 new=1"))
        bench.press("ctrl-u")
        bench.type("old=0 new=0")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("leave one above 0"))
        bench.press("ctrl-u")
        bench.type("old=1 new=1")
        bench.press("enter")
        #expect(bench.commands == [.serving(.wish(.weights(["old": 1, "new": 1]), of: "e0000002"))])
    }

    @Test func deletingIsAskedAboutAndLeavesThePage() {
        var bench = opened()
        bench.press("d", "c")
        #expect(bench.commands.isEmpty && bench.state.top is EndpointPage)
        bench.press("d", "d")
        #expect(bench.commands == [.serving(.wish(.delete, of: SampleStudio.endpoint))])
        #expect(bench.state.top is EndpointsPage)
    }

    @Test func aRunIsDeployedByAKeyAndItsEndpointsPageOpensOnceItIsThere() {
        var bench = bench()
        bench.addRun("trains", name: "still going")
        bench.press("2", "y")
        #expect(bench.commands.isEmpty && bench.state.refusal?.contains("still trains") == true)
        bench.addRun("done0001", name: "xgb d/6", status: .completed)
        bench.press("g", "y")
        #expect(Frame(bench.state).text.contains("Endpoint for xgb d/6") && Frame(bench.state).text.contains("xgb-d-6"))
        bench.press("ctrl-u")
        bench.type("churn")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("there is an endpoint churn"))
        bench.press("ctrl-u")
        bench.type("fresh 25%")
        bench.press("enter")
        #expect(
            bench.commands == [
                .serving(.create(endpoint: "fresh", model: "done0001", capturePercent: 25, takesUnapproved: false))
            ])
        var serving = SampleStudio.serving
        serving.endpoints.insert(
            EndpointRecord(id: "fresh001", name: "fresh", variants: [], createdAt: SampleStudio.start), at: 0)
        bench.send(.servingLoaded(serving))
        #expect((bench.state.top as? EndpointPage)?.endpoint == "fresh001")
    }

    @Test func theAddressAndALineForAShellAreCopiedWithoutASecret() {
        var bench = opened()
        #expect(bench.effects(of: "y") == [.copyToClipboard("http://127.0.0.1:8080/endpoints/churn/invocations")])
        guard case .copyToClipboard(let line)? = bench.effects(of: "Y").first else {
            Issue.record("nothing was copied")
            return
        }
        #expect(
            line.hasPrefix("curl ") && line.contains("Bearer $DESCENT_TOKEN") && line.hasSuffix("/endpoints/churn/invocations"))
    }

    // MARK: - A load of one's own

    @Test func aLoadIsTypedRunsAndIsStoppedByTheSameKey() {
        var bench = opened()
        bench.press("l")
        #expect(Frame(bench.state).text.contains("data/churn.csv 20/s 60s"))
        bench.press("ctrl-u")
        bench.type("data/churn.csv 9999999/s 60s")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("from 1 to 2,000 requests a second"))
        bench.press("ctrl-u")
        bench.type("my rows.csv 50/s 30s")
        bench.press("enter")
        let load = EndpointLoad(endpoint: SampleStudio.endpoint, source: .file("my rows.csv"), rate: 50, seconds: 30)
        #expect(bench.effects.contains(.startLoad(load)))
        var standing = EndpointLoadStanding(load, source: "my rows.csv, 12 rows")
        (standing.answered, standing.refused, standing.elapsed) = (500, 7, 10)
        bench.send(.loadChanged(standing))
        let text = Frame(bench.state).text
        for part in ["▶ load", "50/s of my rows.csv, 12 rows", "500 answered (50/s)", "7 failed", "20s left, l stops it"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(bench.effects(of: "l") == [.stopLoad(SampleStudio.endpoint)])
        standing.ending = "stopped"
        bench.send(.loadChanged(standing))
        #expect(bench.state.toast?.text == "load on churn: 500 answered, 7 failed, stopped")
    }

    // MARK: - Alarms

    @Test func anAlarmThatGoesOffStandsAmongTheAlertsAndLeadsToItsEndpoint() {
        var bench = bench()
        var serving = SampleStudio.serving
        serving.alarms[1].enter("ALARM", at: SampleStudio.start)
        bench.effects = []
        bench.send(.servingLoaded(serving))
        #expect(bench.effects.contains(.bell))
        #expect(bench.state.toast?.text == "alarm churn-slow of churn went off: p99 ModelLatency > 5,000 µs")
        let text = Frame(bench.state).text
        #expect(text.contains("churn-slow") && text.contains("▲ 1 alert") && !text.contains("step"))
        bench.press("4", "f")
        #expect(bench.state.refusal == "an alarm is mended at its endpoint: enter goes there")
        bench.press("v")
        #expect(bench.state.refusal?.contains("enter shows the endpoint") == true)
        bench.press("enter")
        #expect((bench.state.top as? EndpointPage)?.endpoint == SampleStudio.endpoint)
        bench.press("1")
        serving.alarms[1].enter("OK", at: SampleStudio.start + 5)
        bench.send(.servingLoaded(serving))
        #expect(!Frame(bench.state).text.contains("▲ 1 alert"))
    }

    // MARK: - The way there

    @Test func namesLeadToEndpointsAndModelsAndTheseToEachOther() {
        var bench = bench()
        bench.addRun("kept2", name: "xgb-d6", status: .completed)
        bench.press(":")
        bench.type("prices")
        bench.press("enter")
        #expect((bench.state.top as? EndpointPage)?.endpoint == "e0000002")
        bench.press("2", ":")
        bench.type("churn:2")
        bench.press("enter")
        #expect((bench.state.top as? ModelsPage)?.chosen(bench.state)?.title == "churn:2")
        bench.press("'", "e")
        #expect((bench.state.top as? EndpointPage)?.endpoint == SampleStudio.endpoint)
        bench.press("'", "v")
        #expect(bench.state.top is ModelsPage)
        bench.press("2", "'", "e")
        #expect(bench.state.top is EndpointPage)
    }

    // MARK: - Models

    @Test func keptModelsAreListedApprovedRejectedAndDeleted() {
        var bench = bench()
        bench.press("7", "7")
        let text = Frame(bench.state).text
        for part in [
            "churn:3", "○ undecided", "✔ approved", "✖ rejected", "log_loss 0.2977", "max_depth 6", "after the price change",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        bench.press("a")
        #expect(bench.commands == [.serving(.decide(version: "model003", .approved))])
        bench.press("u")
        #expect(bench.commands == [.serving(.decide(version: "model003", .pending))])
        bench.press("d")
        #expect(bench.state.refusal?.contains("churn:3 answers for churn") == true)
        bench.press("j", "j", "j", "d", "d")
        #expect(bench.commands == [.serving(.remove(version: "model001"))])
        bench.press("7")
        #expect(bench.state.top is EndpointsPage)
    }

    @Test func aModelThatOnlyMLflowCanLoadIsNotDeployed() {
        var bench = bench(), serving = SampleStudio.serving
        var foreign = ModelVersion(
            id: "model009", name: "forest", source: .mlflow, sourceID: "", sourceName: "sklearn",
            request: JobRequest(datasetPath: "", target: nil, algorithm: "mlflow"), createdAt: 0)
        foreign.version = 1
        serving.models.append(foreign)
        bench.send(.servingLoaded(serving))
        bench.press("7", "7", "j", "j", "j", "j", "y")
        #expect(Frame(bench.state).text.contains("only MLflow can load it"))
        #expect(!Frame(bench.state).text.contains("Deploy it all the same?"))
    }

    @Test func aRunsModelIsKeptUnderAName() {
        var bench = bench()
        bench.addRun("done0001", name: "xgb-d6", status: .completed)
        bench.press("2", "K", "ctrl-u")
        bench.type("churn forecast")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("cannot be its name"))
        bench.press("ctrl-u")
        bench.type("churn")
        bench.press("enter")
        #expect(bench.commands == [.serving(.register(model: "churn", of: "done0001"))])
    }

    // MARK: - Frames

    @Test("the endpoint's page in the middle of a canary", arguments: [(80, 24), (120, 40), (200, 60)])
    func page(_ width: Int, _ height: Int) {
        Frame(opened(width, height).state).expectMatches("endpoint-\(width)x\(height)")
    }

    @Test("the list of endpoints, and of models", arguments: [(80, 24), (120, 40)])
    func lists(_ width: Int, _ height: Int) {
        var bench = listed(width, height)
        Frame(bench.state).expectMatches("endpoints-\(width)x\(height)")
        bench.press("7")
        Frame(bench.state).expectMatches("models-\(width)x\(height)")
    }

    @Test("all pages at any size", arguments: [(1, 1), (20, 5), (40, 12), (80, 24), (200, 60)])
    func pagesDrawAtAnySize(_ width: Int, _ height: Int) {
        for bench in [listed(width, height), opened(width, height)] { #expect(!Frame(bench.state).text.isEmpty) }
        var models = listed(width, height)
        models.press("7")
        #expect(!Frame(models.state).text.isEmpty)
    }

    @Test func inPlainTextNothingButASCIIDrawsThePictures() {
        var bench = bench(120, 60)
        bench.state.settings.glyphs = .ascii
        bench.press("7", "enter")
        if let query = query(bench) {
            bench.answer(query, SampleStudio.endpointReading(query.stretches, seconds: query.seconds))
        }
        let lines = Frame(bench.state).text.split(separator: "\n").filter { $0.contains("384µs|") || $0.contains("256µs|") }
        #expect(lines.count == 2 && lines.allSatisfy { !$0.contains("█") && !$0.contains("▓") && $0.contains("#") })
    }
}

/// Where the map of latencies puts requests.
@Suite struct LatencyHeatTests {
    private func counts(_ buckets: [(Double, Int)]) -> RequestCounts {
        var counts = RequestCounts()
        counts.latencies = buckets.map { .init(bound: $0.0, count: $0.1) }
        return counts
    }

    @Test func everyBucketHasItsRowAndNoneIsLost() throws {
        // The histogram's bounds: quarters between powers of two of a microsecond.
        let bounds = (0..<24).map { place in
            Double(sign: .plus, exponent: place / 4, significand: 1 + Double(place % 4 + 1) / 4) * 1e-6
        }
        let heat = try #require(LatencyHeat([counts(bounds.map { ($0, 1) })], height: 24, indent: 6, width: 1))
        #expect(heat.bounds.count == 24 && heat.map.rows.allSatisfy { $0[0] > 0 })
        for (found, wanted) in zip(heat.bounds.reversed(), bounds) { #expect(abs(found / wanted - 1) < 1e-9) }
    }

    @Test func fewRowsShareWhatThereIsAndColumnsSpread() throws {
        let stretches = [counts([(1e-3, 10)]), counts([(1e-3, 5), (64e-3, 5)])]
        let heat = try #require(LatencyHeat(stretches, height: 5, indent: 6, width: 10))
        #expect(heat.map.rows.count <= 5 && heat.map.rows.allSatisfy { $0.count == 10 })
        let (top, bottom) = (heat.map.rows[0], heat.map.rows[heat.map.rows.count - 1])
        #expect(top[0...4].allSatisfy { $0 == 0 } && top[5...9].allSatisfy { abs($0 - 0.5.squareRoot()) < 1e-12 })
        #expect(bottom[0...4].allSatisfy { $0 == 1 })
        #expect(heat.bounds[0] >= 64e-3 && heat.bounds.last ?? 0 >= 1e-3)
        #expect(LatencyHeat([RequestCounts()], height: 5, indent: 6, width: 10) == nil)
    }
}
