import Events
import Experiments
import JSON
import Testing

@testable import Remotes

/// What goes through the pipe between two machines.
@Suite struct ProtocolTests {
    private static let run = RunID("abcd1234")

    private static let request: JobRequest = {
        var request = JobRequest(
            datasetPath: "/data/a \"b\".csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "3"],
            validationPath: "/data/v.csv", name: "x", seed: .max, reading: ["delimiter": ";"])
        request.remedies = AlertReference(run: run, rule: "DataOrder")
        return request
    }()

    private static let tuning: TuningRequest = {
        var request = TuningRequest(
            job: Self.request, ranges: ["eta=0.1:0.5"], strategy: "auto", maxJobs: 9, maxParallelJobs: 2)
        (request.job.remedies, request.maxRuntime, request.targetValue, request.noImprovement) = (nil, 60, 0.5, 4)
        request.stopsEarly = true
        return request
    }()

    private static let commands: [StudioCommand] = [
        .profileDataset(path: "a b", reading: nil), .profileDataset(path: "/x", reading: ["decimal": ","]), .startJob(request),
        .pauseJob(run), .resumeJob(run), .stopJob(run), .continueJob(run, ["epochs": "9"]),
        .changeHyperparameters(run, ["wd": "0.5"]), .changeRules(run, RuleEdit(off: ["b"])),
        .forkJob(run, at: .newest, settings: ["wd": "1"]),
        .forkJob(run, at: .best, settings: [:]), .forkJob(run, at: .notAfter(7), settings: [:]), .reproduceRun(run),
        .deleteRun(run), .restoreRun(run), .saveTensors(run, pattern: "gradient/*"),
        .editRun(run, RunEdit(name: "n", addedTags: ["a"], removedTags: ["b"], note: "\u{1B}[2J", isArchived: true)),
        .moveQueued(run, .first), .moveQueued(run, .last), .moveQueued(run, .up), .moveQueued(run, .down),
        .startTuning(tuning, name: "t"), .startTuning(tuning, name: nil), .resumeTuning("t1"), .controlTuning("t1", .pause),
        .controlTuning("t1", .goOn), .controlTuning("t1", .stop), .controlTuning("t1", .add(["eta": "0.2"])),
        .controlTuning(
            "t1",
            .change(
                TuningChange(
                    limits: ["max-jobs": "40"], ranges: ["eta=0:1"], held: ["a": "b"], objective: "validation:mae"))),
        .moveQueued(run, .to(3)), .startHost, .editEntity(EntityReference(.dataset, "00ff"), EntityEdit(note: "n")),
        .serving(.create(endpoint: "e", model: "m:2", capturePercent: 12.5, takesUnapproved: true)),
        .serving(.create(endpoint: "e", model: "@best", capturePercent: nil, takesUnapproved: false)),
        .serving(.wish(.weights(["a": 0.5]), of: "e1")), .serving(.wish(.delete, of: "e1")),
        .serving(
            .update(
                endpoint: "e1", model: "m",
                plan: .init(strategy: "canary", step: 0.2, wait: 3, terminationWait: 4, alarms: ["a"]), takesUnapproved: false)),
        .serving(.register(model: "m", of: "abcd1234")), .serving(.decide(version: "v1", .rejected)),
        .serving(.remove(version: "v1")),
    ]

    @Test(arguments: commands) func aCommandComesOutAsItWentIn(command: StudioCommand) throws {
        let message = NearMessage.command(id: 7, command)
        let line = message.json.text
        #expect(!line.contains("\n") && !line.contains("\u{1B}"))
        #expect(NearMessage(json: try JSONValue(parsing: line)) == message)
        // Every kind of command is among them.
        #expect(StudioCommand(json: .object(["command": .string("other"), "run": .string("a")])) == nil)
    }

    @Test func aCommandIsAboutTheRunsOfTheOtherMachine() {
        let there = RunID("there")
        for command in Self.commands {
            let mapped = command.mapped { $0 == Self.run ? there : $0 }
            #expect(mapped.run == command.run.map { _ in there })
        }
        #expect(StudioCommand.startJob(Self.request).mapped { _ in there } != .startJob(Self.request))
    }

