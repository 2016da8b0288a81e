import Glibc
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// From an endpoint to monitors, and from drift to a new model in service: the real program with its host.
@Suite(.serialized) struct MonitorMendingTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }
    private var labels: String { workspace + "/ground-truth/paid" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: [String]) throws -> Program { try Running(words + ["--workspace", workspace]).finish() }
    private func last(_ words: [String]) throws -> JSONValue { try Running.last(words, in: workspace) }

    /// Whether somebody pays follows from income: above 150 at first, and below once all is otherwise.
    private func row(_ number: Int, isOtherwise: Bool = false) -> (features: String, label: String) {
        let income = 100 + number * 37 % 101 + (isOtherwise ? 30 : 0), noise = number * 53 % 97
        return ("\(income),\(noise),\(number % 2 == 0 ? "f" : "m")", (income > 150) != isOtherwise ? "yes" : "no")
    }

    private func serve() throws {
        let rows = (0..<400).map { "\(row($0).features),\(row($0).label)" }
        let file = try scratch.write("income,noise,sex,paid\n" + rows.joined(separator: "\n") + "\n", as: "paid.csv")
        let trained = try run([
            "train", file, "--target", "paid", "--algorithm", "linear-learner", "--set", "epochs=30", "--name", "paid",
        ])
        try #require(trained.code == 0, "\(trained.errors)")
        _ = try last(["endpoint", "create", "paid", "--model", "paid"])
    }

    /// Asks for rows, and says afterwards what came of them.
    private func ask(_ numbers: Range<Int>, isOtherwise: Bool = false) throws {
        let lines = numbers.map { row($0, isOtherwise: isOtherwise).features }
        let file = try scratch.write("income,noise,sex\n" + lines.joined(separator: "\n") + "\n", as: "ask.csv")
        let id = "batch-\(numbers.lowerBound)"
        let asked = try run(["endpoint", "invoke", "paid", file, "--inference-id", id])
        try #require(asked.code == 0, "\(asked.errors)")
        let labels = numbers.map { row($0, isOtherwise: isOtherwise).label }.joined(separator: "\\n")
        let line =
            #"{"groundTruthData":{"data":"\#(labels)","encoding":"CSV"},"eventMetadata":{"eventId":"\#(id)"},"eventVersion":"0"}"#
        try scratch.write(line + "\n", as: "workspace/ground-truth/paid/truth-\(numbers.lowerBound).jsonl")
    }

    @Test func `an endpoint is set up with the monitors that it can have, and the others are named`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        let made = try run(["monitor", "setup", "paid", "--schedule", "every=1h", "--json"])
        #expect(made.code == 0, "\(made.errors)")
        let told = try made.json()
        #expect(told.compactMap { $0["type"]?.string } == ["data-quality", "model-quality", "bias", "explainability"])
        #expect(told.compactMap { $0["monitor"]?.string } == ["paid-data-quality", "paid-model-quality", "paid-explainability"])
        #expect(told[2]["reason"]?.string?.contains("--facet COL=V") == true && told[2]["monitor"] == .null)
        #expect(told.allSatisfy { $0["capturePercent"]?.double == 100 })
        // From now on everything is written down, and joined with labels where they were said to come.
        try ask(400..<520)
        let judged = try last(["monitor", "run", "paid-model-quality"])
        #expect(judged["rows"]?.integer == 120 && judged["status"]?.string == "Completed", "\(judged.text)")
        // What is there stays as it is, and what was missing is made.
        let again = try run(["monitor", "setup", "paid", "--facet", "sex=f", "--positive", "yes", "--json"]).json()
        #expect(again.compactMap { $0["new"]?.boolean } == [false, false, true, false], "\(again.map(\.text))")
        #expect(try run(["monitor", "pause", "paid-bias"]).output.contains("next") == false)
        #expect(try run(["monitor", "resume", "paid-bias"]).output.contains("next") == true)
        #expect(try run(["monitor", "setup", "nobody"]).code == 2)
        #expect(try run(["monitor", "setup", "paid", "--schedule", "daily"]).errors.contains("'daily' is no schedule"))
    }

    @Test func `a model is trained again on what came since, is better, and answers; its monitors compare with it then`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        _ = try run(["monitor", "setup", "paid", "--schedule", "now", "--json"])
        try ask(400..<440)
        let few = try run(["monitor", "retrain", "paid-data-quality", "--json"])
        #expect(few.code == 1 && few.output.contains("has 40 request rows with a label, and 100 are needed"), "\(few.output)")
        try ask(500..<900, isOtherwise: true)
        let drift = try last(["monitor", "run", "paid-data-quality"])
        #expect(drift["violations"]?.array?.contains { $0["feature_name"]?.string == "income" } == true, "\(drift.text)")
        let mended = try last(["monitor", "retrain", "paid-data-quality", "--instead", "--wait", "1"])
        #expect(mended["status"]?.string == "Deployed", "\(mended.text)")
        #expect(mended["verdict"]?.string == "better" && mended["judgedRows"]?.integer == 88 && mended["newRows"]?.integer == 352)
        let first = try #require(mended["measures"]?.array?.first)
        #expect(first["name"]?.string == "log_loss" && (first["after"]?.double ?? 9) < (first["before"]?.double ?? 0))
        let name = try #require(mended["runName"]?.string), run = try #require(mended["run"]?.string)
        #expect(try last(["endpoint", "show", "paid"])["variants"]?.array?.first?["model"]?.string == name)
        // The monitors know the new model, and its rows are no drift from what it learned.
        var known: String?
        for _ in 0..<200 {
            known = try last(["monitor", "list"])["settings"]?["model-id"]?.string
            if known == run { break }
            usleep(50_000)
        }
        #expect(known == run)
        try ask(1000..<1300, isOtherwise: true)
        let quiet = try last(["monitor", "run", "paid-data-quality"])
        #expect(quiet["status"]?.string == "Completed" && quiet["rows"]?.integer == 300, "\(quiet.text)")
        let good = try last(["monitor", "run", "paid-model-quality"])
        #expect(good["drift"]?["accuracy"]?.double ?? 0 > 0.8 || good["rows"]?.integer ?? 0 > 300, "\(good.text)")
    }

    @Test func `a model that is worse is not deployed, and what cannot be trained says why`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        #expect(try run(["monitor", "retrain", "nothing"]).code == 2)
        _ = try run(["monitor", "setup", "paid", "--schedule", "now", "--json"])
        try ask(400..<800)
        // Beside the old rows there is nothing to be better at.
        let same = try last(["monitor", "retrain", "paid-model-quality", "--no-deploy"])
        #expect(same["status"]?.string == "Trained" || same["status"]?.string == "Kept", "\(same.text)")
        #expect(same["rows"]?.integer == 400 + 320, "\(same.text)")
        let variants = try last(["endpoint", "show", "paid"])["variants"]?.array
        #expect(variants?.first?["model"]?.string == "paid")
    }

    @Test func `a schedule that retrains does so when something is violated, and once`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        _ = try run(["monitor", "setup", "paid", "--schedule", "now", "--json"])
        let made = try run([
            "monitor", "create", "mending", "--endpoint", "paid", "--type", "model-quality", "--ground-truth", labels,
            "--schedule",
            "every=1s", "--retrain", "instead",
        ])
        #expect(made.code == 0, "\(made.errors)")
        try ask(500..<900, isOtherwise: true)
        var known: [JSONValue] = []
        for _ in 0..<300 {
            known = try run(["monitor", "show", "mending", "--json"]).json().filter { $0["kind"]?.string == "monitorRetrained" }
            if known.first?["status"]?.string == "Deploying" { break }
            usleep(100_000)
        }
        #expect(known.count == 1 && known[0]["verdict"]?.string == "better", "\(known.map(\.text))")
        #expect(known[0]["instead"]?.boolean == true && known[0]["newRows"]?.integer == 320)
        #expect(
            try run(["monitor", "create", "x", "--endpoint", "paid", "--retrain", "often"]).errors.contains(
                "give beside or instead"))
    }

    @Test func `from drift to a canary it is four keys in the studio`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        _ = try run(["monitor", "setup", "paid", "--schedule", "now", "--json"])
        try ask(500..<900, isOtherwise: true)
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace], width: 140, height: 50,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: scratch.path)
        try terminal.wait(forText: "2 Experiments")
        func keys(_ script: String, until text: String) throws {
            terminal.send(Array(Keystrokes(script).bytes.joined()))
            try terminal.wait(forText: text)
        }
        try keys("8", until: "paid-data-quality")
        _ = try run(["monitor", "run", "paid-data-quality"])
        try terminal.wait(forText: "CompletedWithViolations")
        // 1, 2, 3, 4.
        try keys("8", until: "violation")
        try keys("enter", until: "f mends it")
        try keys("f", until: "unless it is worse?")
        terminal.send(Array("i".utf8))
        try terminal.wait(for: "the new model gets requests", milliseconds: 120_000) { screen in
            screen.lines.contains { $0.contains("gets requests as a canary") }
        }
        try keys("7 enter", until: "Deployment   canary")
        terminal.send(Array("P".utf8))
        try terminal.wait(forText: "✔", milliseconds: 120_000)
        terminal.send(Array("q".utf8))
    }
}
