import Events
import RunSearching
import Testing

@Suite("Searching runs")
struct SearchTests {
    private static let now = 1_790_000_000.0  // 2026-09-21T14:13:20Z
    private static let clock = SearchClock(now: now)

    private static func run(_ change: (inout RunSummary) -> Void = { _ in }) -> RunSummary {
        var summary = RunSummary(
            record: RunRecord(
                id: RunID("00123"), name: "adam-0.01", experiment: "churn", algorithm: "xgboost",
                request: JobRequest(datasetPath: "data/brokerage.csv", target: "churned", algorithm: "xgboost"),
                hyperparameters: ["learning_rate": "0.05", "optimizer": "Adam", "epochs": "3", "depth": "auto"],
                objective: Objective(metric: MetricName("validation:rmse"), minimises: true), seed: 7, dataFingerprint: "",
                gitRevision: nil, version: "1", createdAt: now - 3600, processID: 1))
        summary.tags = ["baseline", "two words"]
        summary.note = "a first try"
        summary.startedAt = now - 600
        summary.status = .inProgress
        summary.apply(MetricName("validation:rmse"), 5000, step: 1, epoch: 0.1)
        summary.apply(MetricName("validation:rmse"), 3000, step: 2, epoch: 0.2)
        summary.apply(MetricName("validation:rmse"), 3500, step: 3, epoch: 0.3)
        summary.apply(MetricName("train:accuracy"), 0.9, step: 3, epoch: 0.3)
        summary.apply(MetricName("train:accuracy"), 0.8, step: 4, epoch: 0.4)
        change(&summary)
        return summary
    }

    private static func accepts(_ text: String, _ run: RunSummary = run()) throws -> Bool {
        try RunSearch(parsing: text).accepts(run, clock: clock)
    }

