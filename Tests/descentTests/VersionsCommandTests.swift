import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent data versions`, by the real program.
@Suite struct VersionsCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ arguments: String...) throws -> Program { try Program.run(arguments + ["--workspace", workspace]) }

    private func write(_ count: Int, shift: Int, more: String = "") throws -> String {
        let rows = (0..<count).map { "\($0 * 37 % 101 + shift),\($0 % 2 == 0 ? "a" : "b"),\($0 % 7)\(more.isEmpty ? "" : ",1")" }
        return try scratch.write("age,town,y\(more)\n" + rows.joined(separator: "\n") + "\n", as: "d.csv")
    }

    @Test func aFilesVersionsSayWhatChangedAndWhichRunsLearnedFromWhich() throws {
        let path = try write(60, shift: 0)
        let train = { (name: String) in
            try run(
                "train", path, "--target", "y", "--algorithm", "linear-learner", "--set", "epochs=1", "--name", name, "--task",
                "regression", "--quiet")
        }
        #expect(try run("data", "versions", path).code == 0)
        let first = try train("first")
        #expect(first.code == 0, "\(first.errors)")
        _ = try write(80, shift: 50, more: ",extra")
        let second = try train("second")
        #expect(second.code == 0, "\(second.errors)")
        let shown = try run("data", "versions", path)
        #expect(shown.code == 0, "\(shown.errors)")
        #expect(shown.output.contains("~ rows 60 → 80") && shown.output.contains("~ new column extra"), "\(shown.output)")
        #expect(shown.output.contains("~ age: mean ") && shown.output.contains("taught first"))
        let lines = try run("data", "versions", path, "--json").output.split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        #expect(lines.compactMap { $0["version"]?.integer } == [1, 2])
        #expect(lines.map { $0["latest"]?.boolean } == [false, true])
        #expect(lines.map { $0["runs"]?.array?.compactMap { $0["name"]?.string } } == [["first"], ["second"]])
        #expect(lines[0]["changes"]?.array?.isEmpty == true && lines[1]["changes"]?.array?.isEmpty == false)
    }

    @Test func aFileKeepsItsHistoryUnderAnotherName() throws {
        let path = try write(60, shift: 0)
        #expect(try run("data", "versions", path).code == 0)
        _ = try write(80, shift: 50)
        #expect(try run("data", "versions", path).code == 0)
        let other = scratch.path + "/renamed.csv"
        #expect(rename(path, other) == 0)
        let moved = try run("data", "versions", other)
        #expect(moved.code == 0 && moved.errors.contains("before, it was ") && moved.errors.contains("/d.csv"), "\(moved.errors)")
        #expect(moved.output.contains("~ rows 60 → 80") && moved.output.hasPrefix("1  60 rows"), "\(moved.output)")
        // By the path that it had, from its folder.
        let gone = try Program.run(["data", "versions", "d.csv", "--workspace", workspace], folder: scratch.path)
        #expect(gone.code == 0 && gone.output.contains("~ rows 60 → 80"), "\(gone.errors)")
        #expect(gone.errors.contains("the same data is at ") && gone.errors.contains("/renamed.csv now"), "\(gone.errors)")
        // A copy whose original is still there has a history of its own.
        let copy = try scratch.write(try scratch.read("renamed.csv"), as: "copy.csv")
        #expect(try run("data", "versions", copy, "--json").output.split(separator: "\n").count == 1)
    }

    @Test func whatWasNeverSeenIsRefused() throws {
        let unknown = try run("data", "versions", scratch.path + "/none.csv")
        #expect(unknown.code != 0)
        _ = try write(20, shift: 0)
        #expect(try run("data", "profile", scratch.path + "/d.csv").code == 0)
        let other = try run("data", "versions", scratch.path + "/workspace")
        #expect(other.code != 0 && other.errors.hasPrefix("descent: "), "\(other.errors)")
    }
}
