import JSON
import TemporaryFolders
import Testing

/// Searches that begin with earlier ones, by the real program.
@Suite(.serialized) struct WarmStartCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws {
        scratch = try TemporaryFolder()
        let first = try tune("--name", "first", "--max-jobs", "12", "--strategy", "sobol", "--quiet")
        #expect(first.code == 0, "\(first.errors)")
    }

    private func tune(_ more: String..., objective: String = "validation:rmse", epochs: Int = 3) throws -> Program {
        try Program.run(
            [
                "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set",
                "epochs=\(epochs)", "--objective", objective, "--range", "learning_rate=log:1e-4:1", "--workspace", workspace,
            ] + more)
    }

    private func suggestions(_ program: Program) throws -> [String] {
        try program.json().filter { $0["kind"]?.string == "trialSuggested" }.compactMap { $0["why"]?.string }
    }

    @Test func theSameAgainBeginsWhereItLeftOffAndSaysSo() throws {
        let warm = try tune("--warm-start", "first", "--max-jobs", "2", "--strategy", "bayesian", "--json", "--name", "again")
        #expect(warm.code == 0, "\(warm.errors)")
        #expect(try suggestions(warm).allSatisfy { $0.contains("the model") })
        let shown = try Program.run("tune", "show", "again", "--json", "--workspace", workspace).json().last
        #expect(shown?["request"]?["warmStartType"]?.string == "identical")
        // What it began with is its own: it goes on when that is gone.
        let more = try Program.run("tune", "resume", "again", "--max-jobs", "3", "--json", "--workspace", workspace)
        #expect(more.code == 0, "\(more.errors)")
        #expect(try suggestions(more).allSatisfy { $0.contains("the model") })
    }

    @Test func somethingAlikeIsTakenForThatAndItsBestComesFirst() throws {
        let told = try tune("--warm-start", "first", "--max-jobs", "1", epochs: 4)
        #expect(told.code == 0, "\(told.errors)")
        #expect(told.errors.contains("something alike only: first held epochs at 3, and this one at 4"), "\(told.errors)")
        #expect(told.errors.contains("it begins with 12 of 12 trials of first"))
        let warm = try tune("--warm-start", "first", "--max-jobs", "1", "--json", epochs: 4)
        #expect(try suggestions(warm) == ["the best of first"])
        let refused = try tune("--warm-start", "first", "--warm-start-type", "identical", epochs: 4)
        #expect(refused.code == 2 && refused.errors.contains("say --warm-start-type transfer"), "\(refused.errors)")
    }

    @Test func anotherObjectiveAndWhatLearnsNothingAreRefused() throws {
        let other = try tune("--warm-start", "first", objective: "validation:mae")
        #expect(
            other.code == 2
                && other.errors.contains("first: its objective is validation:rmse, and this one's is validation:mae"),
            "\(other.errors)")
        let random = try tune("--warm-start", "first", "--strategy", "random")
        #expect(random.code == 2 && random.errors.contains("random learns nothing from earlier searches"), "\(random.errors)")
        let six = try tune("--warm-start", "first,first,first,first,first,first")
        #expect(six.code == 2 && six.errors.contains("give at most 5"), "\(six.errors)")
        let gone = try tune("--warm-start", "nothing")
        #expect(gone.code != 0 && gone.errors.contains("no tuning job 'nothing'"), "\(gone.errors)")
    }

    @Test func runsAndStudiesOfOptunaAreBegunWithToo() throws {
        let runs = try tune("--warm-start-runs", "tuning = first", "--max-jobs", "1", "--strategy", "bayesian", "--json")
        #expect(runs.code == 0, "\(runs.errors)")
        #expect(try suggestions(runs)[0].contains("the model"))
        let path = scratch.path + "/study.db"
        let written = try Program.run(
            "tune", "export", "first", "--format", "optuna", "--out", path, "--workspace", workspace)
        #expect(written.code == 0, "\(written.errors)")
        for name in [path, "optuna:" + path, "optuna:\(path):first"] {
            let study = try tune("--warm-start", name, "--max-jobs", "1", "--json")
            #expect(try suggestions(study) == ["the best of first"], "\(study.errors)")
        }
        // A study is begun with also where there is no workspace yet.
        let anew = try Program.run(
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3",
            "--objective", "validation:rmse", "--range", "learning_rate=log:1e-4:1", "--warm-start", path, "--max-jobs", "1",
            "--quiet", "--workspace", scratch.path + "/other")
        #expect(anew.code == 0, "\(anew.errors)")
        let missing = try tune("--warm-start", "optuna:\(path):second")
        #expect(missing.code == 2 && missing.errors.contains("no study 'second'"), "\(missing.errors)")
        let other = try tune("--warm-start", path, objective: "validation:r2")
        #expect(other.code == 2 && other.errors.contains("the study minimises validation:rmse"), "\(other.errors)")
    }
}