    @Test(
        "what holds for a run",
        arguments: [
            "", "adam", "ADAM brokerage", "-sgd", "name:AD", "status:running", "tag:base", "note:first", "note:\"first try\"",
            "rmse < 4000", "rmse<4000", "validation:rmse <= 3500", "best:rmse = 3000", "max:rmse >= 5k", "min:rmse < 3001",
            "step:rmse = 2", "best:accuracy = 0.9", "step:accuracy = 3", "learning_rate = 0.05", "learning_rate in 0.01..0.1",
            "learning_rate = 0.05..", "learning_rate != 0.5", "optimizer = adam", "optimizer ~ a*", "depth = auto",
            "algorithm = XGBoost", "algorithm in (kmeans, xgboost)", "algorithm not in (kmeans, pca)", "status = InProgress",
            "tag ~ \"base*\"", "tag = \"two words\"", "tag != other", "has:tag", "has:learning_rate", "-has:momentum",
            "id = 00123",
            "not algorithm = kmeans", "algorithm = kmeans or rmse < 4000", "(rmse < 1 or seed = 7) and step >= 4",
            "algorithm = kmeans and rmse < 1 or adam", "created > -2h", "created > -1d", "created >= today", "created = today",
            "created < now", "created = 2026-09-21", "created > 2026-09-20", "created >= 2026-09-01T10:30",
            "created = 2026-09-01..2026-09-30", "duration > 5m", "duration = 10m", "duration < 1h30m", "epoch < 50%",
            "alerts = 0",
            "target = churned", "dataset ~ *.csv", "objective < 4000", "'adam'", "!sgd", "rmse in (3500, 1)", "name !~ sgd*",
        ])
    func holds(_ text: String) throws { #expect(try Self.accepts(text)) }

    @Test("a setting's name means the setting, whatever steps tell of it, and what they tell is none of the model's metrics")
    func steps() throws {
        let run = Self.run { run in
            run.record.hyperparameters["learning_rate"] = "0.5"
            for (step, value) in [0.1, 0.3, 0.2].enumerated() {
                run.apply(StepMetric.learningRate.name, value, step: step, epoch: 0)
            }
            let sample = MetricSample(sequence: 1, metric: 0, step: 4, epoch: 0, wallTime: 0, value: 7)
            run.apply(RunSamples(run: run.record.id, metrics: [StepMetric.gradientNorm.name], samples: [sample]))
        }
        #expect(try Self.accepts("learning_rate = 0.5 and max:train:learning_rate = 0.3", run))
        #expect(try Self.accepts("max:train:gradient_norm = 7", run))
        #expect(run.lastMetrics == Self.run().lastMetrics)
        #expect(StepMetric.allCases.allSatisfy { $0.name.direction == .unknown })
    }

    @Test("a system metric's name stands for its peak, and it is none of the model's metrics")
    func system() throws {
        let name = SystemMetric.memoryBytes.name
        let run = Self.run { run in
            for (step, value) in [2e9, 3e9, 1e9].enumerated() { run.apply(name, value, step: step, epoch: 0) }
        }
        #expect(try Self.accepts("system:memory_bytes = 3e9 and min:system:memory_bytes = 1e9", run))
        #expect(try !Self.accepts("has:system:memory_bytes"))
        #expect(run.lastMetrics == Self.run().lastMetrics)
        #expect(RunNames.fields(of: [run]).last == .named("system:memory_bytes"))
    }

    @Test(
        "what does not",
        arguments: [
            "sgd", "adam sgd", "-adam", "rmse < 3500", "rmse > 3500", "best:rmse < 3000", "learning_rate in 0.1..1",
            "optimizer = ad", "tag ~ b?se", "tag = base", "tag != baseline", "has:momentum", "momentum < 1", "momentum != 1",
            "not algorithm = xgboost", "created > yesterday and created < today", "created < -2h", "created > today",
            "created = 2026-09-20", "duration > 1h", "id = 123", "status = completed", "algorithm in (kmeans)", "depth < 3",
            "optimizer !~ a*", "(rmse < 1 or seed = 8)", "and_more",
        ])
    func doesNotHold(_ text: String) throws { #expect(try !Self.accepts(text)) }

    @Test(
        "an error says where and what was expected",
        arguments: [
            ("rmse <", 6, "expected a value"), ("(rmse < 3", 0, "expected a ) for this"),
            ("rmse < 3)", 8, "this closes nothing: take it out"), ("name < 3", 0, "name is text: use = != ~ or in"),
            ("step > abc", 7, "step is a number, such as 12, 1e-3 or 10k"),
            ("created > soon", 10, "created is a time, such as -2d, yesterday or 2026-11-20"),
            ("duration > 5x", 11, "duration is a length of time, such as 90s, 5m or 1h30m"),
            ("tag = \"base", 6, "expected a \" that closes this"),
            ("rmse < 3 and", 12, "expected a condition, such as rmse < 4000"),
            ("or", 0, "expected a condition, such as rmse < 4000"),
            ("rmse < abc", 7, "expected a number, such as 12, 1e-3 or 10k"),
            ("has:", 4, "expected a name after has:"), ("rmse > 1..2", 7, "a range stands after = or in"),
            ("algorithm in (a, b", 13, "expected a ) for this"), ("= 3", 0, "expected a name or a word"),
        ])
    func problems(_ text: String, _ place: Int, _ message: String) {
        let error = #expect(throws: SearchError.self) { try RunSearch(parsing: text) }
        #expect(error?.range.lowerBound == place)
        #expect(error?.message == message)
        #expect(error?.underline.hasPrefix(String(repeating: " ", count: place) + "^") == true)
    }

    @Test("no text, however nested or long, does harm", arguments: ["(", "-", "not ", "!(", "a or ", "\"", "x in (", "~", "a<"])
    func hostile(_ piece: String) {
        // Either a search or an error; both are fine.
        _ = Result { try RunSearch(parsing: String(repeating: piece, count: 4000)) }
    }

    @Test("a name that no run has is named with its place")
    func unknown() throws {
        let search = try RunSearch(parsing: "adam rmze < 3")
        let problem = search.unknownName(among: [Self.run()], clock: Self.clock)
        #expect(problem?.message == "no run has rmze: did you mean rmse?")
        #expect(problem?.range == 5..<9)
        #expect(try RunSearch(parsing: "rmse < 0").unknownName(among: [Self.run()], clock: Self.clock) == nil)
        // Which accepts every run, and is a slip all the same.
        #expect(try RunSearch(parsing: "not foo = 1").unknownName(among: [Self.run()], clock: Self.clock)?.range == 4..<7)
        let undirected = Self.run { $0.apply(MetricName("foo"), 1, step: 1, epoch: 0) }
        #expect(
            try RunSearch(parsing: "best:foo > 0").unknownName(among: [undirected], clock: Self.clock)?.message
                == "whether lower or higher foo is better is not known: use min:foo or max:foo")
        #expect(try Self.accepts("lr = 0.05") && Self.accepts("config:optimizer = adam") && Self.accepts("origin = trained"))
    }

    @Test("days are those of the user's time zone")
    func timeZone() throws {
        // 14:13 in UTC is the next day fourteen hours further east; an hour earlier it is 03:13 there, still that day.
        let east = SearchClock(now: Self.now, utcOffsetSeconds: 14 * 3600)
        #expect(try RunSearch(parsing: "created = 2026-09-22").accepts(Self.run(), clock: east))
        #expect(try RunSearch(parsing: "created = today").accepts(Self.run(), clock: east))
        #expect(try !RunSearch(parsing: "created = 2026-09-21").accepts(Self.run(), clock: east))
    }

    @Test(
        "names and values are completed",
        arguments: [
            ("learn", "learning_rate"), ("rms", nil), ("algorithm = xg", "xgboost"), ("has:opt", "optimizer"),
            ("tag = ba", "baseline"), ("status:run", "running"), ("algorithm in (kmeans, x", "xgboost"), ("-nam", "name"),
            ("tag = two", nil), ("optimizer=a", "Adam"), ("validation:r", "validation:rmse"),
        ])
    func completion(_ text: String, _ completed: String?) {
        let completion = SearchCompletion(text, cursor: text.count, runs: [Self.run()])
        let word = String(Array(text)[completion.start...])
        if text == "rms" {
            #expect(completion.candidates == ["validation:rmse"])
        } else if text != "tag = two" {
            #expect(completion.completed(word) == completed)
        }
    }

    @Test("sorting puts better values first, whatever better is, and runs without a value last")
    func sorting() {
        func run(_ id: String, _ metric: String, _ minimises: Bool, _ value: Double?) -> RunSummary {
            var run = Self.run {
                $0.record.id = RunID(id)
                $0.record.objective = Objective(metric: MetricName(metric), minimises: minimises)
                $0.lastMetrics = [:]
            }
            if let value { run.lastMetrics[MetricName(metric)] = value }
            return run
        }
        func order(_ word: String, _ runs: [RunSummary]) -> [String] {
            RunSort(word: word).sorted(runs, now: Self.now).map(\.record.id.text)
        }
        let losses = [
            run("a", "validation:loss", true, 3), run("b", "validation:loss", true, nil), run("c", "validation:loss", true, 1),
        ]
        #expect(order("objective", losses) == ["c", "a", "b"])
        #expect(order("-loss", losses) == ["a", "c", "b"])
        let scores = [run("a", "validation:accuracy", false, 0.3), run("b", "validation:accuracy", false, 0.9)]
        #expect(order("objective", scores) == ["b", "a"])
        #expect(order("accuracy", scores) == ["b", "a"])
    }

    @Test("samples fold into the same summary one by one and all at once")
    func folding() {
        let metrics = [MetricName("validation:rmse"), MetricName("train:loss")]
        let values: [Double] = [4, .nan, 2, .infinity, 7, 2, -.infinity, 3]
        let samples = values.enumerated().map { index, value in
            MetricSample(
                sequence: UInt64(index), metric: Int32(index % 2), step: index + 1, epoch: Double(index), wallTime: 0,
                value: value)
        }
        var single = Self.run(), whole = single
        for sample in samples {
            single.apply(metrics[Int(sample.metric)], sample.value, step: sample.step, epoch: sample.epoch)
        }
        whole.apply(RunSamples(run: single.record.id, metrics: metrics, samples: samples))
        #expect(whole.metricRanges == single.metricRanges)
        #expect(whole.bestObjective == single.bestObjective)
        #expect(whole.sketch == single.sketch)
        #expect(whole.step == single.step)
        #expect(whole.lastMetrics[metrics[0]] == -.infinity)
        #expect(whole.metricRanges[metrics[1]] == MetricRange(low: 2, lowStep: 6, high: 3, highStep: 8))
    }

    @Test("a sketch keeps a curve's shape in thirty-two values, however long it grows")
    func sketch() {
        var sketch = CurveSketch()
        for step in 0..<10_000 { sketch.append(Double(step)) }
        #expect((16...32).contains(sketch.values.count))
        #expect(sketch.values == sketch.values.sorted())
        #expect(sketch.values.first ?? .nan < 1000)
        #expect(sketch.values.last ?? .nan > 9000)
        #expect(CurveSketch(json: sketch.json) == sketch)
    }

    @Test("tags are added and taken away by words")
    func tags() {
        #expect(RunEdit(tagWords: "c -a, b +d -e e") == RunEdit(addedTags: ["c", "b", "d", "e"], removedTags: ["a"]))
        #expect(RunEdit.problem(withName: "@best") != nil)
        #expect(RunEdit.problem(withName: "best-1") == nil)
    }

    @Test(
        "metric names come apart at the first colon and at the at-sign",
        arguments: [
            ("validation:log_loss@3", "validation", "log_loss@3", "log_loss", true), ("loss", "", "loss", "loss", false),
            ("a:b:c", "a", "b:c", "b:c", false), ("größe:éé@", "größe", "éé@", "éé", true), (":", "", "", "", false),
        ])
    func metricNames(text: String, split: String, metric: String, family: String, isCandidate: Bool) {
        let name = MetricName(text)
        #expect(name.split == split && name.metric == metric && name.family == family && name.isCandidate == isCandidate)
    }
}
