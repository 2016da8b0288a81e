import Glibc
import Hosting
import JSON
@testable import Learners
import TemporaryFolders
import Testing

/// AutoML jobs that go beyond one level and one process: stacks, the host, searches that were stopped. The real program.
@Suite(.serialized) struct StackedAutoMLTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private static let library = XGBoostLibrary.candidates().first { access($0, R_OK) == 0 }

    private func running(_ words: [String]) throws -> Running {
        let variables = Self.library.map { ["DESCENT_XGBOOST=\($0)"] } ?? []
        return try Running(words + ["--workspace", workspace], variables: variables)
    }

    private func run(_ words: String...) throws -> Program { try running(words).finish() }

    private func data(_ rows: Int) throws -> String {
        var lines = ["x,z,kind,y"]
        for row in 0..<rows {
            let x = row * 37 % 101, z = row * 13 % 29, kind = ["a", "b", "c"][row * 7 % 3]
            lines.append("\(x),\(z),\(kind),\(2 * x - z + (kind == "a" ? x * z / 20 : 0) + row % 5)")
        }
        return try scratch.write(lines.joined(separator: "\n") + "\n", as: "data.csv")
    }

    /// A notebook that holds a plan and nothing else.
    private func plan(_ text: String) throws -> String {
        let cell: JSONValue = .object([
            "cell_type": .string("code"), "metadata": .object(["tags": .array([.string("descent-plan")])]),
            "source": .string("PLAN = json.loads(r\"\"\"\(text)\"\"\")"),
        ])
        return try scratch.write(JSONValue.object(["cells": .array([cell])]).text, as: "plan.ipynb")
    }

    private static let stacked = """
        [{"name":"a","family":"linear","hyperparameters":{"optimizer":"lbfgs"}},{"name":"b","family":"neighbours","hyperparameters":{"k":4}},
         {"name":"top","family":"linear","hyperparameters":{"optimizer":"lbfgs"},"stack":["a","b"]}]
        """

    private func wait(_ seconds: Double = 120, until isSo: () throws -> Bool) throws {
        for _ in 0..<Int(seconds * 20) {
            if try isSo() { return }
            usleep(50_000)
        }
        Issue.record("it did not come: \(try run("queue", "list").output) \(try run("automl", "list").output)")
    }

    @Test func aPlanMaySayWhatLearnsFromWhat() throws {
        let file = try data(90)
        let ended = try run(
            "automl", file, "--target", "y", "--folds", "3", "--plan", try plan(Self.stacked), "--name", "high", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let board = try #require(try ended.json().last?["leaderboard"]?.array)
        let levels = Dictionary(board.compactMap { line in line["model"]?.string.map { ($0, line["level"]?.integer) } }) { $1 }
        #expect(levels["high-top"] == 2 && levels["high-a"] == 1 && board.count == 4, "\(ended.output)")
        // A run as any other, and done again to the bit.
        let top = try run("predict", "high-top", file)
        #expect(top.code == 0 && top.lines.count == 91, "\(top.errors)")
        #expect(try run("evaluate", "high-top", file, "--json").json().last?["metrics"]?["test:r2"]?.double ?? 0 > 0.5)
        let explained = try run("explain", "high-top", file, "--rows", "3", "--json")
        #expect(explained.code == 0, "\(explained.errors)")
        let again = try run("runs", "reproduce", "high-top", "--json")
        #expect(again.code == 0, "\(again.errors)")
        let name = try #require(try again.json().compactMap { $0["name"]?.string }.last { $0 != "high-top" })
        #expect(try run("predict", name, file).output == top.output)
        for (text, message) in [
            (Self.stacked.replacing("[\"a\",\"b\"]", with: "[\"a\",\"c\"]"), "'c' is to be a candidate before it"),
            (Self.stacked.replacing("[\"a\",\"b\"]", with: "[\"top\"]"), "'top' is to be a candidate before it"),
        ] {
            let refused = try run("automl", file, "--target", "y", "--plan", try plan(text))
            #expect(refused.code == 2 && refused.errors.contains(message), "\(refused.errors)")
        }
        let alone = try run("notebook", "high-top", "--out", scratch.path + "/top.ipynb")
        #expect(alone.code == 1 && alone.errors.contains("learns from other candidates"), "\(alone.errors)")
    }

    /// By itself, once all of the portfolio was tried; without boosted trees, which take longest.
    @Test func aSecondLevelIsTriedWhereItDoesNoHarm() throws {
        let file = try data(760)
        let words = ["automl", file, "--target", "y", "--folds", "2", "--name", "level", "--json", "--workspace", workspace]
        let ended = try Running(words, variables: ["DESCENT_XGBOOST=/nowhere"]).finish()
        #expect(ended.code == 0, "\(ended.errors)")
        let lines = try ended.json()
        let decided = try #require(lines.first { $0["kind"]?.string == "stackingDecided" }?["stacking"], "\(ended.errors)")
        let with = try #require(decided["with"]?.double), without = try #require(decided["without"]?.double)
        #expect(decided["tried"]?.boolean == (with <= without), "\(decided.text)")
        let board = try #require(lines.last?["leaderboard"]?.array)
        #expect(board.count { $0["level"]?.integer == 2 } == (with <= without ? 1 : 0), "\(board.map(\.text))")
        #expect(try run("predict", "level", file).lines.count == 761)
        #expect(try run("automl", "show", "level").output.contains("second level"))
    }

    @Test func whatIsRefusedLeavesNothingAndJobsAreNoLostRuns() throws {
        let rows = (0..<40).map { ",,\($0 % 2)" }.joined(separator: "\n")
        let file = try scratch.write("a,b,y\n" + rows + "\n", as: "missing.csv")
        for mode in Self.library == nil ? ["ensembling"] : ["ensembling", "hpo"] {
            let refused = try run("automl", file, "--target", "y", "--mode", mode, "--max-candidates", "3", "--name", mode)
            #expect(refused.code == 3 && refused.errors.contains("no column can be a feature"), "\(refused.errors)")
        }
        #expect(try run("automl", "list").output.isEmpty && run("tune", "list").output.isEmpty)
        let good = try data(40)
        #expect(try run("automl", good, "--target", "y", "--max-candidates", "1", "--quiet").code == 0)
        let listed = try run("runs", "list")
        #expect(listed.code == 0 && !listed.errors.contains("does not know"), "\(listed.errors)")
    }

    @Test func theHostTriesModelsAndGoesOnAfterItsDeath() throws {
        let file = try data(90)
        let given = try run("automl", file, "--target", "y", "--max-candidates", "3", "--name", "away", "--detach", "--json")
        #expect(given.code == 0, "\(given.errors)")
        let said = try #require(try given.json().last), id = try #require(said["automl"]?.string)
        #expect(said["kind"]?.string == "autoMLQueued" && said["name"]?.string == "away")
        func job() throws -> JSONValue? { try run("automl", "list", "--json").json().first { $0["automl"]?.string == id } }
        func ended() throws -> Int {
            try run("automl", "show", "away", "--json").json().count { $0["number"] != nil && $0["value"] != nil }
        }
        try wait { try ended() >= 1 }
        let listed = try run("queue", "list", "--json").json()
        #expect(try job()?["status"]?.string == "Completed" || listed.contains { $0["automl"]?.string == id })
        let host = try #require(HostLock.holder(workspace))
        kill(host.processID, SIGKILL)
        try wait { HostLock.holder(workspace) == nil }
        #expect(try run("serve", "--detach").code == 0)
        try wait { try job()?["status"]?.string == "Completed" }
        let candidates = try run("automl", "show", id, "--json").json().filter { $0["number"] != nil }
        #expect(candidates.count == 3 && Set(candidates.compactMap { $0["candidateRun"]?.string }).count == 3)
        #expect(try run("runs", "search", "tuning = away", "--json").json().count == 3)
        #expect(try run("predict", "away", file).code == 0)
        #expect(try run("queue", "list", "--json").json().isEmpty)

        // A host that is told to end gives it back, and the next one goes on.
        #expect(try run("automl", "resume", "away", "--max-candidates", "6", "--detach").code == 0)
        try wait { try ended() >= 4 }
        #expect(try run("serve", "stop").code == 0)
        let now = try job()?["status"]?.string
        #expect(now == "Pending" || now == "Completed", "\(now ?? "")")
        #expect(try run("serve", "--detach").code == 0)
        try wait { try job()?["status"]?.string == "Completed" && ended() == 6 }
        _ = try run("serve", "stop")
    }

    @Test(.enabled(if: library != nil)) func aSearchThatWasStoppedGoesOnWithoutLosingATrial() throws {
        let file = try data(90)
        let words = [
            "automl", file, "--target", "y", "--mode", "hpo", "--max-candidates", "5", "--name", "searched", "--quiet",
        ]
        func trials() throws -> [JSONValue] {
            let shown = try run("automl", "show", "searched", "--json")
            return shown.code == 0 ? try shown.json().filter { $0["number"] != nil } : []
        }
        let first = try running(words)
        while try trials().count(where: { $0["value"] != nil }) < 1 { usleep(20_000) }
        // Asked to by another process, then killed, then left alone.
        #expect(try run("automl", "stop", "searched").code == 0)
        _ = first.finish()
        let before = try trials().compactMap { $0["candidateRun"]?.string }
        #expect((1...4).contains(before.count))
        let second = try running(["automl", "resume", "searched", "--quiet"])
        while try trials().count(where: { $0["value"] != nil }) < 3 { usleep(20_000) }
        kill(second.process, SIGKILL)
        _ = second.finish()
        let third = try run("automl", "resume", "searched", "--json")
        #expect(third.code == 0, "\(third.errors)")
        let all = try trials(), runs = all.compactMap { $0["candidateRun"]?.string }
        #expect(runs.count == 5 && Set(runs).count == 5 && Array(runs.prefix(before.count)) == before)
        #expect(all.allSatisfy { $0["value"]?.double != nil }, "\(all.map(\.text))")
        #expect(try run("runs", "search", "tuning = searched", "--json").json().count == 5)
        #expect(try run("predict", "searched", file).code == 0)
    }
}
