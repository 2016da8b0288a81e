import Databases
import Files
import Glibc
import JSON
import TemporaryFolders
import TestServers
import Testing

/// Actions that follow from rules, by the real binary: runs are stopped, and somebody is told.
@Suite struct ActionCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// Writes the workspace's list of actions.
    private func actions(_ text: String) throws {
        mkdir(workspace, 0o755)
        try AtomicFile.write(Array(text.utf8), to: workspace + "/actions.txt")
    }

    /// Files of the workspace in which one of some texts stands.
    private func files(containing texts: [String]) throws -> [String] {
        let pipe = try #require(popen("grep -rl \(texts.map { "-e \($0)" }.joined(separator: " ")) \(workspace)", "r"))
        defer { pclose(pipe) }
        var out: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { out += buffer[..<count] }
        return String(decoding: out, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static let rule = "high: loss > 0 for 3 steps message \"it is over 0\""

    private func start(_ options: [String], pace: Int = 200, variables: [String] = []) throws -> Running {
        try Running(
            [
                "train", Program.sample("iris"), "--target", "species", "--algorithm", "linear-learner", "--set", "epochs=200",
                "--pace", "\(pace)", "--rule", Self.rule, "--workspace", workspace,
            ] + (options.contains("--name") ? [] : ["--name", "r"]) + options, variables: variables)
    }

    private func train(_ options: String..., variables: [String] = []) throws -> Program {
        try start(options, variables: variables).finish()
    }

    @Test func aRunIsStoppedByAnActionAndSaysByWhich() throws {
        let ended = try train("--action", "high: stop", "--json")
        let lines = try ended.json()
        let last = try #require(lines.last)
        #expect(last["kind"]?.string == "jobFinished" && last["status"]?.string == "Stopped")
        #expect(last["reason"]?.string == "StoppedByRule high")
        let taken = try #require(lines.first { $0["kind"]?.string == "actionTaken" })
        #expect(taken["action"]?.string == "stop" && taken["subject"]?.string == "high" && taken["outcome"]?.string == "done")
        // It goes on from where it was.
        let more = try Program.run("runs", "resume", "r", "--workspace", workspace, "--quiet")
        #expect(more.code == 0, "\(more.errors)")
    }

    @Test func aRunIsSteeredAndKeptByActions() throws {
        let lines = try train("--action", "high: steer learning_rate=0.02, checkpoint", "--set", "epochs=40", "--json").json()
        let change = try #require(lines.first { $0["kind"]?.string == "hyperparametersChanged" })
        #expect(change["values"]?["learning_rate"]?.string == "0.02" || "\(change)".contains("0.02"))
        let words = lines.filter { $0["kind"]?.string == "actionTaken" }.compactMap { $0["action"]?.string }
        #expect(words == ["steer", "checkpoint"])
    }

    @Test func aRunThatIsPausedByAnActionGoesOnWhenSomebodyLetsIt() throws {
        let running = try start(["--action", "high: pause", "--set", "epochs=20"], pace: 1000)
        var paused = false
        for _ in 0..<600 where !paused {
            usleep(50_000)
            paused =
                try Program.run("runs", "list", "--json", "--workspace", workspace).json().first?["status"]?.string == "Paused"
        }
        #expect(paused)
        #expect(try Program.run("runs", "resume", "r", "--workspace", workspace).code == 0)
        #expect(running.finish().code == 0)
    }

    @Test func noticesArriveAfterFirstFailuresOnceEach() throws {
        let web = try WebServer { $0 == 0 ? .status(503) : .status(200) }
        let mail = try MailServer { $0 == 0 ? "451 later" : nil }
        try actions(
            """
            channel ops: webhook \(web.address) bearer=env:CHAT_TOKEN secret=file:key
            channel boss: mail boss@example.org server=\(mail.address) from=d@example.org tls=no
            high: notify ops, notify boss
            """)
        try scratch.write("secret-key-5309", as: "workspace/key")
        chmod(workspace + "/key", 0o600)
        let ended = try train("--set", "epochs=20", "--json", variables: ["CHAT_TOKEN=secret-token-8675"])
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(web.requests.count == 2 && mail.tries == 2 && mail.mails.count == 1)
        let request = try #require(web.requests.last)
        #expect(request.headers["authorization"] == "Bearer secret-token-8675")
        #expect(request.headers["idempotency-key"] == web.requests[0].headers["idempotency-key"])
        #expect(request.headers["x-descent-signature"]?.hasPrefix("sha256=") == true)
        let body = try JSONValue(parsing: request.body)
        #expect(body["event"]?["detail-type"]?.string == "Descent Rule State Change")
        #expect(body["event"]?["detail"]?["name"]?.string == "high" && body["event"]?["source"]?.string == "descent")
        #expect(mail.mails[0].recipients == ["boss@example.org"])
        #expect(mail.mails[0].lines.contains { $0.hasPrefix("Subject: high: Issue in r at step") })

        // They are told with the run, and not sent again by whoever comes next.
        let events = try Program.run("debug", "actions", "show", "r", "--json", "--workspace", workspace).json()
        let outcomes = events.compactMap { $0["outcome"]?.string }
        #expect(outcomes.filter { $0 == "done" }.count == 2 && outcomes.filter { $0 == "retrying" }.count == 2)
        _ = try Program.run("runs", "resume", "r", "--set", "epochs=21", "--workspace", workspace)
        #expect(web.requests.count == 2 && mail.mails.count == 1)

        // No secret stands anywhere.
        let secrets = ["secret-token-8675", "secret-key-5309"]
        for secret in secrets { #expect(!ended.output.contains(secret) && !ended.errors.contains(secret)) }
        #expect(try files(containing: secrets) == [workspace + "/key"])
    }

    @Test func aNoticeThatNobodyTakesIsKeptForTheNextProcess() throws {
        let web = try WebServer { $0 == 0 ? .status(500, ["Retry-After: 20"]) : .status(200) }
        try actions("channel ops: webhook \(web.address)\nhigh: notify ops\n")
        let ended = try train("--set", "epochs=20")
        #expect(ended.errors.contains("webhook ops failed (500)") && ended.errors.contains("a notice waits"), "\(ended.errors)")
        #expect(web.requests.count == 1)
    }

    @Test func whatAServerRefusesForGoodIsNotTriedAgain() throws {
        let web = try WebServer { _ in .status(404) }
        try actions("channel ops: webhook \(web.address)\nhigh: notify ops\n")
        let ended = try train("--set", "epochs=20")
        #expect(web.requests.count == 1 && ended.errors.contains("webhook ops failed: 404"), "\(ended.errors)")
    }

    @Test func aServerThatNeverAnswersHoldsUpNobody() throws {
        let web = try WebServer { _ in .silence }
        try actions("channel ops: webhook \(web.address) timeout=600\nhigh: notify ops, stop\n")
        let running = try start([])
        let ended = running.finish()
        #expect(ended.code == 0 && ended.output.contains("StoppedByRule high"), "\(ended.output) \(ended.errors)")
    }

    @Test func aCommandIsToldByItsEnvironment() throws {
        let out = scratch.path + "/out"
        let name = "$(touch injected); \"x\" `y`"
        let ended = try train(
            "--action",
            "high: command \"printf '%s|%s|%s' \\\"$DESCENT_RULE\\\" \\\"$DESCENT_RUN_NAME\\\" \\\"$DESCENT_STEP\\\" > \(out)\"",
            "--set", "epochs=20", "--name", name)
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(try scratch.read("out") == "high|\(name)|3")
    }

    @Test func quietHoursHoldANoticeBack() throws {
        let web = try WebServer { _ in .status(200) }
        try actions("channel ops: webhook \(web.address) quiet=00:00-24:00\nhigh: notify ops\n")
        // A day that is quiet from its start to its end has no length: every hour of two halves instead.
        let refused = try train("--set", "epochs=20")
        #expect(refused.code == 2 && refused.errors.contains("22:00-07:00"), "\(refused.errors)")
        var now = time(nil), parts = tm()
        localtime_r(&now, &parts)
        let (from, to) = ((parts.tm_hour + 23) % 24, (parts.tm_hour + 2) % 24)
        try actions("channel ops: webhook \(web.address) quiet=\(from):00-\(to):00\nhigh: notify ops\n")
        let ended = try train("--set", "epochs=20")
        #expect(ended.code == 0 && ended.errors.contains("webhook ops is held back until"), "\(ended.errors)")
        #expect(web.requests.isEmpty)
    }

    @Test func whatWasHeldBackIsToldInOneByWhoeverComesNextAndOnce() throws {
        let web = try WebServer { _ in .status(200) }
        try actions("channel ops: webhook \(web.address) limit=1/day\nhigh: notify ops\nlow: notify ops\nlast: notify ops\n")
        let ended = try train("--set", "epochs=20", "--rule", "low: loss < 9", "--rule", "last: loss < 8")
        #expect(ended.code == 0 && web.requests.count == 1 && ended.errors.contains("(limit)"), "\(ended.errors)")
        #expect(ended.errors.contains("2 notices wait"), "\(ended.errors)")
        // A day later, two processes come at the same time.
        try Database(path: workspace + "/descent.sqlite").execute(
            "UPDATE notices SET not_before = not_before - 90000, ended_at = ended_at - 90000")
        let others = try ["o", "p"].map { try start(["--set", "epochs=20", "--name", $0, "--rule", "off StillImproving"]) }
        for other in others { #expect(other.finish().code == 0) }
        let summaries = try web.requests.map { try JSONValue(parsing: $0.body) }.filter { $0["events"] != nil }
        #expect(summaries.count == 1 && summaries[0]["events"]?.array?.count == 2)
        let shown = try Program.run("debug", "actions", "show", "r", "--workspace", workspace)
        #expect(shown.output.contains("webhook ops sent (2 in one)"), "\(shown.output)")
    }

    @Test func aTestSaysWhatCameOfIt() throws {
        let web = try WebServer { $0 == 0 ? .status(200) : .status(404) }
        try actions("channel ops: webhook \(web.address)\nchannel chat: webhook env:NOT_SET\nany: notify ops\n")
        let good = try Program.run("debug", "actions", "test", "ops", "--workspace", workspace)
        #expect(good.code == 0 && good.output == "webhook ops: taken\n", "\(good.errors)")
        #expect(web.requests.first?.body.contains("\"test\":true") == true)
        let bad = try Program.run("debug", "actions", "test", "ops", "--workspace", workspace)
        #expect(bad.code == 1 && bad.errors.contains("404"))
        let unknown = try Program.run("debug", "actions", "test", "op", "--workspace", workspace)
        #expect(unknown.code == 2 && unknown.errors.contains("did you mean ops?"))
        let list = try Program.run("debug", "actions", "--workspace", workspace)
        #expect(list.code == 0 && list.output.contains("the variable NOT_SET") && list.output.contains("any: notify ops"))
    }

    @Test func aRunsChangesCanBeHadAsEvents() throws {
        try #require(try train("--set", "epochs=20", "--action", "any change: command \"true\"").code == 0)
        let events = try Program.run("debug", "actions", "events", "r", "--workspace", workspace).json()
        let high = try #require(
            events.first { event in
                event["detail"]?["name"]?.string == "high" && event["detail"]?["state"]?.string == "Issue"
            })
        #expect(high["detail"]?["summary"]?.string == "it is over 0")
        #expect(high["detail"]?["TrainingJobName"]?.string == "r")
    }

    @Test func aSecretThatOthersMayReadIsRefused() throws {
        let web = try WebServer { _ in .status(200) }
        try actions("channel ops: webhook \(web.address) bearer=file:key\nhigh: notify ops\n")
        try scratch.write("hunter2", as: "workspace/key")
        chmod(workspace + "/key", 0o644)
        let ended = try train("--set", "epochs=20")
        #expect(
            web.requests.isEmpty && ended.errors.contains("chmod 600") && !ended.errors.contains("hunter2"), "\(ended.errors)")
    }

    @Test func whatIsWrongWithActionsIsSaidWithItsPlace() throws {
        try actions("channel ops: webhook https://x.example/ bearer=hunter2\n")
        let file = try train()
        #expect(file.code == 2 && file.errors.contains("actions.txt:1:48:") && file.errors.contains("env:NAME"), "\(file.errors)")
        #expect(!file.errors.contains("hunter2"))
        try actions("channel ops: bell\n")
        let line = try train("--action", "high: notify opps")
        #expect(line.code == 2 && line.errors.contains("did you mean ops?"), "\(line.errors)")
        let rule = try train("--action", "Overfitt: stop")
        #expect(rule.code == 2 && rule.errors.contains("did you mean Overfit?"), "\(rule.errors)")
        let setting = try train("--action", "high: steer learning_rate=fast")
        #expect(setting.code == 2 && setting.errors.contains("learning_rate"), "\(setting.errors)")
    }

    @Test func aListThatARunCouldNotCarryOutIsTold() throws {
        try actions("Overfitt: stop\nOverfit: notify nosuch\nOverfit: stop\n")
        let told = try Program.run("debug", "actions", "--workspace", workspace)
        #expect(told.code == 1 && told.output.contains("did you mean Overfit?"), "\(told.output)")
        #expect(told.output.contains("there is no channel nosuch") && told.output.hasSuffix("Overfit: stop\n"))
        try actions("Overfit: stop\n")
        #expect(try Program.run("debug", "actions", "--workspace", workspace).code == 0)
    }

    @Test func aPipeInTheWorkspaceIsNotWaitedFor() throws {
        mkdir(workspace, 0o755)
        try #require(mkfifo(workspace + "/rules.txt", 0o600) == 0)
        let trained = try train("--set", "epochs=1")
        #expect(trained.code == 0 && (trained.errors + trained.output).contains("no regular file"), "\(trained.errors)")
        try #require(mkfifo(workspace + "/actions.txt", 0o600) == 0)
        let refused = try Program.run("debug", "actions", "--workspace", workspace)
        #expect(refused.code == 2 && refused.errors.contains("no regular file"), "\(refused.errors)")
    }
}
