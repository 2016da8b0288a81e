import Files
import Glibc
import JSON
import TemporaryFolders
import Testing
import Threads

/// Rules from files and on the command line, by the real binary.
@Suite struct RulesCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = scratch.path + "/" + name
        try AtomicFile.write(Array(text.utf8), to: path)
        return path
    }

    private func train(_ options: String...) throws -> Program {
        try Program.run(
            [
                "train", Program.sample("iris"), "--target", "species", "--algorithm", "linear-learner", "--set", "epochs=12",
                "--name", "r",
            ]
                + options + ["--workspace", workspace])
    }

    @Test func aRuleOfAFileLooksWhileARunTrainsAndCanBeAskedForAfterwards() throws {
        let rules = try file(
            "rules.txt", "high: loss > 0\n    for 3 steps\n    message \"it is over 0\"\noff StillImproving\nDataOrder\n")
        let lines = try train("--rules", rules, "--json").json()
        let alert = try #require(lines.first { $0["kind"]?.string == "alertRaised" && $0["rule"]?.string == "high" })
        #expect(alert["summary"]?.string == "it is over 0" && alert["step"]?.integer == 3)
        let states = lines.filter { $0["kind"]?.string == "ruleEvaluated" }
        #expect(states.contains { $0["rule"]?.string == "high" && $0["state"]?.string == "Issue" })
        #expect(states.contains { $0["rule"]?.string == "StillImproving" && $0["state"]?.string == "Disabled" })
        // The stream still ends with the job's end.
        #expect(lines.last?["kind"]?.string == "jobFinished")
        let reports = try Program.run("debug", "rules", "r", "--json", "--workspace", workspace).json()
        func state(_ name: String) -> String? { reports.first { $0["name"]?.string == name }?["state"]?.string }
        #expect(state("high") == "Issue" && state("StillImproving") == "Disabled" && state("NonFiniteLoss") == "OK")
        #expect(reports.first { $0["name"]?.string == "high" }?["origin"]?.string == "own")
    }

    @Test func aFileIsTriedOnARunAndSaysByItsCodeWhetherAnythingWasFound() throws {
        try #require(try train("--quiet").code == 0)
        let found = try Program.run(
            "debug", "rules", "r", "--file", try file("a.txt", "low: validation:loss < 1e9 for 2 evaluations"), "--workspace",
            workspace)
        #expect(found.code == 1 && found.output.contains("▲ low"), "\(found.output)")
        let nothing = try Program.run(
            "debug", "rules", "r", "--file", try file("b.txt", "high: validation:loss > 1e9\nnone: validaton:loss > 1"),
            "--workspace",
            workspace)
        #expect(nothing.code == 0 && nothing.output.contains("0 of 1 values of validaton:loss"), "\(nothing.output)")
        #expect(
            nothing.errors.contains("none: r has no metric validaton:loss: did you mean validation:loss?"), "\(nothing.errors)")
        // Nothing of it is recorded.
        #expect(
            try Program.run("debug", "report", "r", "--json", "--workspace", workspace).json().allSatisfy {
                $0["rule"]?.string != "low"
            })
    }

    @Test func theWorkspacesRulesLookAtEveryRunThere() throws {
        try #require(try train("--quiet").code == 0)
        _ = try file("workspace/rules.txt", "usual: loss > 0\nTreeDepth(depth=3)\n")
        let lines = try train("--json", "--rule", "off usual2: x").json()
        #expect(lines.isEmpty)
        let again = try train("--json", "--rule", "TreeDepth(depth=2)").json()
        #expect(again.contains { $0["kind"]?.string == "alertRaised" && $0["rule"]?.string == "usual" })
        let reports = try Program.run("debug", "rules", "r-2", "--json", "--workspace", workspace).json()
        let depth = try #require(reports.first { $0["name"]?.string == "TreeDepth" })
        #expect(depth["parameters"]?["depth"]?.string == "2" && depth["defaults"]?["depth"]?.string == "4")
    }

    @Test func whatIsWrongWithARuleIsToldWithItsPlace() throws {
        let rules = try file("bad.txt", "# mine\nspike: loss > rolling_mn(loss, 3)\n")
        let failed = try train("--rules", rules)
        #expect(failed.code == 2)
        #expect(
            failed.errors.hasPrefix("descent: \(rules):2:15: there is no function rolling_mn: did you mean rolling_min?"),
            "\(failed.errors)")
        #expect(failed.errors.contains("\n  spike: loss > rolling_mn(loss, 3)\n                ^^^^^^^^^^"), "\(failed.errors)")
        let line = try train("--rule", "DeadRelu(threshold=4)")
        #expect(
            line.code == 2 && line.errors.contains("DeadRelu has no parameter threshold: did you mean threshold_layer?"),
            "\(line.errors)")
        let gone = try train("--rules", scratch.path + "/nowhere.txt")
        #expect(gone.code == 2 && gone.errors.contains("check the path"), "\(gone.errors)")
        #expect(try Program.run("debug", "rules", "--file", rules).code == 2)
    }

    @Test func whatIsNoListIsRefusedAndAPipeIsRead() throws {
        #expect(try train().code == 0)
        let folder = try Program.run("debug", "rules", "r", "--file", scratch.path, "--workspace", workspace)
        #expect(folder.code == 2 && folder.errors.contains("is a directory"))
        let pipe = scratch.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let writer = try NamedThread(name: "writer") {
            guard let file = fopen(pipe, "w") else { return }
            fputs("\u{FEFF}high: loss > 0\n", file)
            fclose(file)
        }
        let read = try Program.run("debug", "rules", "r", "--file", pipe, "--workspace", workspace)
        writer.join()
        #expect(read.code == 1 && read.output.contains("high"))
        let endless = try Program.run("debug", "rules", "r", "--file", "/dev/zero", "--workspace", workspace)
        #expect(endless.code == 2 && endless.errors.utf8.count < 500)
    }

    @Test func everyRuleIsListedWithItsParameters() throws {
        let rules = try Program.run("debug", "rules", "--json").json()
        let relu = try #require(rules.first { $0["name"]?.string == "DeadRelu" })
        #expect(relu["origin"]?.string == "sagemaker" && relu["defaults"]?["threshold_layer"]?.string == "50.0")
        #expect(rules.contains { $0["name"]?.string == "sagemaker.LossNotDecreasing" })
        #expect(rules.contains { $0["name"]?.string == "LossNotDecreasing" && $0["origin"]?.string == "descent" })
    }
}
