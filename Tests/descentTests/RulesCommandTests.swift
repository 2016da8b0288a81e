import Events
import Files
import Glibc
import JSON
import TemporaryFolders
import Testing
import Threads

@testable import Learners

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

    @Test func rulesOfARunAreChangedWhileItTrainsAndStayWithIt() throws {
        let running = try Running([
            "train", Program.sample("brokerage"), "--target", "churned", "--name", "r", "--json", "--workspace", workspace,
            "--set", "epochs=1000000", "--set", "early_stopping_patience=1000000", "--rule", "high: loss > 0 for 3 steps",
        ])
        while !running.output.contains("\"alertRaised\"") { usleep(2_000) }
        let wrong = try Program.run(
            "debug", "rules", "r", "--set", "Overtraining.patience=3", "--workspace", workspace)
        #expect(wrong.code == 2 && wrong.errors.contains("Overtraining has no parameter patience"), "\(wrong.errors)")
        let changed = try Program.run(
            "debug", "rules", "r", "--add", "high: loss > 1e9", "--disable", "StillImproving", "--set",
            "sagemaker.Overtraining.patience_train=3", "--workspace", workspace)
        #expect(
            changed.code == 0 && changed.output.contains("r: StillImproving: it was switched off")
                && changed.output.contains("r: high: it was changed to high: loss > 1e9")
                && changed.output.contains("r: Overtraining: it was added"), "\(changed.output)\(changed.errors)")
        while !running.output.contains("\"rule\":\"high\",\"state\":\"OK\"") { usleep(2_000) }
        func states() throws -> [String?] {
            let reports = try Program.run("debug", "rules", "r", "--json", "--workspace", workspace).json()
            return ["high", "StillImproving"].map { name in
                reports.first { $0["name"]?.string == name }?["state"]?.string
            }
        }
        // What was told is written a moment later.
        while try states() != ["OK", "Disabled"] { usleep(50_000) }
        _ = try Program.run("runs", "stop", "r", "--workspace", workspace)
        let lines = running.finish().output.split(separator: "\n")
        #expect(lines.contains { $0.contains("\"high\"") && $0.contains("\"Cleared\"") && $0.contains("it was changed to high") })
        #expect(try states() == ["OK", "Disabled"])
        let ended = try Program.run("debug", "rules", "r", "--enable", "StillImproving", "--workspace", workspace)
        #expect(ended.code == 1 && ended.errors.contains("r is not being trained: it is Stopped"), "\(ended.errors)")
        // It goes on with the rules as they were changed.
        let resumed = try Running(["runs", "resume", "r", "--json", "--workspace", workspace])
        while !resumed.output.contains("\"metricsRecorded\"") { usleep(2_000) }
        _ = try Program.run("runs", "stop", "r", "--workspace", workspace)
        let registered = try resumed.finish().events().compactMap { event in
            if case .run(.registered(let record)) = event.kind { record } else { nil }
        }
        let rules = registered.first?.request.rules ?? []
        #expect(rules.contains("off StillImproving") && rules.contains("high: loss > 1e9"), "\(rules)")
    }

    @Test func anAlertOfARunThatGoesOnClears() throws {
        // It holds to the end of the first part, and not for long after it.
        let rule = "young: loss > 0 and step < 20 for 2 steps"
        let first = try train("--rule", rule, "--set", "epochs=1", "--json").json()
        #expect(first.contains { $0["kind"]?.string == "alertRaised" && $0["rule"]?.string == "young" })
        let resumed = try Program.run(
            "runs", "resume", "r", "--set", "epochs=60", "--json", "--workspace", workspace
        ).json()
        #expect(!resumed.contains { $0["kind"]?.string == "alertRaised" && $0["rule"]?.string == "young" })
        #expect(
            resumed.contains {
                $0["kind"]?.string == "ruleEvaluated" && $0["rule"]?.string == "young" && $0["state"]?.string == "Cleared"
            }, "\(resumed.filter { $0["kind"]?.string == "ruleEvaluated" })")
    }

    @Test func aSlipInTheWorkspacesRulesKeepsNoRunFromStarting() throws {
        try #require(try train("--quiet").code == 0)
        _ = try file("workspace/rules.txt", "usual: loss > 0\n\nbad: loss >\n\nTreeDepth(depht=3)\n")
        let lines = try train("--json").json()
        let warnings = lines.filter { $0["kind"]?.string == "dataWarned" && $0["code"]?.string == "rules" }
        let texts = warnings.compactMap { $0["message"]?.string }
        #expect(texts.count == 2 && texts[0].contains("rules.txt:3:12: expected") && texts[1].contains("rules.txt:5:11: "))
        #expect(lines.contains { $0["kind"]?.string == "alertRaised" && $0["rule"]?.string == "usual" })
        #expect(lines.last?["status"]?.string == "Completed")
    }

    @Test func tensorsAreCountedInTheStreamAndNotToldInFull() throws {
        let output = try train("--json").output.split(separator: "\n").filter { $0.contains("\"tensorsSummarised\"") }
        let line = try #require(output.first)
        #expect(line.utf8.count < 500 && line.contains("\"weights\":"), "\(line)")
    }

    @Test func aRuleOfAMetricThatIsNotThereSaysSo() throws {
        try #require(try train("--quiet", "--rule", "none: validaton:loss > 1").code == 0)
        let line = try Program.run("debug", "rules", "r", "--workspace", workspace).output.split(separator: "\n").first {
            $0.contains("none")
        }
        #expect(
            line?.contains("0 of 1 values of validaton:loss: r has no metric validaton:loss: did you mean validation:loss?")
                == true, "\(line ?? "")")
    }

    @Test func aMisspeltMetricIsToldWhenTheRunStarts() throws {
        let told = try train("--json", "--rule", "high: train:losss > 1 and rmse > 2 and validation:loss > 0").json().filter {
            $0["kind"]?.string == "dataWarned" && $0["code"]?.string == "rules"
        }
        #expect(
            told.compactMap { $0["message"]?.string }
                == ["high waits for ever: linear-learner has no metric train:losss: did you mean train:loss?"])
        let healthy = try train("--json", "--rule", "ok: gradient_norm > 1e9 or system:cpu_percent > 1e9 or validation:r2 > 2")
            .json()
        #expect(!healthy.contains { $0["kind"]?.string == "dataWarned" && $0["code"]?.string == "rules" })
    }

    @Test(.enabled(if: XGBoostLibrary.candidates().contains { access($0, R_OK) == 0 }))
    func aReportOfTreesIsWrittenWhereTheRulesAskForIt() throws {
        let library = try #require(XGBoostLibrary.candidates().first { access($0, R_OK) == 0 })
        func run(_ arguments: String...) throws -> Program {
            try Running(arguments + ["--workspace", workspace], variables: ["DESCENT_XGBOOST=\(library)"]).finish()
        }
        let trained = try run(
            "train", Program.sample("iris"), "--target", "species", "--algorithm", "xgboost", "--name", "x", "--quiet", "--set",
            "num_round=5", "--rule", "CreateXgboostReport")
        try #require(trained.code == 0, "\(trained.errors)")
        let id = try #require(try run("runs", "show", "x", "--json").json().first?["run"]?.string)
        let folder = workspace + "/artifacts/\(id)/rule-output/CreateXgboostReport/"
        let text = String(decoding: try #require(try AtomicFile.read(folder + "xgboost_report.txt")), as: UTF8.self)
        #expect(text.contains("weighted mean") && text.contains("importance by cover") && text.contains("hardest"))
        let page = scratch.path + "/x.html"
        let written = try run("debug", "report", "x", "--html", page)
        try #require(written.code == 0, "\(written.errors)")
        let html = String(decoding: try #require(try AtomicFile.read(page)), as: UTF8.self)
        #expect(html.contains("<svg") && html.contains("virginica"))
        // Self-contained: it loads nothing and runs nothing.
        #expect(!html.contains("src=") && !html.contains("<script") && !html.contains("<link"))
        let other = try train("--quiet")
        try #require(other.code == 0)
        let refused = try run("debug", "report", "r", "--text", "-")
        #expect(refused.code == 2 && refused.errors.contains("r is a run of linear-learner"), "\(refused.errors)")
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
