import Glibc
import JSON
import TemporaryFolders
import Testing

/// What a search knows of how good its best is: fresh seeds, folds, several objectives. By the real program.
@Suite(.serialized) struct TuneEvidenceTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func words(_ more: [String], algorithm: String = "linear-learner") -> [String] {
        [
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", algorithm, "--workspace", workspace,
        ] + more
    }

    private func tune(_ more: String...) throws -> Program { try Program.run(words(more + ["--set", "epochs=4"])) }

    private func runs(_ name: String) throws -> [JSONValue] {
        try Program.run("runs", "search", "tuning = \(name)", "--json", "--workspace", workspace).json()
    }

    @Test func theBestIsTrainedAgainOnFreshSeedsBeforeItIsAnnounced() throws {
        let ended = try tune(
            "--objective", "validation:rmse", "--range", "learning_rate=log:1e-3:1", "--max-jobs", "3", "--strategy", "random",
            "--confirm", "3", "--name", "sure", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let best = try #require(try ended.json().last?["best"])
        let told = try ended.json().filter { $0["kind"]?.string == "tuningConfirming" }
        #expect(told.compactMap { $0["seed"]?.string } == ["1", "2", "3"] && told.allSatisfy { $0["name"]?.string == "sure" })
        let confirmed = try #require(best["confirmed"])
        let values = (confirmed["values"]?.array ?? []).compactMap(\.double)
        #expect(Set(values).count == 3 && confirmed["seeds"]?.integer == 3)
        #expect((try #require(confirmed["mean"]?.double) - values.reduce(0, +) / 3).magnitude < 1e-9)
        #expect(try #require(confirmed["deviation"]?.double) > 0)
        let names = try runs("sure").compactMap { $0["name"]?.string }
        let winner = try #require(best["name"]?.string)
        #expect(names.count == 6 && (1...3).allSatisfy { names.contains("\(winner)-seed\($0)") })
        // What is told later is the same.
        let later = try Program.run("tune", "best", "sure", "--json", "--workspace", workspace)
        #expect(try later.json().first?["confirmed"] == confirmed)
        let text = try Program.run("tune", "list", "--workspace", workspace)
        #expect(text.output.contains("over 3 seeds; it was") && text.output.contains("when it was chosen"), "\(text.output)")
    }

    @Test func whereNothingIsDrawnOneSeedIsEnough() throws {
        let data = Program.sample("insurance")
        let ended = try Program.run(
            words([
                "--set", "optimizer=lbfgs", "--validation", data, "--range", "wd=log:1e-3:1", "--max-jobs", "3", "--strategy",
                "random", "--confirm", "3", "--name", "still",
            ]))
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(ended.output.contains("the same on another seed"), "\(ended.output)")
        #expect(try runs("still").count == 4)
    }

    @Test func aSearchThatIsKilledWhileItsBestIsTrainedAgainGoesOnThere() throws {
        let child = try Running(
            words([
                "--set", "epochs=300", "--set", "early_stopping_patience=1000", "--range", "learning_rate=log:1e-3:1e-2",
                "--max-jobs", "1", "--confirm", "2", "--name", "cut", "--quiet",
            ]))
        while try runs("cut").count < 2 { usleep(20_000) }
        let standing = try Program.run("tune", "list", "--workspace", workspace)
        #expect(standing.output.contains("cut: confirming the best on fresh seeds, 1 trial;"), "\(standing.output)")
        kill(child.process, SIGKILL)
        _ = child.finish()
        let resumed = try Program.run("tune", "resume", "cut", "--json", "--workspace", workspace)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try resumed.json().last?["best"]?["confirmed"]?["seeds"]?.integer == 2)
        #expect(try runs("cut").count == 3)
    }

    @Test func foldsGiveAMeanWithItsSpreadAndEndTrialsThatAreWorseFoldByFold() throws {
        let ended = try Program.run(
            words([
                "--set", "epochs=12", "--objective", "validation:rmse", "--folds", "5", "--range",
                "learning_rate=cat:0.3,0.2,0.00001,0.00002", "--strategy", "grid", "--early-stopping", "auto", "--confirm", "0",
                "--json", "--name", "folded",
            ]))
        #expect(ended.code == 0, "\(ended.errors)")
        let ends = try ended.json().filter { $0["kind"]?.string == "trialFinished" }
        let best = try #require(try ended.json().last?["best"])
        #expect(try #require(best["deviation"]?.double) > 0)
        let shown = try Program.run("tune", "show", "folded", "--workspace", workspace)
        #expect(shown.output.contains(" over folds"), "\(shown.output)")
        // Whatever came first is compared with nothing.
        let stopped = ends.dropFirst().filter { $0["status"]?.string == "Stopped" }
        #expect(stopped.isEmpty || stopped.contains { $0["reason"]?.string?.contains("of 5 folds") == true }, "\(ends)")
    }

    @Test func severalObjectivesGiveAFront() throws {
        let ended = try tune(
            "--objective", "validation:rmse", "--objective", "validation:mae", "--range", "learning_rate=log:1e-3:1", "--range",
            "loss=cat:squared_loss,absolute_loss", "--max-jobs", "12", "--name", "both", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let result = try #require(try ended.json().last), front = try #require(result["front"]?.array)
        let pairs = front.compactMap { best -> (Double, Double)? in
            guard let value = best["value"]?.double, let other = best["others"]?["validation:mae"]?.double else { return nil }
            return (value, other)
        }
        #expect(!pairs.isEmpty && pairs.count == front.count)
        for (value, other) in pairs { #expect(!pairs.contains { $0.0 < value && $0.1 < other }) }
        #expect(pairs.map(\.0) == pairs.map(\.0).sorted())
        let told = try Program.run("tune", "best", "both", "--json", "--workspace", workspace)
        #expect(try told.json().count == front.count)
        let table = try Program.run("tune", "export", "both", "--workspace", workspace)
        #expect(table.lines[0].contains("validation:rmse,validation:mae,"))
        let refused = try tune(
            "--objective", "validation:rmse", "--objective", "validation:mae", "--range", "learning_rate=log:1e-3:1",
            "--no-improvement", "3")
        #expect(refused.code == 2 && refused.errors.contains("--no-improvement goes by one objective"), "\(refused.errors)")
    }

    @Test func anAlgorithmProposesItsRanges() throws {
        let ended = try tune("--range", "auto", "--range", "wd=log:1e-5:1e-3", "--max-jobs", "1", "--name", "own", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let lines = try ended.json(), begun = lines.first { $0["kind"]?.string == "tuningStarted" }
        let ranges = try #require(begun?["ranges"]?.array)
        #expect(ranges.count { $0.string?.hasPrefix("wd=") == true } == 1)
        #expect(ranges.contains(.string("learning_rate=log:0.0001:1")) && ranges.contains(.string("wd=log:1e-5:1e-3")))
        let one = try tune("--range", "learning_rate=auto", "--max-jobs", "1", "--json")
        #expect(one.code == 0, "\(one.errors)")
        let none = try tune("--range", "momentum=auto")
        #expect(none.code == 2 && none.errors.contains("linear-learner proposes ranges of learning_rate"), "\(none.errors)")
    }

    @Test func aScriptProposesWhatItDeclaresAndItsDefaultsAreNotHeld() throws {
        let script = try scratch.write(
            """
            awk -v x="$SM_HP_X" -v k="$SM_HP_KIND" -v s="$SM_HP_STEPS" \
                'BEGIN { printf "loss: %.6f\\n", (x - 0.3)^2 + (k == "b") + s }'
            """, as: "bowl.sh")
        _ = try scratch.write(
            """
            {"hyperparameters": {"x": {"type": "float", "min": 0, "max": 1, "default": 0.5},
             "kind": {"type": "choice", "choices": ["a", "b"]}, "steps": {"type": "int", "min": 1, "default": 3}}}
            """, as: "descent.json")
        let words = [
            "tune", "--algorithm", "script", "--command", "sh \(script)", "--describe", scratch.path + "/descent.json",
            "--metric",
            "train:loss=loss: ([0-9.]+)", "--objective", "train:loss", "--max-jobs", "2", "--strategy", "random", "--json",
            "--workspace", workspace,
        ]
        for ranges in [["--range", "auto"], ["--range", "x=0:1", "--range", "kind=auto"]] {
            let ended = try Program.run(words + ranges)
            #expect(ended.code == 0, "\(ended.errors)")
            let best = try #require(try ended.json().last?["best"])
            #expect(best["hyperparameters"]?.strings?.keys.sorted() == ["kind", "x"])
            // What is not searched has its declared default.
            #expect(try #require(best["value"]?.double) >= 3)
        }
    }

    @Test func everyAlgorithmTakesWhatItProposes() throws {
        for (algorithm, more) in [
            ("linear-learner", ["epochs=1"]), ("neural-network", ["epochs=1"]), ("xgboost", ["num_round=2"]),
        ] {
            let ended = try Program.run(
                words(
                    ["--range", "auto", "--strategy", "random", "--max-jobs", "4", "--quiet"]
                        + more.flatMap { ["--set", $0] }, algorithm: algorithm))
            // XGBoost's library may not be there; what it proposes is looked at before that.
            let isMissing = ended.code == 2 && ended.errors.contains("the XGBoost library is not here")
            #expect(ended.code == 0 || isMissing, "\(algorithm): \(ended.errors)")
        }
    }

    @Test func whatTheBestWasWorthByAnotherObjectiveIsForgotten() throws {
        let first = try tune(
            "--objective", "validation:rmse", "--range", "learning_rate=log:1e-3:1", "--max-jobs", "2", "--strategy", "random",
            "--confirm", "2", "--name", "other", "--quiet")
        #expect(first.code == 0, "\(first.errors)")
        let tune = { (words: [String]) in try Program.run(["tune"] + words + ["other", "--workspace", workspace]) }
        #expect(try tune(["set", "--objective", "validation:mae", "--max-jobs", "3"]).code == 0)
        let resumed = try tune(["resume", "--quiet"])
        #expect(resumed.code == 0, "\(resumed.errors)")
        let job = try #require(try tune(["show", "--json"]).json().last)
        #expect(job["confirming"]?.boolean == false)
        // Those of before were worth something by the other objective, whatever trial they were of.
        let again = job["confirmations"]?.array ?? [], all = try runs("other")
        #expect(again.count == 2)
        for run in again {
            let measured = all.first { $0["run"]?.string == run["run"]?.string }?["metrics"]?["validation:mae"]?.double
            #expect(measured != nil && run["value"]?.double == measured)
        }
        #expect(job["best"]?["objective"]?.string == "validation:mae" && job["best"]?["confirmed"]?["seeds"]?.integer == 2)
        #expect(all.count == 7)
    }
}
