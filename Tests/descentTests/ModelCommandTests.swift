import Glibc
import JSON
@testable import Learners
import TemporaryFolders
import Testing

/// Models that are kept under names, by the real program.
@Suite struct ModelCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private static let library = XGBoostLibrary.candidates().first { access($0, R_OK) == 0 }

    private func run(_ arguments: String...) throws -> Program { try run(arguments) }

    private func run(_ arguments: [String]) throws -> Program {
        let variables = Self.library.map { ["DESCENT_XGBOOST=\($0)"] } ?? []
        return try Running(arguments + ["--workspace", workspace], variables: variables).finish()
    }

    private func train(_ name: String, _ data: String, _ target: String, _ more: String...) throws {
        let trained = try run(["train", data, "--target", target, "--name", name, "--quiet"] + more)
        #expect(trained.code == 0, "\(trained.errors)")
    }

    @Test func versionsAreKeptApprovedNamedAndOutliveTheirRuns() throws {
        try train("one", Program.sample("iris"), "species", "--set", "epochs=2")
        try train("two", Program.sample("iris"), "species", "--set", "epochs=9")
        let first = try run("models", "register", "flowers", "--run", "one", "--json")
        #expect(try first.json().last?["kind"]?.string == "modelRegistered" && first.code == 0)
        #expect(try first.json().last?["status"]?.string == "PendingManualApproval")
        #expect(try run("models", "register", "flowers", "--run", "two", "--note", "longer").code == 0)
        let expected = try ["one", "two"].map { try run("predict", $0, Program.sample("iris")).output }
        #expect(expected[0] != expected[1])
        // Without a decision the newest is meant, then the newest that was approved, and never one that was rejected.
        #expect(try run("predict", "flowers", Program.sample("iris")).output == expected[1])
        #expect(try run("models", "approve", "flowers:1").code == 0)
        #expect(try run("predict", "flowers", Program.sample("iris")).output == expected[0])
        #expect(try run("predict", "flowers:2", Program.sample("iris")).output == expected[1])
        #expect(try run("evaluate", "flowers:2", Program.sample("iris")).code == 0)
        #expect(try run("models", "approve", "flowers:1", "--status", "Rejected").code == 0)
        #expect(try run("predict", "flowers", Program.sample("iris")).output == expected[1])
        #expect(try run("models", "approve", "flowers:2", "--status", "Rejected").code == 0)
        let none = try run("predict", "flowers", Program.sample("iris"))
        #expect(none.code == 2 && none.errors.contains("every version of flowers is rejected"))

        #expect(try run("runs", "show", "two").output.contains("flowers:2 (Rejected)"))

        // What becomes of the runs changes no version.
        #expect(try run("runs", "delete", "one", "two", "--permanently", "--quiet").code == 0)
        #expect(try run("predict", "flowers:1", Program.sample("iris")).output == expected[0])
        let shown = try run("models", "show", "flowers:1")
        #expect(shown.output.contains("removed since") && shown.output.contains("iris.csv") && shown.output.contains("epochs"))
        let listed = try run("models", "list", "--json").json()
        #expect(listed.map { $0["version"]?.integer } == [2, 1] && listed[0]["note"]?.string == "longer")
        #expect(try #require(listed[0]["metrics"]?.members).contains { $0.name == "validation:loss" })

        // A number is never given twice.
        #expect(try run("models", "delete", "flowers").code == 2)
        #expect(try run("models", "delete", "flowers", "--all").code == 0)
        try train("three", Program.sample("iris"), "species", "--set", "epochs=1")
        #expect(try run("models", "register", "flowers", "--run", "three", "--json").json().last?["version"]?.integer == 3)
        let missing = try run("predict", "flowers:2", Program.sample("iris"))
        #expect(missing.code == 2 && missing.errors.contains("flowers has no version '2': it has 3"))
    }

    @Test func namesThatCannotBeAndRunsThatAreNotAreRefused() throws {
        try train("one", Program.sample("iris"), "species", "--set", "epochs=1")
        for name in ["-a", "a b", "a/../b", "", String(repeating: "x", count: 64)] {
            #expect(try run("models", "register", name, "--run", "one").code == 2, "\(name)")
        }
        #expect(try run("models", "register", "a", "--run", "nobody").code == 2)
        #expect(try run("models", "show", "nobody").code == 2)
        #expect(try run("models", "register", "a").errors.contains("--run is missing"))
        #expect(try run("models", "approve", "one").code == 2)
    }

    /// XGBoost's own file of a run, taken as one from elsewhere, predicts what the run does.
    @Test(.enabled(if: library != nil)) func modelsThatXGBoostSavedAreImported() throws {
        try train("trees", Program.sample("breast_cancer"), "diagnosis", "--algorithm", "xgboost", "--set", "num_round=12")
        let listed = try run("runs", "show", "trees")
        let folder = try #require(listed.lines.first { $0.contains("artifacts") }?.split(separator: " ").last.map(String.init))
        let columns = try #require(try readLine(Program.sample("breast_cancer"))).split(separator: ",").map(String.init)
        let features = columns.filter { $0 != "diagnosis" }
        let schema = JSONValue.object([
            "columns": .array(features.map { .string($0) }), "target": .string("diagnosis"),
            "classes": .array([.string("benign"), .string("malignant")]),
        ])
        let path = try scratch.write(schema.text, as: "schema.json")
        let imported = try run(
            "models", "import", folder + "/model.xgb.json", "--name", "theirs", "--schema", path, "--json")
        #expect(imported.code == 0, "\(imported.errors)")
        let expected = try run("predict", "trees", Program.sample("breast_cancer")).lines
        #expect(try run("predict", "theirs", Program.sample("breast_cancer")).lines == expected)
        // Without a schema its columns are f0 and on.
        #expect(try run("models", "import", folder + "/model.xgb.json", "--name", "bare").code == 0)
        let missing = try run("predict", "bare", Program.sample("breast_cancer"))
        #expect(missing.code == 3 && missing.errors.contains("f0"))

        for (name, text) in [("garbage", "hello"), ("json", "{\"learner\": 1}"), ("empty", "")] {
            let file = try scratch.write(text, as: name)
            let refused = try run("models", "import", file, "--name", name)
            #expect(refused.code == 3 && refused.errors.contains("it is no model"), "\(refused.errors)")
        }
        let wrong = try scratch.write(#"{"columns": ["a"]}"#, as: "wrong.json")
        #expect(try run("models", "import", folder + "/model.xgb.json", "--name", "w", "--schema", wrong).code == 2)
        #expect(try run("models", "list", "--json").json().count == 2)
    }

    private func readLine(_ path: String) throws -> String? {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 65_536)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 && $0 != 10 && $0 != 13 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
