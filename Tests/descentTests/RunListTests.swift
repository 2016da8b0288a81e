import Events
import TemporaryFolders
import Testing

/// `descent runs list|search|rename|tag|note|archive`, in one workspace with three small runs.
@Suite struct RunListTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func runs(_ words: String...) throws -> Program {
        try Program.run(["runs", words[0], "--workspace", workspace] + words.dropFirst())
    }

    private func names(_ words: String...) throws -> [String] {
        try Program.run(["runs", words[0], "--json", "--workspace", workspace] + words.dropFirst()).json().compactMap {
            $0["name"]?.string
        }
    }

    @Test func runsAreFoundSortedShownAndEdited() throws {
        for (name, rate) in [("slow", "0.0001"), ("middle", "0.01"), ("fast", "0.1")] {
            let trained = try Program.run(
                "train", Program.sample("diabetes"), "--target", "progression", "--set", "learning_rate=\(rate)", "--set",
                "epochs=3", "--set", "optimizer=sgd", "--name", name, "--quiet", "--workspace", workspace)
            #expect(trained.code == 0, "\(trained.errors)")
        }
        #expect(try names("search", "learning_rate in 0.001..1 and algorithm = linear-learner") == ["fast", "middle"])
        #expect(try names("search", "--", "-fast created > -1d") == ["middle", "slow"])
        #expect(try names("search", "learning_rate < 1", "--sort", "-learning_rate") == ["fast", "middle", "slow"])
        #expect(try names("search", "rmse < 0") == [])

        let table = try runs("list", "--sort", "learning_rate", "--columns", "name,learning_rate,best:validation:rmse,duration")
        #expect(
            table.lines.first?.split(separator: " ").map(String.init) == [
                "name", "learning_rate", "best:validation:rmse", "duration",
            ])
        #expect(table.lines.dropFirst().compactMap { $0.split(separator: " ").first } == ["slow", "middle", "fast"])

        let bad = try runs("search", "rmse <")
        #expect(bad.code == 2)
        #expect(bad.errors.split(separator: "\n").map(String.init).suffix(2) == ["  rmse <", "        ^ expected a value"])
        let slip = try runs("search", "learnin_rate < 1")
        #expect(slip.code == 2)
        #expect(slip.errors.contains("no run has learnin_rate: did you mean learning_rate?"))
        #expect(try runs("list", "--columns", "name,rmze").code == 2)

        #expect(try runs("rename", "fast", "best one").code == 0)
        #expect(try runs("rename", "slow", "best one").code != 0)
        #expect(try runs("rename", "slow", "@slow").code == 2)
        #expect(try runs("tag", "best one", "base", "paper").code == 0)
        #expect(try runs("tag", "best one", "paper", "--remove").code == 0)
        #expect(try runs("note", "best one", "for", "the paper").code == 0)
        #expect(try names("search", "tag = base and note ~ *paper") == ["best one"])
        #expect(try runs("archive", "slow", "middle").code == 0)
        #expect(try names("list") == ["best one"])
        #expect(try names("list", "--archived").count == 3)
        #expect(try runs("unarchive", "slow").code == 0)
        #expect(try names("search", "slow") == ["slow"])
        let shown = try runs("show", "best one")
        #expect(shown.output.contains("base") && shown.output.contains("for the paper"))
    }
}
