import Cells
import Events
import Testing

@testable import Studio

@Suite("A run's page")
struct RunPageTests {
    /// A parent, a run forked from it with a fork of its own; the run's page is open.
    private func open() -> Bench {
        var bench = Bench()
        bench.addRun("p", name: "parent", status: .completed, created: 1)
        var fork = Bench.record("a", name: "adam", created: 2)
        fork.fork = RunFork(parent: RunID("p"), step: 40, settings: ["learning_rate": "0.1"])
        bench.post("a", .run(.registered(fork)))
        bench.post("a", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 100))))
        var child = Bench.record("c", name: "child", created: 3)
        child.fork = RunFork(parent: RunID("a"), step: 60)
        bench.post("c", .run(.registered(child)))
        bench.send(.runsLoaded([]))
        bench.press("2", "g")
        while bench.selectedName != "adam", bench.state.experiments.cursor.index < 2 { bench.press("j") }
        bench.press("enter")
        return bench
    }

    private func page(_ bench: Bench) -> RunPage? { bench.state.top as? RunPage }

    private func text(_ bench: Bench, width: Int = 100) -> String {
        bench.screen(width: width)?.lines.map { $0.parts.map(\.text).joined() }.joined(separator: "\n") ?? ""
    }

    private func details(_ run: String = "a") -> RunDetails {
        func event(_ kind: StudioEvent.Kind, _ time: Double) -> StudioEvent {
            StudioEvent(sequence: 0, wallTime: time, run: RunID(run), kind: kind)
        }
        let saved = [20, 60, 80].map { step in
            event(
                .job(
                    .checkpointSaved(
                        CheckpointSaved(
                            step: step, epoch: Double(step) / 10, isBest: false, path: "artifacts/a/checkpoint-\(step)"))),
                5)
        }
        let rest: [StudioEvent.Kind] = [
            .job(.statusChanged(JobStatusChange(status: .paused))),
            .job(.dataWarned(DataWarning(code: "c", column: "x", message: "x is constant"))),
            .notice(.messageLogged("a word")), .job(.statusChanged(JobStatusChange(status: .completed))),
            .job(.finished(JobResult(name: "adam", status: .completed, reason: .maxEpochs, bestStep: 80, metrics: [:]))),
        ]
        return RunDetails(
            run: RunID(run), folder: "/w/artifacts/a",
            files: [
                .init(name: "checkpoint-60", byteCount: 2000, modifiedAt: 7),
                .init(name: "checkpoint-80", byteCount: 3000, modifiedAt: 8),
                .init(name: "model.json", byteCount: 700, modifiedAt: 9),
            ], events: saved + rest.enumerated().map { event($1, 10 + Double($0)) })
    }

    @Test("that the data was read is told once, however often more is known of the run")
    func dataReadOnce() {
        var bench = open()
        var details = self.details()
        func registered(_ fingerprint: String, _ more: [String: String] = [:]) -> StudioEvent {
            var record = Bench.record("a", name: "adam")
            record.dataFingerprint = fingerprint
            record.hyperparameters.merge(more) { $1 }
            return StudioEvent(sequence: 0, wallTime: 1, run: RunID("a"), kind: .run(.registered(record)))
        }
        details.events = [registered(""), registered("feed"), registered("feed", ["b": "1"]), registered("feed", ["c": "1"])]
        bench.answer(ReadRunDetails(RunID("a"), after: .beginning), details)
        while page(bench)?.tab != .log { bench.press("right") }
        let text = self.text(bench)
        #expect(text.ranges(of: "the data was read").count == 1 && text.contains("registered as adam"))
    }

    @Test("arrows and tab go round the tabs, and each begins at its top")
    func switching() {
        var bench = open()
        #expect(bench.asked(ReadRunDetails(RunID("a"))))
        #expect(page(bench)?.tab == .overview)
        bench.press("right")
        #expect(page(bench)?.tab == .configuration)
        bench.press("shift-tab", "left")
        #expect(page(bench)?.tab == .log)
        bench.press("tab")
        #expect(page(bench)?.tab == .overview)
        bench.send(.input(.resized(Size(width: 80, height: 12))))
        bench.press("j", "j")
        #expect(page(bench)?.reading.top == 2)
        bench.press("l")
        #expect(page(bench)?.reading.top == 0)
        bench.press("esc")
        #expect(bench.state.top == nil)
    }

    @Test("ctrl-o goes back to the page that was left last, as it was, and reads what happened since")
    func history() {
        var bench = open()
        let end = RunDetails.Place(id: 9, count: 4, time: 3)
        var known = details()
        known.end = end
        bench.answer(ReadRunDetails(RunID("a")), known)
        bench.turn(to: .checkpoints)
        bench.press("j", "esc")
        #expect(bench.state.top == nil)
        bench.press("ctrl-o")
        #expect(page(bench)?.tab == .checkpoints && page(bench)?.details == known)
        #expect(bench.asked(ReadRunDetails(RunID("a"), after: end)))
        // And back to the home screen it was opened from, and forward again.
        bench.press("ctrl-o")
        #expect(bench.state.screens.isEmpty)
        bench.press("alt-right")
        #expect(page(bench)?.tab == .checkpoints)
    }

    @Test("other pages have no tabs")
    func others() {
        var bench = open()
        bench.press("esc", "L", "right")
        #expect(bench.state.top is LogPage)
    }

    @Test("a click on a tab chooses it", arguments: [30, 80, 120])
    func mouse(_ width: Int) {
        var bench = open()
        bench.send(.input(.resized(Size(width: width, height: 24))))
        guard let page = bench.state.top else { return }
        let line = StudioLayout.interior(page.place(on: bench.state.size)).inset(horizontal: 1, vertical: 0)
        for tab in RunTab.allCases {
            guard let chosen = self.page(bench)?.tab else { return }
            let labels = RunTab.labels(chosen: chosen, width: line.width)
            guard let label = labels.first(where: { $0.tab == tab }) else { continue }
            #expect(label.x + label.width <= line.width)
            bench.click(line.x + label.x + label.width - 1, line.y)
            #expect(self.page(bench)?.tab == tab)
        }
    }

    @Test("given and resolved hyperparameters stand side by side")
    func configuration() {
        var bench = open()
        var record = Bench.record("a", name: "adam")
        record.request.hyperparameters = ["learning_rate": "auto"]
        record.hyperparameters = ["learning_rate": "0.25", "epochs": "15"]
        bench.post("a", .run(.registered(record)))
        bench.turn(to: .configuration)
        let lines = text(bench).split(separator: "\n")
        #expect(lines.contains { $0.contains("● learning_rate") && $0.hasSuffix("0.25   given auto") })
        #expect(lines.contains { $0.contains("  epochs") && $0.hasSuffix("15") })
    }

    @Test("an alert is told with its evidence, its cause and every remedy")
    func alerts() {
        var bench = open()
        bench.turn(to: .alerts)
        #expect(text(bench).contains("found nothing wrong"))
        bench.post("a", .debugger(.alertRaised(Bench.alert)))
        #expect(text(bench).contains("▲ DataOrder  step 7"))
        #expect(text(bench).contains("→ shuffle [shuffle = true]"))
        #expect(text(bench).contains("→ think"))
    }

    @Test("the checkpoints that are kept are listed, newest first, with their sizes; files with their sum")
    func files() {
        var bench = open()
        bench.turn(to: .checkpoints)
        #expect(text(bench).contains("reading the workspace"))
        bench.answer(ReadRunDetails(RunID("a")), details())
        let rows = text(bench).split(separator: "\n").filter { $0.contains("kB") }
        #expect(rows.map { $0.split(separator: " ").first } == ["80", "60"])
        #expect(!text(bench).contains("20  "))
        bench.turn(to: .artifacts)
        #expect(text(bench).contains("/w/artifacts/a"))
        #expect(text(bench).contains("model.json"))
        #expect(text(bench).contains(NumberFormat.bytes(5700)))
    }

    @Test("the lineage goes from the data over the parent to the forks and the model")
    func lineage() {
        var bench = open()
        bench.answer(ReadRunDetails(RunID("a")), details())
        bench.turn(to: .lineage)
        let shown = text(bench)
        let places = [
            "data.csv", "└─ parent", "└─ adam", "from step 40 with learning_rate = 0.1", "◂ this run", "model.json", "└─ child",
        ]
        .map { shown.firstRange(of: $0)?.lowerBound }
        #expect(!places.contains(nil))
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        #expect(shown.contains("from step 60"))
    }

    @Test("the lineage shows what only links tell: data sets, the alert it mends, and runs that mend its own")
    func linkedLineage() {
        var bench = open()
        let this = RunID("a"), alert = AlertReference(run: this, rule: "DataOrder")
        var remedy = Bench.record("r", name: "shuffled", created: 4)
        remedy.remedies = alert
        bench.answer(ReadRunDetails(this), details())
        bench.effects = []
        bench.post("r", .run(.registered(remedy)))
        // Its link is in the workspace, and the page of the run whose alert it mends does not show it yet.
        #expect(bench.asked(ReadRunDetails(this)))
        func link(_ kind: Link.Kind, _ from: EntityReference, _ to: String = "a") -> Link {
            Link(kind, from: from, to: EntityReference(RunID(to)), createdAt: 4)
        }
        var found = details()
        found.lineage = RunLineage(
            sources: [
                .init(link(.trainedOn, EntityReference(.dataset, "00aa")), name: "churn.csv"),
                .init(link(.validatedOn, EntityReference(.dataset, "00bb")), name: "held-out.csv"),
                .init(link(.forkedFrom, EntityReference(RunID("p"))), name: "parent"),
                .init(link(.remedies, AlertReference(run: RunID("p"), rule: "Overfit").entity), name: "Overfit of parent"),
                .init(
                    link(.remedies, AlertReference(run: RunID("p"), rule: AlertReference.bias).entity), name: "Bias of parent"),
            ],
            results: [
                .init(link(.forkedFrom, EntityReference(this), "c"), name: "child"),
                .init(link(.remedies, alert.entity, "r"), name: "shuffled"),
                .init(link(.remedies, alert.entity, "elsewhere"), name: "not-read-yet"),
            ])
        bench.answer(ReadRunDetails(this), found)
        bench.turn(to: .lineage)
        let shown = text(bench)
        #expect(shown.contains("trained on        churn.csv (00aa)"), "\(shown)")
        #expect(shown.contains("validated on      held-out.csv (00bb)"))
        #expect(shown.contains("remedies          Overfit of parent"))
        // Bias is measured, and raises no alert to go to.
        let parts = bench.screen(width: 100)?.lines.flatMap(\.parts) ?? []
        func leads(_ name: String) -> ObjectLink? { parts.first { $0.text.hasPrefix(name) }?.link }
        #expect(leads("Overfit of") == .run(RunID("p"), .alerts) && leads("Bias of") == .run(RunID("p"), .overview))
        #expect(shown.contains("└─ shuffled  queued, remedies DataOrder"))
        func indent(_ name: String) -> Int? {
            bench.screen(width: 100)?.lines.first { $0.parts.contains { $0.text.hasPrefix(name) } }?.indent
        }
        #expect(indent("shuffled") != nil && indent("shuffled") == indent("child"))
        #expect(shown.contains("└─ not-read-yet  remedies DataOrder"))
        #expect(shown.ranges(of: "└─ child").count == 1)
    }

    @Test("data that changed since the run is named")
    func changedData() {
        var bench = open()
        var record = Bench.record("a", name: "adam")
        record.dataFingerprint = "0"
        bench.post("a", .run(.registered(record)))
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.turn(to: .lineage)
        #expect(!text(bench).contains("has changed"))
        record.dataFingerprint = "1"
        bench.post("a", .run(.registered(record)))
        #expect(text(bench).contains("the file has changed since: it is 0 now"))
    }

    @Test("the log tells what happened to the run, newest first, without its checkpoints")
    func log() {
        var bench = open()
        bench.answer(ReadRunDetails(RunID("a")), details())
        bench.turn(to: .log)
        let lines = text(bench).split(separator: "\n")
        #expect(lines.map { $0.drop { !$0.isLetter } } == ["completed: MaxEpochs", "a word", "x is constant", "paused"])
    }

    @Test("an open page is read again when something happened to its run, and only then")
    func live() {
        var bench = open()
        bench.answer(ReadRunDetails(RunID("a")), details())
        bench.effects = []
        bench.post("p", .notice(.messageLogged("other")))
        bench.post("a", .job(.progressReported(JobProgress(step: 5, plannedSteps: 9, rowsPerSecond: 3))))
        #expect(!bench.asked(ReadRunDetails(RunID("a"))))
        bench.post("a", .notice(.messageLogged("own")))
        #expect(bench.asked(ReadRunDetails(RunID("a"))))
        // While it is being read, it is read once more when that is done.
        bench.effects = []
        guard let run = bench.state.runs[RunID("a")] else { return }
        bench.send(.runsLoaded([run]))
        #expect(bench.questions.isEmpty)
        bench.answer(ReadRunDetails(RunID("a")), details())
        #expect(bench.asked(ReadRunDetails(RunID("a"))))
    }

    @Test("an answer for a page that was left is not kept")
    func late() {
        var bench = open()
        bench.press("esc")
        bench.answer(ReadRunDetails(RunID("a")), details())
        #expect(page(bench)?.details == nil)
    }

    @Test("the system tab says how fast it goes")
    func systemFacts() {
        var bench = open()
        bench.record("a", "train:loss", Array(repeating: 1, count: 50))
        bench.send(.tick(now: 1011))
        bench.turn(to: .system)
        func value(_ label: String) -> String? {
            let rows = text(bench).split(separator: "\n").map { $0.split(separator: " ") }
            return rows.first { $0.joined(separator: " ").hasPrefix(label + " ") }?.dropFirst(label.split(separator: " ").count)
                .joined(separator: " ")
        }
        // Ten steps of its own, one epoch's, in ten seconds: it was forked at step 40.
        #expect(value("steps per second") == "1")
        #expect(value("per epoch") == NumberFormat.duration(10))
        #expect(text(bench).contains("No system metrics were recorded."))
    }

    /// Samples of a step that takes longer than it is from one to the next.
    private func sample(_ bench: inout Bench, _ metric: SystemMetric, _ values: [Double], at time: Double) {
        let samples = values.enumerated().map { index, value in
            MetricSample(sequence: UInt64(index), metric: 0, step: 7, epoch: 0.5, wallTime: time + Double(index), value: value)
        }
        bench.send(.events([], [RunSamples(run: RunID("a"), metrics: [metric.name], samples: samples)]))
    }

    @Test("the system tab draws every sample of what the run costs, with its mean and peak")
    func systemCharts() throws {
        var bench = open()
        bench.turn(to: .system)
        sample(&bench, .memoryBytes, [100e6, 300e6], at: 1000)
        sample(&bench, .cpuPercent, [150, 50, 100], at: 1000)
        // What came already is not taken twice.
        sample(&bench, .cpuPercent, [50, 100, 40], at: 1001)
        let charts = try #require(bench.screen(width: 100)).charts.map(\.chart)
        #expect(
            charts.map { $0.title?.parts.map(\.text).joined() } == [
                "cpu 40 %  mean 85 %  peak 150 %", "mem 300 MB  mean 200 MB  peak 300 MB",
            ])
        #expect(charts[0].chart.series[0].series.count == 4)
        #expect(charts[0].rect.intersection(charts[1].rect).isEmpty && charts[1].rect.maxX <= 100)
        // Text stands below the charts.
        #expect(
            !text(bench).split(separator: "\n", omittingEmptySubsequences: false).prefix(charts[0].rect.maxY).contains {
                !$0.isEmpty
            })
    }

    @Test("what a run costs comes last among the metrics, and never in place of its objective")
    func systemMetricsComeLast() throws {
        var bench = open()
        sample(&bench, .cpuPercent, [150, 50], at: 1000)
        bench.press("esc", "3")
        #expect(CurvesScene(bench.state).metric == "loss")
        #expect(CurvesScene(bench.state).metrics.last == "system:cpu_percent")
        bench.record("a", "validation:accuracy", [0.5, 0.6])
        bench.record("a", "validation:loss", [0.5, 0.6])
        #expect(CurvesScene(bench.state).metrics == ["loss", "accuracy", "system:cpu_percent"])
        #expect(CurvesScene(bench.state).tiled == ["loss", "accuracy"])
        bench.press("M")
        #expect(CurvesScene(bench.state).metric == "system:cpu_percent")
        #expect(CurvesScene(bench.state).tiled == ["system:cpu_percent"])
        #expect(CurvesScene(bench.state).chart.series.map(\.series.count) == [2])
    }
}

