import Glibc
import JSON
import TemporaryFolders
import Testing

/// Searches that are killed at a drawn moment and taken up again, perhaps to be killed again: nothing is lost, nothing runs twice, and
/// the best is the one of a search that nobody killed. A few here, fifty by `make torture`.
@Suite(.serialized) struct TuningTortureTests {
    private static let count = getenv("DESCENT_KILLS").flatMap { Int(String(cString: $0)).map { ($0 + 1) / 2 } } ?? 2

    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func words(_ name: String, seed: Int, strategy: String = "bayesian", parallel: Int = 1) -> [String] {
        [
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3",
            "--range", "learning_rate=log:1e-4:1", "--range", "l1=log:1e-6:1", "--max-jobs", "13", "--confirm", "2", "--strategy",
            strategy, "--seed", "\(seed)", "--max-parallel-jobs", "\(parallel)", "--name", name, "--quiet", "--workspace",
            workspace,
        ]
    }

    private func shown(_ name: String) throws -> (trials: [JSONValue], job: JSONValue?) {
        let lines = try Program.run("tune", "show", name, "--json", "--workspace", workspace).json()
        return (lines.filter { $0["trial"] != nil }, lines.last { $0["request"] != nil })
    }

    @Test(arguments: 0..<count)
    func aSearchKilledAtAnyMomentEndsWhereAnUndisturbedOneEnds(number: Int) throws {
        var random = Draw(number)
        let whole = try Program.run(words("whole", seed: number))
        try #require(whole.code == 0, "\(whole.errors)")
        var command = words("killed", seed: number), deaths = 0
        while true {
            let running = try Running(command)
            if deaths < 4 { running.kill(after: random.number(0.05...1.5)) }
            let ended = running.finish()
            if ended.code == 0 { break }
            try #require(ended.code == -SIGKILL, "\(number), death \(deaths): \(ended.errors)")
            deaths += 1
            let isThere = try shown("killed").job != nil
            if isThere { command = ["tune", "resume", "killed", "--quiet", "--workspace", workspace] }
        }
        let (expected, found) = (try shown("whole"), try shown("killed"))
        for member in ["trial", "status", "value", "hyperparameters"] {
            #expect(
                found.trials.map { $0[member] } == expected.trials.map { $0[member] }, "\(number): \(member), \(deaths) deaths")
        }
        for member in ["value", "hyperparameters", "confirmed"] {
            #expect(found.job?["best"]?[member] == expected.job?["best"]?[member], "\(number): best \(member)")
        }
        let runs = try Program.run("runs", "search", "tuning = killed", "--json", "--workspace", workspace).json()
        #expect(runs.count == 15 && Set(runs.compactMap { $0["name"]?.string }).count == 15, "\(number), \(deaths) deaths")
    }

    @Test func twoSearchesAtOnceKeepApart() throws {
        let searches = try ["one", "two"].enumerated().map { place, name in
            try Running(words(name, seed: place, strategy: "random", parallel: 2))
        }
        for search in searches {
            let ended = search.finish()
            #expect(ended.code == 0, "\(ended.errors)")
        }
        for name in ["one", "two"] {
            let trials = try shown(name).trials
            #expect(trials.count == 13 && trials.allSatisfy { $0["status"]?.string == "Completed" })
            #expect(trials.allSatisfy { $0["name"]?.string?.hasPrefix(name + "-") == true })
        }
    }
}
