import Clocks
import Events
import Experiments
import Glibc
import JSON
import TemporaryFolders
import Testing

/// `watch`, `runs export`, `runs reproduce` and `report`, as a user runs them.
@Suite struct InteropCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func train(_ name: String, _ more: String...) throws {
        let running = try Running(
            [
                "train", Program.sample("iris"), "--target", "species", "--algorithm", "linear-learner", "--set", "epochs=4",
                "--name", name, "--quiet", "--workspace", workspace,
            ] + more)
        #expect(running.finish().code == 0)
    }

    @Test func watchedRunsAreToldAsTheyGrowAndStayInTheWorkspace() throws {
        let log = try scratch.write("{\"step\":1,\"val_loss\":0.5}\n", as: "log.jsonl")
        let running = try Running(["watch", log, "--json", "--workspace", workspace])
        func wait(for text: String) throws {
            let limit = WallClock.now() + 20
            while !running.output.contains(text) {
                try #require(WallClock.now() < limit, "no \(text) within twenty seconds")
                usleep(20_000)
            }
        }
        try wait(for: "\"validation:loss\":0.5")
        let file = try #require(fopen(log, "a"))
        fputs("{\"step\":2,\"val_loss\":0.25}\n", file)
        fclose(file)
        try wait(for: "\"validation:loss\":0.25")
        kill(running.process, SIGINT)
        let program = running.finish()
        #expect(program.code == 130)
        let events = try program.events()
        #expect(events.count == program.lines.count)
        guard case .run(.registered(let record))? = events.first?.kind, case .job(.finished(let result))? = events.last?.kind
        else {
            Issue.record("\(program.output)")
            return
        }
        #expect(record.algorithm == "json-lines" && result.reason.text == "no longer watched")
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(listed.first?["metrics"]?["validation:loss"]?.double == 0.25)
        let resumed = try Program.run("runs", "resume", "log", "--workspace", workspace)
        #expect(resumed.code == 2 && resumed.errors.contains("was written by json-lines and is only watched"))
    }

    @Test func whereNoLogIsThatIsSaid() throws {
        let empty = try Program.run("watch", scratch.path, "--once", "--workspace", workspace)
        #expect(empty.code == 3 && empty.errors.contains("no logs of runs under"))
        let missing = try Program.run("watch", scratch.path + "/nowhere", "--workspace", workspace)
        #expect(missing.code == 3 && missing.errors.contains("no such file or folder"))
        let bad = try Program.run("watch", scratch.path, "--metric", "a", "--workspace", workspace)
        #expect(bad.code == 2 && bad.errors.contains("write NAME=AS"))
    }

    @Test func aRunIsReproducedToTheBitAndChangedDataIsNamedFirst() throws {
        let data = try scratch.write(try TemporaryFolder.text(of: Program.sample("iris")), as: "iris.csv")
        let trained = try Program.run(
            "train", data, "--target", "species", "--algorithm", "linear-learner", "--set", "epochs=4", "--name", "first",
            "--quiet",
            "--workspace", workspace)
        #expect(trained.code == 0)
        let recorded = try RunStore(Workspace(path: workspace)).run(named: "first").metricRanges
        #expect(recorded[SystemMetric.cpuPercent.name] != nil)
        let same = try Program.run("runs", "reproduce", "first", "--json", "--workspace", workspace)
        #expect(same.code == 0)
        let verdict = try #require(try same.json().last)
        #expect(verdict["kind"]?.string == EventName.runReproduced.text)
        #expect(verdict["same"]?.boolean == true && verdict["modelSame"]?.boolean == true)
        #expect(try #require(verdict["points"]?.integer) > 40)

        let file = try #require(fopen(data, "a"))
        fputs("5.0,3.0,1.0,0.2,setosa\n", file)
        fclose(file)
        let refused = try Program.run("runs", "reproduce", "first", "--workspace", workspace)
        #expect(refused.code == 3 && refused.errors.contains("has changed since"))
        let differs = try Program.run("runs", "reproduce", "first", "--anyway", "--workspace", workspace)
        #expect(differs.code == 1 && differs.output.contains("≠ first: first differs in"))
        unlink(data)
        let gone = try Program.run("runs", "reproduce", "first", "--check", "--workspace", workspace)
        #expect(gone.code == 3 && gone.errors.contains("iris.csv is gone"))
    }

    @Test func steeringAndStopsAreDoneAgainAtTheSameSteps() throws {
        let running = try Running([
            "train", Program.sample("iris"), "--target", "species", "--algorithm", "linear-learner", "--set", "epochs=100000",
            "--early-stopping", "off", "--pace", "400", "--name", "steered", "--json", "--workspace", workspace,
        ])
        func wait(for text: String) throws {
            let limit = WallClock.now() + 20
            while !running.output.contains(text) {
                try #require(WallClock.now() < limit, "no \(text) within twenty seconds")
                usleep(20_000)
            }
        }
        try wait(for: "\"step\":20,")
        #expect(try Program.run("runs", "steer", "steered", "learning_rate=0.001", "--workspace", workspace).code == 0)
        try wait(for: "hyperparametersChanged")
        kill(running.process, SIGINT)
        #expect(running.finish().code == 130)
        let again = try Program.run("runs", "reproduce", "steered", "--workspace", workspace)
        #expect(again.code == 0, "\(again.output) \(again.errors)")
        #expect(again.errors.contains("steered by hand at step") && again.errors.contains("(StoppedByUser): stopped there again"))
        #expect(again.output.contains("the same to the bit (") && again.output.contains(", and the model)"))
    }

    @Test func aReportIsOnePageThatLoadsNothingAndEscapesWhatItShows() throws {
        try train("a<script>alert(1)</script>")
        try train("b", "--set", "learning_rate=0.05")
        let page = scratch.path + "/report.html"
        #expect(try Program.run("report", "a<", "b", "--out", page, "--workspace", workspace).code == 0)
        let html = try scratch.read("report.html")
        #expect(html.contains("a&lt;script&gt;alert(1)&lt;/script&gt;"))
        for foreign in ["<script", "http:", "https:", " src=", "@import"] { #expect(!html.contains(foreign)) }
        // What is clipped refers to a place in the page, each image to its own.
        #expect(html.components(of: "url(") == html.components(of: "url(#figure-"))
        #expect(html.components(of: "id=\"figure-0\"") == html.components(of: "id=\"figure-1\""))
        #expect(html.contains("<td>learning_rate</td><td class=\"text\">0.3</td><td class=\"text\">0.05</td>"))
        #expect(html.contains("<title>validation:loss") && html.contains("prefers-color-scheme:dark"))
        // What does not differ is not among what differs.
        let differences = html.split(separator: "<h2>")[2]
        #expect(differences.hasPrefix("What differs") && !differences.contains("mini_batch_size"))
        // Each of the two curves is a path of numbers, with a class that a dark page gives another colour.
        for series in ["s-series1", "s-series2"] { #expect(html.components(of: "class=\"\(series)\" stroke-width") > 10) }
        #expect(!html.contains("nan"))
    }

    @Test func exportsSayWhatTheyWrote() throws {
        try train("one")
        let path = scratch.path + "/one.jsonl"
        let program = try Program.run("runs", "export", "one", "--out", path, "--workspace", workspace)
        #expect(program.code == 0 && program.errors == "wrote 1 run to \(path)\n")
        #expect(
            try scratch.read("one.jsonl").split(separator: "\n").allSatisfy {
                StudioEvent(json: try JSONValue(parsing: String($0))) != nil
            })
        let unknown = try Program.run("runs", "export", "one", "--out", "x.pdf", "--workspace", workspace)
        #expect(
            unknown.code == 2
                && unknown.errors.contains("name one with --format csv, csv-wide, jsonl, json, parquet, tfevents, mlflow"))
    }
}

extension TemporaryFolder {
    /// A text file of the project.
    fileprivate static func text(of path: String) throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