@Suite("A wide run's page")
struct WideRunPageTests {
    @Test("curves stand beside the figures where there is room, the objective's first, and are asked for")
    func curves() throws {
        var bench = Bench(width: 200, height: 60)
        bench.addRun("a", name: "adam", created: 2)
        bench.record("a", "validation:loss", [3, 2, 1])
        bench.record("a", "train:loss", [3, 2, 1])
        bench.record("a", "validation:accuracy", [0.1, 0.2, 0.3])
        bench.press("2", "g", "enter")
        let page = try #require(bench.state.top as? RunPage)
        #expect(page.curves(bench.state).map(\.metric.text).prefix(2) == ["validation:loss", "train:loss"])
        let wide = DocumentLayout(page.document(bench.state, width: 196))
        #expect(wide.charts.map { $0.chart.title?.parts.first?.text } == ["loss", "accuracy"])
        #expect(wide.charts[0].chart.chart.series.count == 2 && wide.charts.allSatisfy { $0.line == 0 })
        bench.send(.input(.resized(Size(width: 100, height: 40))))
        let narrow = try #require(bench.state.top as? RunPage)
        #expect(narrow.curves(bench.state).isEmpty)
        #expect(DocumentLayout(narrow.document(bench.state, width: 98)).charts.isEmpty)
    }
}