    @Test func messagesComeOutAsTheyWentIn() throws {
        let point = MetricPoint(step: 3, epoch: 0.5, wallTime: 1e9, value: .nan)
        let near: [NearMessage] = [
            .hello(protocolVersion: 1, version: "0.1.0", change: -1), .hello(protocolVersion: 1, version: "0.1.0", change: nil),
            .want(Self.run, .trainLoss, CurveEnd()), .fetch(id: 1, "@best"), .alive,
            .ask(id: 1, .forkPlaces(Self.run)), .ask(id: 2, .outlook(Self.run)), .ask(id: 3, .files(Self.run)),
            .ask(id: 4, .output(Self.run, file: 1, offset: 70)),
            .transfer(.file(id: 1, name: "model.json", offset: 3, [0, 255, 7])), .transfer(.end(id: 1, bytes: 9)),
        ]
        for message in near { #expect(NearMessage(json: try JSONValue(parsing: message.json.text)) == message) }
        // Values that are no numbers travel as they are.
        let curve = FarMessage.news(.points(Self.run, .trainLoss, from: 2, [point]))
        guard case .news(.points(_, _, 2, let points))? = FarMessage(json: try JSONValue(parsing: curve.json.text)) else {
            Issue.record("no points")
            return
        }
        #expect(points.count == 1 && points[0].value.isNaN && points[0].step == 3)
        let far: [FarMessage] = [
            .found(id: 2, .array([.integer(1)])), .answer(id: 3, refusal: nil), .answer(id: 4, refusal: "no"), .alive,
            .refused("why"),
            .news(.ids([Self.run], isLast: true)), .news(.gone([Self.run])), .news(.upTo(5)),
        ]
        for message in far { #expect(FarMessage(json: try JSONValue(parsing: message.json.text)) == message) }
    }

    @Test func bytesTravelAsText() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 97 + 13) }
            #expect(Base64.bytes(Base64.text(bytes)) == bytes)
        }
        for text in ["a", "====", "ab=c", "a\u{1B}bc", "abc\n"] { #expect(Base64.bytes(text) == nil, "\(text)") }
    }

    @Test func aVersionThatSpeaksOtherwiseIsToldBoth() throws {
        var greeting = Greeting(version: "9.9.9", workspace: "w")
        #expect(Greeting(line: greeting.line) == greeting && greeting.problem(own: "0.1.0") == nil)
        greeting.protocolVersion = Greeting.protocolVersion + 1
        let problem = try #require(Greeting(line: greeting.line)?.problem(own: "0.1.0"))
        #expect(problem.contains("9.9.9") && problem.contains("0.1.0") && problem.contains("same descent on both"))
        for noise in ["Welcome to Debian", "", "descent-attach", "descent-attach {", "descent-attach []"] {
            #expect(Greeting(line: noise) == nil)
        }
    }

    // MARK: - What somebody hostile sends

    private static func summary(_ change: (String) -> String) throws -> FarMessage? {
        let record = RunRecord(
            id: run, name: "adam", experiment: "e", algorithm: "linear-learner", request: request, hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "00ff", gitRevision: nil,
            version: "0.1.0", createdAt: 1e9, processID: 1)
        let text = FarMessage.news(.run(RunSummary(record: record))).json.text
        return FarMessage(json: try JSONValue(parsing: change(text)))
    }

    @Test func aFactThatNamesARunByAPathIsLeftOut() throws {
        guard case .news(.run(let summary))? = try Self.summary({ $0 }) else {
            Issue.record("no run")
            return
        }
        var hostile = summary.record
        hostile.fork = RunFork(parent: RunID("../../.ssh"), step: 1)
        let events = [summary.record, hostile].map {
            StudioEvent(sequence: 1, wallTime: 1e9, run: Self.run, kind: .run(.registered($0)))
        }
        let other = StudioEvent(sequence: 1, wallTime: 1e9, run: RunID("other"), kind: .run(.deleted))
        let line = FarMessage.news(.events(Self.run, isWhole: true, events + [other])).json.text
        #expect(FarMessage(json: try JSONValue(parsing: line)) == .news(.events(Self.run, isWhole: true, [events[0]])))
    }

    @Test func whatMakesNoSenseIsNotTaken() throws {
        #expect(try Self.summary { $0 } != nil)
        for (old, new) in [
            ("\"run\":\"abcd1234\"", "\"run\":\"../../../etc\""), ("\"run\":\"abcd1234\"", "\"run\":\"\""),
            ("\"step\":0", "\"step\":9223372036854775807"), ("\"step\":0", "\"step\":1e18"), ("\"step\":0", "\"step\":-4"),
            ("\"plannedSteps\":0", "\"plannedSteps\":9007199254740993"), ("\"createdAt\":1000000000", "\"createdAt\":1e999"),
            ("\"epoch\":0", "\"epoch\":\"NaN\""),
        ] {
            #expect(try Self.summary { $0.replacing(old, with: new) } == nil, "\(new)")
        }
        // A name that would act on a terminal is made safe.
        guard case .news(.run(let run))? = try Self.summary({ $0.replacing("\"adam\"", with: #""\u001b]0;x\u0007adam""#) }) else {
            Issue.record("no run")
            return
        }
        #expect(!run.record.name.unicodeScalars.contains { $0.value < 0x20 })
        for line in [
            #"{"news":"points","run":"a","metric":"m","from":-1,"data":""}"#,
            #"{"news":"points","run":"a","metric":"m","from":9223372036854775807,"data":""}"#,
            #"{"news":"points","run":"a","metric":"m","from":0,"data":"AAAA"}"#, #"{"news":"events","run":7}"#, #"{"news":[]}"#,
            #"{"news":"upTo","change":-1}"#, #"[]"#, #"7"#, #"{}"#, #"{"copy":1,"file":"a","offset":-1,"data":""}"#,
            #"{"answer":"x"}"#,
        ] {
            #expect(FarMessage(json: try JSONValue(parsing: line)) == nil, "\(line)")
            #expect(NearMessage(json: try JSONValue(parsing: line)) == nil, "\(line)")
        }
        // A step of a point beyond what can be counted.
        let far = SeriesPoints.bytes([MetricPoint(step: .max, epoch: 0, wallTime: 0, value: 0)])
        let line = #"{"news":"points","run":"a","metric":"m","from":0,"data":"\#(Base64.text(far))"}"#
        #expect(FarMessage(json: try JSONValue(parsing: line)) == nil)
    }

    @Test func aRequestWithANumberThatIsNoneIsNoMessage() throws {
        let request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner")
        let text = NearMessage.command(id: 1, .startJob(request)).json.text
        #expect(NearMessage(json: try JSONValue(parsing: text)) != nil)
        let odd = text.replacing(
            "\"validationSplit\":\(JSONValue.number(request.validationSplit).text)", with: "\"validationSplit\":\"NaN\"")
        #expect(odd != text)
        #expect(NearMessage(json: try JSONValue(parsing: odd)) == nil)
    }
}
