import Glibc
import JSON
@testable import Learners
import TemporaryFolders
import Testing

/// `descent automl`, the real program.
@Suite(.serialized) struct AutoMLCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// XGBoost's library, where it is installed: the programs here have no home to look in.
    private static let library = XGBoostLibrary.candidates().first { access($0, R_OK) == 0 }

    private func run(_ words: String...) throws -> Program {
        let variables = Self.library.map { ["DESCENT_XGBOOST=\($0)"] } ?? []
        return try Running(words + ["--workspace", workspace], variables: variables).finish()
    }

    /// Few rows of two columns that tell a number and a class.
    private func data(_ rows: Int = 90, name: String = "toy.csv") throws -> String {
        var lines = ["x,z,y,kind"]
        for row in 0..<rows {
            let x = row * 37 % 101, z = row * 13 % 29
            lines.append("\(x),\(z),\(2 * x - z + row % 3),\(x + z > 60 ? "high" : "low")")
        }
        return try scratch.write(lines.joined(separator: "\n") + "\n", as: name)
    }

    @Test func aPipelineIsLearnedInTheFoldsAndAnswersRawRows() throws {
        let file = try data()
        let steps = try scratch.write(
            #"[{"step": "scale", "columns": ["x"]}, {"step": "product", "columns": ["x", "z"], "to": "both"}]"#, as: "steps.json")
        let ended = try run(
            "automl", file, "--target", "y", "--pipeline", steps, "--max-candidates", "2", "--name", "piped", "--folds", "3",
            "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let last = try #require(try ended.json().last)
        #expect(last["leaderboard"]?.array?.count == 3)
        let predicted = try run("predict", "piped", file)
        #expect(predicted.code == 0 && predicted.lines.count == 91, "\(predicted.errors)")
        #expect(try run("models", "export", "piped", "--out", scratch.path + "/piped.onnx").code == 0)
        let notebook = try run("notebook", "piped", "--out", scratch.path + "/piped.ipynb")
        #expect(notebook.code == 2 && notebook.errors.contains("step 1 (scale)"), "\(notebook.errors)")
        let split = try scratch.write(#"[{"step": "split", "share": 0.3}]"#, as: "split.json")
        let refused = try run("automl", file, "--target", "y", "--pipeline", split)
        #expect(refused.code == 2 && refused.errors.contains("step 1 (split)"), "\(refused.errors)")
    }

    @Test func aJobTellsHowItComesOnAndLeavesAModelByItsName() throws {
        let file = try data()
        let ended = try run("automl", file, "--target", "y", "--max-candidates", "2", "--name", "best", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let lines = try ended.json(), kinds = lines.compactMap { $0["kind"]?.string }
        #expect(kinds.first { $0.hasPrefix("autoML") || $0.hasPrefix("candidate") } == "autoMLStarted")
        #expect(kinds.count { $0 == "candidateFinished" } == 2 && kinds.contains("ensembleImproved"))
        let last = try #require(lines.last)
        #expect(last["kind"]?.string == "autoMLFinished" && last["name"]?.string == "best")
        #expect(last["status"]?.string == "Completed" && last["reason"]?.string == "MaxCandidatesReached")
        #expect(last["objective"]?.string == "validation:mse" && last["best"]?["model"]?.string == "best")
        let board = try #require(last["leaderboard"]?.array)
        #expect(board.compactMap { $0["model"]?.string }.first == "best" && board.count == 3)
        #expect(board[0]["value"]?.double == last["best"]?["value"]?.double)
        let singles = board.dropFirst()
        let weights = singles.compactMap { $0["weight"]?.double }
        #expect(weights.count == 2 && abs(weights.reduce(0, +) - 1) < 1e-9)
        // The average is no worse than the best of its members on the rows it was chosen by.
        let values = singles.compactMap { $0["value"]?.double }
        #expect(values == values.sorted() && (board[0]["value"]?.double ?? .infinity) <= values[0] + 1e-9)
        for line in singles { #expect(line["fit_s"]?.double ?? -1 > 0 && line["predict_ms"]?.double ?? -1 > 0) }

        // It is a model as any other, by the job's name or its id; candidates are runs.
        let id = try #require(last["automl"]?.string)
        let predicted = try run("predict", "best", file)
        #expect(predicted.code == 0 && predicted.lines.count == 91, "\(predicted.errors)")
        #expect(try run("predict", id, file).output == predicted.output)
        let evaluated = try run("evaluate", "best", file, "--json")
        #expect(try evaluated.json().last?["metrics"]?["test:r2"]?.double ?? 0 > 0.9, "\(evaluated.output)\(evaluated.errors)")
        let explained = try run("explain", "best", file, "--row", "1", "--json")
        #expect(explained.code == 0, "\(explained.errors)")
        let runs = try run("runs", "search", "tuning = best", "--json").json().compactMap { $0["name"]?.string }
        #expect(runs.count == 2 && runs.contains("best-linear"))
        #expect(try run("predict", "best-linear", file).code == 0)
        let shown = try run("automl", "show", "best")
        #expect(shown.output.contains("y is a number") && shown.output.contains("most accurate: best"), "\(shown.output)")
        #expect(try run("automl", "leaderboard", "best", "--json").json().count == 3)
        #expect(try run("automl", "list", "--json").json().first?["automl"]?.string == id)

        // How good the average is on rows that none of its models learned from, and what the data was before.
        let insights = try #require(try run("automl", "insights", "best", "--json").json().first)
        #expect(insights["rows"]?.integer == 90 && insights["folds"]?.integer == 8)
        let measured = insights["measures"]?.array?.first { $0["name"]?.string == "mse" }?["value"]?.double
        #expect(abs((measured ?? 0) - (board[0]["value"]?.double ?? -1)) < 1e-9)
        let bins = insights["residuals"]?["counts"]?.array?.compactMap(\.integer) ?? []
        let binned = bins.reduce(0, +)
        #expect(binned == 90)
        let own = try run("automl", "insights", "best", "--candidate", "linear", "--json").json().first
        let single = try #require(singles.first { $0["model"]?.string == "best-linear" }?["value"]?.double)
        #expect(abs((own?["measures"]?.array?[0]["value"]?.double ?? 0) - single) < 1e-9)
        #expect(try run("automl", "insights", "best", "--candidate", "nobody").errors.contains("best-linear"))
        let page = scratch.path + "/best.html"
        #expect(try run("automl", "report", "best", "--out", page).code == 0)
        let html = try scratch.read("best.html")
        for part in ["The data before training", "actual over predicted", "Residuals", "The hardest rows", "The first rows"] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("href="))
        #expect(try run("automl", "report", "best", "--candidate", "linear", "--out", page).code == 0)
        #expect(try scratch.read("best.html").contains("a candidate of best"))

        // More candidates are had by going on; those that ended are not trained again.
        let more = try run("automl", "resume", "best", "--max-candidates", "3", "--json")
        #expect(more.code == 0, "\(more.errors)")
        let after = try more.json()
        #expect(after.count { $0["kind"]?.string == "candidateStarted" } == 1)
        #expect(after.last?["leaderboard"]?.array?.count == 4)
    }

    @Test func aCandidateIsWorthWhatItsOutOfFoldPredictionsAre() throws {
        let file = try data()
        let ended = try run("automl", file, "--target", "kind", "--max-candidates", "1", "--name", "one", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let last = try #require(try ended.json().last)
        #expect(last["objective"]?.string == "validation:f1" && last["best"]?["value"]?.double ?? 0 > 0.8)
        // F1 of the out-of-fold predictions, counted here: scores are of the class that comes last.
        let run = try #require(try run("runs", "list", "--json").json().first?["run"]?.string)
        let text = try scratch.read("workspace/artifacts/\(run)/out-of-fold.csv")
        let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        #expect(rows.count == 90)
        let positive = try #require(rows.first { Double($0[4]) ?? 0 >= 0.5 }).map(String.init)[3]
        let said = rows.count { Double($0[4]) ?? 0 >= 0.5 }, there = rows.count { $0[2] == positive }
        let hits = rows.count { Double($0[4]) ?? 0 >= 0.5 && $0[2] == positive }
        let f1 = 2 * Double(hits) / Double(said + there)
        #expect(abs(f1 - (last["best"]?["value"]?.double ?? 0)) < 1e-12)
    }

    @Test func whatStepsOfPreparationBringIsFoundOutAtTheEnd() throws {
        var lines = ["day,gap,y"]
        for row in 0..<200 {
            let month = row % 12 + 1, level = month > 4 && month < 10 ? 10 : 0
            let gap = row % 3 == 0 ? "" : "\(row % 5)"
            lines.append(String("20\(10 + row / 12)-\(month < 10 ? "0" : "")\(month)-15,\(gap),\(level + row % 4)"))
        }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "dates.csv")
        // Without XGBoost's library there are no forests, and the portfolio is at its end sooner.
        let ended = try run(
            "automl", file, "--target", "y", "--folds", "2", "--validation-order", "random", "--name", "ablated", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let shown = try #require(try run("automl", "show", "ablated", "--json").json().last)
        let ablation = try #require(shown["ablation"]), steps = try #require(ablation["steps"]?.array)
        let dates = try #require(steps.first { $0["step"]?.string == "date-parts" })
        // The month decides, and a count of days hides it.
        #expect(dates["gain"]?.double ?? 0 > 0.3, "\(ablation.text)")
        let base = try #require(ablation["base"]?.string)
        #expect(dates["model"]?.string == base + "-without-date-parts")
        #expect(try run("automl", "show", "ablated").output.contains("what preparation brings to \(base)"))
        let trained = try run("runs", "show", base + "-without-date-parts", "--json").output
        #expect(trained.contains("date-parts"))
    }

    @Test func whatCannotBeLearnedIsSaidAndLeavesNothing() throws {
        let three = try scratch.write("x,y\n1,2\n2,3\n3,4\n", as: "three.csv")
        let same = try scratch.write("x,y\n" + (0..<40).map { "\($0),yes\n" }.joined(), as: "same.csv")
        let file = try data(40)
        for (words, code, message) in [
            ([three, "--target", "y"], 3, "3 rows have a target, and nothing can be learned and judged with fewer than 10"),
            ([same, "--target", "y"], 3, "is always 'yes'"),
            ([file, "--target", "nothing"], 3, "no column named 'nothing'"),
            ([file, "--target", "y", "--objective", "f1"], 2, "--objective 'f1' does not judge this target"),
            ([file, "--target", "y", "--mode", "best"], 2, "say auto, ensembling or hpo"),
            ([file, "--target", "y", "--max-candidates", "0"], 2, "give a whole number from 1 to 10000"),
            ([file], 2, "--target is missing"),
        ] {
            let refused = try Program.run(["automl"] + words + ["--workspace", workspace])
            #expect(refused.code == code && refused.errors.contains(message), "\(words): \(refused.code) \(refused.errors)")
        }
        #expect(try run("runs", "list", "--json").json().isEmpty)
        #expect(try run("automl", "list", "--json").json().isEmpty)
        let unknown = try run("predict", "nobody", file)
        #expect(unknown.code == 2, "\(unknown.errors)")
    }

    @Test func oddColumnsDoNotStopIt() throws {
        var lines = ["id,gap,x,y"]
        for row in 0..<60 { lines.append("user-\(row * 7919),,\(row * 31 % 17),\(row == 7 ? "rare" : row % 2 == 0 ? "a" : "b")") }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "odd.csv")
        let ended = try run("automl", file, "--target", "y", "--max-candidates", "2", "--name", "odd")
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(ended.errors.contains("class rare has 1 row"), "\(ended.errors)")
        #expect(ended.errors.contains("id") && ended.errors.contains("gap"))
    }

    @Test func aJobThatWasKilledGoesOnWithoutTrainingACandidateTwice() throws {
        let file = try data(150)
        let child = try Running([
            "automl", file, "--target", "y", "--max-candidates", "4", "--name", "killed", "--quiet", "--workspace", workspace,
        ])
        func ended() throws -> Int {
            let shown = try run("automl", "show", "killed", "--json")
            guard shown.code == 0 else { return 0 }
            return try shown.json().count { $0["number"] != nil && $0["value"] != nil }
        }
        while try ended() < 2 { usleep(20_000) }
        kill(child.process, SIGKILL)
        _ = child.finish()
        // What stood can be used at any moment.
        #expect(try run("predict", "killed", file).code == 0)
        let resumed = try run("automl", "resume", "killed", "--json")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let last = try #require(try resumed.json().last)
        #expect(last["status"]?.string == "Completed" && last["leaderboard"]?.array?.count == 5)
        #expect(try run("runs", "search", "tuning = killed", "--json").json().count == 4)
    }

    @Test(.enabled(if: library != nil)) func hyperparametersAreSearchedWhereThatIsAsked() throws {
        let file = try data(60)
        let ended = try run(
            "automl", file, "--target", "y", "--mode", "hpo", "--max-candidates", "3", "--name", "searched", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let last = try #require(try ended.json().last)
        #expect(last["kind"]?.string == "autoMLFinished" && last["leaderboard"]?.array?.count == 4)
        #expect(try run("tune", "show", "searched", "--json").json().count == 4)
        #expect(try run("predict", "searched", file).code == 0)
    }

    @Test func rowsOfAnotherFileJudgeWhereTheyAreGiven() throws {
        let file = try data(120), judging = try data(45, name: "judging.csv")
        let ended = try run(
            "automl", file, "--target", "y", "--validation", judging, "--max-candidates", "2", "--name", "judged", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let last = try #require(try ended.json().last)
        let value = try #require(last["best"]?["value"]?.double)
        // What the job says of the average is what the file says.
        let evaluated = try run("evaluate", "judged", judging, "--json").json().last
        let measured = try #require(evaluated?["metrics"]?["test:mse"]?.double)
        #expect(abs(measured - value) <= 1e-4 * value)
    }
}
