import Events
import TemporaryFolders
import Testing

/// `descent runs curves` as a user runs it.
@Suite struct CurvesCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws {
        scratch = try TemporaryFolder()
        let run = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--name", "a", "--set", "epochs=4", "--quiet",
            "--workspace",
            workspace)
        #expect(run.code == 0)
    }

    @Test func curvesAreDrawnWrittenAsImageAndGivenWhole() throws {
        let text = try Program.run("runs", "curves", "a", "--workspace", workspace)
        #expect(text.code == 0)
        #expect(text.lines.first == "loss")
        #expect(text.output.contains("A a  "))
        let image = scratch.path + "/a.svg"
        #expect(try Program.run("runs", "curves", "a", "--svg", image, "--workspace", workspace).code == 0)
        #expect(try scratch.read("a.svg").hasPrefix("<svg xmlns"))
        let csv = try Program.run("runs", "curves", "a", "--metric", "rmse", "--csv", "-", "--workspace", workspace)
        let json = try Program.run("runs", "curves", "a", "--metric", "rmse", "--json", "--workspace", workspace).json()
        let recorded = json.reduce(0) { $0 + ($1["values"]?.array?.count ?? 0) }
        #expect(recorded == 8)
        #expect(csv.lines.count == 1 + recorded)
    }

    @Test func whatARunCostIsToldApartFromHowGoodItIs() throws {
        let shown = try #require(try Program.run("runs", "show", "a", "--json", "--workspace", workspace).json().first)
        let memory = try #require(shown["system"]?["memory_bytes"])
        let peak = try #require(memory["peak"]?.double), mean = try #require(memory["mean"]?.double)
        #expect(mean > 1e6 && mean <= peak)
        #expect(shown["metrics"]?.metrics?.keys.contains(where: \.isSystem) == false)
        #expect(shown["ranges"]?.members?.contains { $0.name.hasPrefix("system:") } == false)
        let text = try Program.run("runs", "curves", "a", "--metric", "system:memory_bytes", "--workspace", workspace)
        #expect(text.code == 0 && text.lines.last?.hasPrefix("a  mean ") == true && text.output.contains("MB  peak "))
        let found = try Program.run("runs", "search", "system:memory_bytes > 1e6", "--json", "--workspace", workspace)
        #expect(try found.json().compactMap { $0["name"]?.string } == ["a"])
        #expect(try Program.run("runs", "search", "system:memory_bytes > 1e15", "--json", "--workspace", workspace).lines.isEmpty)
    }

    @Test func whatWasNotRecordedIsNamedWithWhatWas() throws {
        let wrong = try Program.run("runs", "curves", "a", "--metric", "rsme", "--workspace", workspace)
        #expect(wrong.code == 2)
        #expect(wrong.errors.hasPrefix("descent: no rsme was recorded: there are "))
        #expect(wrong.errors.contains("rmse"))
        #expect(try Program.run("runs", "curves", "a", "--size", "9", "--svg", "-", "--workspace", workspace).code == 2)
    }
}

/// `descent runs compare` as a user runs it.
@Suite struct CompareCommandTests {
    @Test func twoRunsAreComparedOnRowsThatNeitherWasTrainedOn() throws {
        let scratch = try TemporaryFolder()
        let workspace = scratch.path + "/workspace"
        for (name, rounds) in [("few", "1"), ("many", "30")] {
            let run = try Program.run(
                "train", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--name", name,
                "--set",
                "epochs=\(rounds)", "--set", "learning_rate=\(name == "few" ? "0.0001" : "0.1")", "--quiet", "--workspace",
                workspace)
            #expect(run.code == 0)
        }
        let result = try Program.run("runs", "compare", "few", "many", "--json", "--workspace", workspace).json()
        let comparison = try #require(result.first)
        #expect(comparison["heldOut"]?["rows"]?.integer == 268)
        let objective = try #require(comparison["metrics"]?.array?.first { $0["objective"]?.boolean == true })
        let verdict = try #require(objective["verdicts"]?.array?.last)
        #expect(verdict["outcome"]?.string == "better")
        #expect(verdict["reason"]?.string == "95 % of 268 held-out rows drawn again")
        let text = try Program.run("runs", "compare", "few", "many", "--workspace", workspace)
        #expect(text.output.contains("  epochs"))
        #expect(!text.output.contains("mini_batch_size"))
        // A model that prepares its features is measured as its job measured it.
        let train = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--name", "prepared",
            "--prepare", "pca=4", "--quiet", "--json", "--workspace", workspace)
        let own = try #require(try train.json().last?["metrics"]?["validation:rmse"]?.double)
        let other = try #require(
            try Program.run("runs", "compare", "few", "prepared", "--json", "--workspace", workspace).json().first)
        let rmse = try #require(other["heldOut"]?["measures"]?.array?.first { $0["name"]?.string == "rmse" })
        let value = try #require(rmse["values"]?.array?.last?.double)
        #expect(abs(value - own) < 1e-4 * own)
        #expect(try Program.run("runs", "compare", "few", "few", "--workspace", workspace).code == 2)
    }
}
