import JSON
import TemporaryFolders
import Testing

/// Monitors of an endpoint, the real program with its host.
@Suite(.serialized) struct MonitorEndpointTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: [String]) throws -> Program { try Running(words + ["--workspace", workspace]).finish() }

    /// What a command that must succeed says last.
    private func last(_ words: [String]) throws -> JSONValue { try Running.last(words, in: workspace) }

    /// Whether somebody pays follows from income; a noise column and a sex do nothing.
    private func row(_ number: Int, shift: Int = 0) -> (features: String, label: String) {
        let income = 100 + number * 37 % 101, noise = number * 53 % 97 + shift
        return ("\(income),\(noise),\(number % 2 == 0 ? "f" : "m")", income > 150 ? "yes" : "no")
    }

    private func serve() throws {
        let rows = (0..<400).map { "\(row($0).features),\(row($0).label)" }
        let file = try scratch.write("income,noise,sex,paid\n" + rows.joined(separator: "\n") + "\n", as: "paid.csv")
        let trained = try run([
            "train", file, "--target", "paid", "--algorithm", "linear-learner", "--set", "epochs=20", "--name", "paid",
        ])
        try #require(trained.code == 0, "\(trained.errors)")
        _ = try last(["endpoint", "create", "paid", "--model", "paid", "--capture", "100"])
    }

    /// Asks for rows and says afterwards what came of them.
    private func ask(_ numbers: Range<Int>, shift: Int = 0, label: (Int) -> String) throws {
        let lines = numbers.map { row($0, shift: shift).features }
        let file = try scratch.write("income,noise,sex\n" + lines.joined(separator: "\n") + "\n", as: "ask.csv")
        let id = "batch-\(numbers.lowerBound)"
        let asked = try run(["endpoint", "invoke", "paid", file, "--inference-id", id])
        try #require(asked.code == 0, "\(asked.errors)")
        let labels = numbers.map(label).joined(separator: "\\n")
        let line =
            #"{"groundTruthData":{"data":"\#(labels)","encoding":"CSV"},"eventMetadata":{"eventId":"\#(id)"},"eventVersion":"0"}"#
        try scratch.write(line + "\n", as: "truth-\(numbers.lowerBound).jsonl")
    }

    @Test func `the four monitors of an endpoint, quiet and not`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        try ask(400..<700) { row($0).label }
        let labelled = ["--ground-truth", scratch.path]
        let kinds: [(String, [String])] = [
            ("data-quality", []), ("model-quality", labelled), ("explainability", []),
            ("bias", labelled + ["--facet", "sex=f", "--positive", "yes"]),
        ]
        for (kind, options) in kinds {
            let made = try last(["monitor", "create", kind, "--endpoint", "paid", "--type", kind] + options)
            #expect(made["kind"]?.string == "monitorExecuted" && made["status"]?.string == "Completed", "\(kind): \(made.text)")
            #expect(made["rows"]?.integer == 300, "\(kind): \(made.text)")
        }
        // Noise moves away, and nobody who is a woman pays any more.
        try ask(700..<1000, shift: 40) { $0 % 2 == 0 ? "no" : row($0).label }
        func violations(_ kind: String) throws -> [String] {
            let found = try last(["monitor", "run", kind])
            #expect(found["rows"]?.integer == 300, "\(kind): \(found.text)")
            return (found["violations"]?.array ?? []).compactMap { $0["feature_name"]?.string }
        }
        #expect(try violations("data-quality") == ["noise"])
        #expect(try violations("model-quality").contains("accuracy"))
        #expect(try violations("explainability").isEmpty)
        #expect(try violations("bias").contains("sex"))
        // What was looked at is not looked at again.
        let again = try last(["monitor", "run", "data-quality"])
        #expect(again["rows"]?.integer == 0 && again["status"]?.string == "Completed")
        #expect(again["reason"]?.string?.contains("no request was captured") == true)
        let shown = try run(["monitor", "show", "data-quality"])
        #expect(shown.output.contains("CompletedWithViolations") && shown.output.contains("1 violation: noise"))
    }

    @Test func `a schedule is kept by the host, and one that was killed is made up for`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        let made = try last(["monitor", "create", "often", "--endpoint", "paid", "--schedule", "every=2s"])
        #expect(made["kind"]?.string == "monitorScheduled")
        try ask(400..<500) { row($0).label }
        // Sooner or later an execution has those rows, and no other has them again.
        var rows: [Int] = []
        for _ in 0..<600 {
            let executions = try run(["monitor", "show", "often", "--json", "--last", "100"]).json()
            rows = executions.filter { $0["kind"]?.string == "monitorExecution" }.compactMap { $0["rows"]?.integer }
            if rows.contains(100) { break }
            _ = try run(["monitor", "list"])
        }
        #expect(rows.filter { $0 > 0 } == [100], "\(rows)")
        #expect(try run(["endpoint", "delete", "paid"]).code == 0)
        let left = try run(["monitor", "list", "--json"]).json().first
        #expect(left?["monitor"]?.string == "often" && left?["nextAt"]?.double == nil, "\(left?.text ?? "")")
        _ = try run(["serve", "stop", "--quiet"])
        #expect(try run(["monitor", "delete", "often"]).code == 0)
        #expect(try run(["monitor", "show", "often"]).code == 2)
    }

    /// The alarm is on what a monitor finds, by its own schedule, in what was asked while traffic shifts.
    @Test func `what a monitor finds rolls a deployment back`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        try ask(400..<600) { row($0).label }
        _ = try last(["monitor", "create", "watched", "--endpoint", "paid", "--schedule", "every=1s"])
        _ = try last([
            "alarm", "create", "drifted", "--endpoint", "paid", "--metric", "MonitorViolations", "--monitor", "watched",
            "--feature", "noise", "--statistic", "Average", "--threshold", "0", "--period", "1",
        ])
        let update = try Running([
            "endpoint", "update", "paid", "--model", "paid", "--strategy", "canary", "--wait", "180", "--alarm", "drifted",
            "--json", "--workspace", workspace,
        ])
        try ask(600..<900, shift: 40) { row($0).label }
        let ended = update.finish(), said = try #require(try ended.json().last)
        #expect(said["rolledBack"]?.boolean == true, "\(said.text) \(ended.errors)")
        #expect(said["reason"]?.string?.contains("drifted") == true, "\(said.text)")
        #expect(try last(["alarm", "show", "drifted"])["state"]?.string == "ALARM")
    }

    @Test func `what cannot be monitored is refused with what would do`() throws {
        defer { _ = try? run(["serve", "stop", "--quiet"]) }
        try serve()
        func refusal(_ words: String...) throws -> String {
            let ended = try run(["monitor", "create", "m"] + words)
            #expect(ended.code == 2, "\(words): \(ended.code) \(ended.errors)")
            return ended.errors
        }
        #expect(try refusal().contains("--endpoint NAME or --batch DIR"))
        #expect(try refusal("--endpoint", "paid", "--type", "model-quality").contains("needs --ground-truth PATH"))
        #expect(
            try refusal("--endpoint", "paid", "--type", "bias", "--ground-truth", scratch.path).contains("needs --facet COL=V"))
        #expect(
            try refusal("--endpoint", "paid", "--type", "bias", "--ground-truth", scratch.path + "/x").contains("is not there"))
        #expect(try refusal("--batch", scratch.path, "--type", "bias").contains("on what an endpoint answered"))
        #expect(try refusal("--batch", scratch.path).contains("`descent monitor baseline FILE --out DIR`"))
        #expect(
            try run(["monitor", "create", "m", "--endpoint", "paid", "--schedule", "daily"]).errors.contains(
                "'daily' is no schedule"))
    }
}
