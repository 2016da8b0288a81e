import Events
import JSON
import TemporaryFolders
import Testing

/// `descent debug`: from what was found to what helped.
@Suite struct DebugCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func trainInOrder() throws {
        let trained = try Program.run(
            "train", Program.sample("brokerage"), "--target", "churned", "--algorithm", "linear-learner", "--set",
            "shuffle=false",
            "--set", "epochs=5", "--name", "sick", "--quiet", "--workspace", workspace)
        try #require(trained.code == 0, "\(trained.errors)")
    }

    @Test func theFirstRemedyIsAppliedComparedAndWrittenOnTheAlert() throws {
        try trainInOrder()
        let before = try Program.run("debug", "report", "sick", "--json", "--workspace", workspace).json()
        let first = try #require(before.first { $0["kind"]?.string == "alert" })
        #expect(first["rule"]?.string == "DataOrder" && first["mended"]?.boolean == false)
        let fixed = try Program.run("debug", "fix", "sick", "--json", "--workspace", workspace)
        #expect(fixed.code == 0, "\(fixed.errors)")
        let last = try #require(try fixed.json().last)
        #expect(last["kind"]?.string == "remedyVerified" && last["helped"]?.boolean == true)
        #expect(last["metric"]?.string == "validation:loss" && last["set"]?.strings == ["shuffle": "true"])
        #expect(try #require(last["before"]?.double) > 2 * (last["after"]?.double ?? .infinity))
        #expect(last["reason"]?.string?.contains("held-out rows drawn again") == true)
        let after = try Program.run("debug", "report", "sick", "--workspace", workspace)
        #expect(after.output.contains("✔ verified: loss 0."), "\(after.output)")
        #expect(try Program.run("runs", "show", "sick", "--workspace", workspace).output.contains("✔ verified: loss"))
        // What is mended is not mended again unless it is asked for.
        let again = try Program.run("debug", "fix", "sick", "--quiet", "--workspace", workspace)
        #expect(again.code == 1 && again.errors.contains("is mended already, by"), "\(again.errors)")
    }

    @Test func aRemedyThatDoesNotHelpIsSaidAndTheNextOneOffered() throws {
        try trainInOrder()
        let report = try Program.run("debug", "report", "sick", "--json", "--workspace", workspace).json().filter {
            $0["kind"]?.string == "alert"
        }
        let place = try #require(report.firstIndex { $0["rule"]?.string == "LossNotDecreasing" })
        let remedies = try #require(report[place]["remedies"]?.array)
        let larger = try #require(remedies.firstIndex { $0["text"]?.string?.contains("larger") == true })
        let tried = try Program.run(
            "debug", "fix", "sick", "--alert", "\(place + 1)", "--remedy", "\(larger + 1)", "--quiet", "--workspace", workspace)
        #expect(tried.code == 1 && tried.output.contains("did not help"), "\(tried.output) \(tried.errors)")
        #expect(tried.errors.contains("next: shuffle the rows"), "\(tried.errors)")
    }

    @Test func theReportLeadsWithTheCauseAndItsRemedyIsTriedFirst() throws {
        let trained = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set",
            "learning_rate=300", "--set", "normalize_data=false", "--set", "loss=absolute_loss", "--name", "far", "--quiet",
            "--workspace", workspace)
        try #require(trained.code == 0, "\(trained.errors)")
        let lines = try Program.run("debug", "report", "far", "--json", "--workspace", workspace).json()
        let cause = try #require(lines.first)
        #expect(cause["kind"]?.string == "diagnosis" && cause["title"]?.string == "learning_rate is 300")
        #expect((cause["symptoms"]?.array?.count ?? 0) > 1)
        #expect(cause["useless"]?.array?.contains { $0["answer"]?.string == "a higher learning rate" } == true)
        let text = try Program.run("debug", "report", "far", "--workspace", workspace)
        #expect(text.output.hasPrefix("■ learning_rate is 300\n  seen as"), "\(text.output)")
        #expect(text.errors.contains("tries a remedy: learning_rate back to"), "\(text.errors)")
        let fixed = try Program.run("debug", "fix", "far", "--json", "--workspace", workspace).json().last
        #expect(fixed?["set"]?.strings == ["learning_rate": "auto"] && fixed?["helped"]?.boolean == true)
    }

    @Test func aLeakThatNoSettingMendsIsNotPassedOverInSilence() throws {
        // Alone it is the reason why there is nothing to try; beside another cause it is named before that is tried.
        let path = try scratch.write(
            "x,copy,y\n" + (0..<200).map { "\($0 * 7 % 13),\($0 * 2),\($0)\n" }.joined(), as: "leak.csv")
        let words = ["--target", "y", "--algorithm", "linear-learner", "--set", "epochs=5", "--quiet", "--workspace", workspace]
        for (name, more) in [("leak", []), ("sorted", ["--set", "shuffle=false"])] {
            let trained = try Program.run(["train", path, "--name", name] + words + more)
            try #require(trained.code == 0, "\(trained.errors)")
        }
        let alone = try Program.run("debug", "fix", "leak", "--workspace", workspace)
        #expect(
            alone.code == 1 && alone.errors.contains("a setting: Leakage: leave it out (--drop copy) unless it is known"),
            "\(alone.errors)")
        let beside = try Program.run("debug", "fix", "sorted", "--workspace", workspace)
        #expect(
            beside.errors.contains("Leakage comes first, and is mended by no setting: leave it out (--drop copy)"),
            "\(beside.errors)")
        let silent = try Program.run("debug", "fix", "sorted", "--alert", "2", "--workspace", workspace)
        #expect(!silent.errors.contains("comes first"), "\(silent.errors)")
    }

    @Test func whatCannotBeFixedIsSaid() throws {
        let healthy = try Program.run(
            "train", Program.sample("iris"), "--target", "species", "--algorithm", "linear-learner", "--set", "epochs=20",
            "--name", "healthy",
            "--quiet", "--workspace", workspace)
        try #require(healthy.code == 0, "\(healthy.errors)")
        let nothing = try Program.run("debug", "fix", "healthy", "--workspace", workspace)
        #expect(nothing.code == 1 && nothing.errors.contains("found nothing wrong"), "\(nothing.errors)")
        #expect(try Program.run("debug", "fix", "nobody", "--workspace", workspace).code == 2)
        try trainInOrder()
        let number = try Program.run("debug", "fix", "sick", "--alert", "99", "--workspace", workspace)
        #expect(number.code == 2 && number.errors.contains("there is no 99"), "\(number.errors)")
        #expect(try Program.run("debug", "rules").output.contains("NoBetterThanConstant"))
    }
}
