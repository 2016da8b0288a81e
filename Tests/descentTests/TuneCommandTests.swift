import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent tune`, the real program.
@Suite(.serialized) struct TuneCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func words(_ more: [String]) -> [String] {
        [
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3",
            "--workspace", workspace,
        ] + more
    }

    private func tune(_ more: String...) throws -> Program { try Program.run(words(more)) }

    private func trials(_ name: String = "@latest") throws -> [JSONValue] {
        let shown = try Program.run("tune", "show", name, "--json", "--workspace", workspace)
        #expect(shown.code == 0, "\(shown.errors)")
        return try shown.json().filter { $0["trial"] != nil }
    }

    @Test func aSearchTellsWhatItTriesAndEndsWithItsBest() throws {
        let ended = try tune(
            "--objective", "validation:rmse", "--range", "learning_rate=log:1e-4:1", "--range", "optimizer=cat:adam,sgd",
            "--max-jobs", "4", "--strategy", "random", "--name", "first", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let lines = try ended.json()
        let kinds = lines.compactMap { $0["kind"]?.string }
        #expect(kinds.first { $0.hasPrefix("tuning") } == "tuningStarted")
        #expect(kinds.count { $0 == "trialSuggested" } == 4 && kinds.count { $0 == "trialFinished" } == 4)
        let last = try #require(lines.last)
        #expect(last["kind"]?.string == "tuningFinished" && last["name"]?.string == "first")
        #expect(last["status"]?.string == "Completed" && last["reason"]?.string == "MaxJobs" && last["trials"]?.integer == 4)
        let values = lines.filter { $0["kind"]?.string == "trialFinished" }.compactMap { $0["value"]?.double }
        #expect(values.count == 4 && last["best"]?["value"]?.double == values.min())
        #expect(last["best"]?["objective"]?.string == "validation:rmse")
        #expect(last["best"]?["hyperparameters"]?.strings?.keys.sorted() == ["learning_rate", "optimizer"])
        let suggestion = try #require(lines.first { $0["kind"]?.string == "trialSuggested" })
        #expect(suggestion["why"]?.string == "drawn at random")
        // Trials are ordinary runs, found by their tuning job.
        let found = try Program.run("runs", "search", "tuning = first", "--json", "--workspace", workspace)
        #expect(try found.json().compactMap { $0["name"]?.string }.sorted() == (1...4).map { "first-00\($0)" })
        let best = try Program.run("tune", "best", "first", "--json", "--workspace", workspace)
        #expect(try best.json().first?["run"]?.string == last["best"]?["run"]?.string)
    }

    @Test func whatCannotBeSearchedIsRefusedAndLeavesNothing() throws {
        for (more, message) in [
            (["--range", "learning_rate=log:0:1"], "descent: --range learning_rate: a logarithmic range begins above 0"),
            (["--range", "lerning_rate=0:1"], "did you mean learning_rate?"),
            ([], "descent: nothing is searched: give at least one --range NAME=LOW:HIGH"),
            (["--range", "epochs=1:4"], "descent: epochs is searched and held: leave out its --range or its --set"),
            (["--range", "learning_rate=0.1:0.2", "--objective", "validation:nope"], "does not measure 'nope'"),
            (["--range", "learning_rate=0.1:0.2", "--strategy", "best"], "descent: no strategy 'best'"),
        ] {
            let refused = try Program.run(words(more))
            #expect(refused.code == 2 && refused.errors.contains(message), "\(more): \(refused.errors)")
        }
        let data = try Program.run(
            "tune", Program.sample("insurance"), "--target", "nothing", "--algorithm", "linear-learner",
            "--range", "learning_rate=0.1:0.3", "--workspace", workspace)
        #expect(data.code == 3 && data.errors.contains("no column named 'nothing'"), "\(data.errors)")
        #expect(try Program.run("tune", "list", "--json", "--workspace", workspace).json().isEmpty)
        #expect(try Program.run("runs", "list", "--json", "--workspace", workspace).json().isEmpty)
    }

    @Test func aSearchThatWasKilledGoesOnWithoutLosingATrialOrRunningOneTwice() throws {
        let whole = try tune(
            "--range", "learning_rate=log:1e-4:1", "--max-jobs", "14", "--name", "whole", "--strategy", "bayesian", "--confirm",
            "0", "--quiet")
        #expect(whole.code == 0, "\(whole.errors)")
        let expected = try trials("whole").map { $0["hyperparameters"] }
        let child = try Running(
            words([
                "--range", "learning_rate=log:1e-4:1", "--max-jobs", "14", "--name", "killed", "--strategy", "bayesian",
                "--confirm", "0", "--quiet",
            ]))
        while try isBehind("killed", 5) { usleep(20_000) }
        kill(child.process, SIGKILL)
        _ = child.finish()
        let resumed = try Program.run("tune", "resume", "killed", "--json", "--workspace", workspace)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try resumed.json().last?["trials"]?.integer == 14)
        let found = try trials("killed")
        #expect(found.compactMap { $0["trial"]?.integer } == Array(0..<14))
        #expect(found.allSatisfy { $0["status"]?.string == "Completed" })
        #expect(Set(found.compactMap { $0["run"]?.string }).count == 14)
        // What it would have tried had nobody killed it.
        #expect(found.map { $0["hyperparameters"] } == expected)
        let runs = try Program.run("runs", "search", "tuning = killed", "--json", "--workspace", workspace).json()
        #expect(runs.count == 14)
    }

    private func isBehind(_ name: String, _ count: Int) throws -> Bool {
        let shown = try Program.run("tune", "show", name, "--json", "--workspace", workspace)
        guard shown.code == 0 else { return true }
        return try shown.json().count { $0["value"] != nil } < count
    }

    @Test func anotherTerminalStopsASearchWhichGoesOnLater() throws {
        let child = try Running(
            words([
                "--range", "learning_rate=log:1e-4:1", "--max-jobs", "2000", "--name", "long", "--strategy", "random", "--quiet",
            ]))
        while try isBehind("long", 1) { usleep(20_000) }
        let stopped = try Program.run("tune", "stop", "long", "--workspace", workspace)
        #expect(stopped.code == 0 && stopped.output.contains("stopped"), "\(stopped.errors)")
        #expect(child.finish().code == 0)
        let count = try trials("long").count
        #expect(count < 2000)
        let more = try Program.run("tune", "resume", "long", "--max-jobs", "\(count + 1)", "--quiet", "--workspace", workspace)
        #expect(more.code == 0, "\(more.errors)")
        #expect(try trials("long").count { $0["status"]?.string == "Completed" } == count + 1)
    }

    @Test func halvingStopsMostTrialsEarlyAndSaysWhy() throws {
        let ended = try Program.run(
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=27",
            "--range", "learning_rate=log:1e-6:1", "--strategy", "asha", "--max-jobs", "12", "--json", "--workspace", workspace)
        #expect(ended.code == 0, "\(ended.errors)")
        let ends = try ended.json().filter { $0["kind"]?.string == "trialFinished" }
        let stopped = ends.filter { $0["status"]?.string == "Stopped" }
        #expect(stopped.count >= 4)
        #expect(stopped.allSatisfy { $0["reason"]?.string?.contains("not among the best") == true })
    }

    @Test func aScriptIsSearchedByWhatItPrints() throws {
        let script = try scratch.write(
            """
            awk -v x="$SM_HP_X" 'BEGIN { for (e = 1; e <= 2; e++) printf "epoch %d loss: %.6f\\n", e, (x - 0.3)^2 }'
            """, as: "bowl.sh")
        let words = [
            "tune", "--algorithm", "script", "--command", "sh \(script)", "--metric", "train:bowl=loss: ([0-9.]+)",
            "--range", "x=0:1", "--objective", "train:bowl", "--max-jobs", "3", "--json", "--workspace", workspace,
        ]
        let unknown = try Program.run(words)
        #expect(unknown.code == 2 && unknown.errors.contains("whether less or more of train:bowl is better"), "\(unknown.errors)")
        let ended = try Program.run(words.map { $0.replacing("train:bowl", with: "train:loss") })
        #expect(ended.code == 0, "\(ended.errors)")
        let last = try #require(try ended.json().last)
        #expect(last["trials"]?.integer == 3)
        let x = try #require(last["best"]?["hyperparameters"]?["x"]?.string.flatMap { Double($0) })
        #expect((try #require(last["best"]?["value"]?.double) - (x - 0.3) * (x - 0.3)).magnitude < 1e-5)
    }

    @Test func aSearchWhoseTrialsAllFailEndsWithTheReason() throws {
        let ended = try Program.run(
            "tune", "--algorithm", "script", "--command", "false", "--range", "x=0:1", "--objective", "train:loss", "--max-jobs",
            "20", "--workspace", workspace)
        #expect(ended.code == 1 && ended.errors.contains("the first 3 trials failed"), "\(ended.errors)")
        #expect(try trials().count == 3)
    }
}
