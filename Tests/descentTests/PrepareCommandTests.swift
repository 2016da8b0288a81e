import JSON
import TemporaryFolders
import Testing

/// `descent data prepare`, and models with a pipeline, by the real program.
@Suite struct PrepareCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }
    private var out: String { scratch.path + "/" }

    init() throws { scratch = try TemporaryFolder() }

    private static let steps = """
        {"steps": [
          {"step": "target", "column": "charges"},
          {"step": "split", "share": 0.25},
          {"step": "filter", "where": "age > 20"},
          {"step": "clip", "columns": ["bmi"], "quantiles": [0.02, 0.98]},
          {"step": "scale", "columns": ["age", "bmi"], "how": "yeo-johnson"},
          {"step": "product", "columns": ["age", "bmi"], "to": "both"},
          {"step": "encode", "columns": ["region"]},
          {"step": "drop", "columns": ["sex"]}
        ]}
        """

    private func run(_ arguments: String...) throws -> Program { try Program.run(arguments + ["--workspace", workspace]) }

    private func predicted(_ model: String, _ path: String) throws -> [String] {
        let ended = try run("predict", model, path)
        #expect(ended.code == 0, "\(ended.errors)")
        return ended.output.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) }
    }

    /// What is learned and done in a model is what `data prepare` learns and writes, to the last digit.
    @Test(arguments: [("linear-learner", "one-hot"), ("neural-network", "one-hot"), ("linear-learner", "target")])
    func aModelWithAPipelinePredictsOfRawRowsWhatOneOfThePreparedFilePredictsOfThose(algorithm: String, encode: String) throws {
        let said = Self.steps.replacing(#"["region"]"#, with: #"["region"], "how": "\#(encode)""#)
        let steps = try scratch.write(said, as: "steps.json"), data = Program.sample("insurance")
        let length = "epochs=3"
        let piped = try run(
            "train", data, "--pipeline", steps, "--algorithm", algorithm, "--set", length, "--name", "piped", "--json")
        #expect(piped.code == 0, "\(piped.errors)")
        let prepared = try run(
            "data", "prepare", data, "--pipeline", steps, "--out", out + "train.csv", "--held-out", out + "held.csv", "--fitted",
            out + "fitted.json", "--json")
        #expect(prepared.code == 0, "\(prepared.errors)")
        let plain = try run(
            "train", out + "train.csv", "--target", "charges", "--validation", out + "held.csv", "--algorithm", algorithm,
            "--set",
            length, "--name", "plain", "--json")
        #expect(plain.code == 0, "\(plain.errors)")
        #expect(try run("data", "prepare", data, "--fitted", out + "fitted.json", "--out", out + "all.csv").code == 0)
        let raw = try predicted("piped", data), own = try predicted("plain", out + "all.csv")
        #expect(raw.count == 1338 && raw == own)
        // And it is judged alike.
        let measured = [piped, plain].map { program in
            program.output.split(separator: "\n").last.flatMap { line in try? JSONValue(parsing: String(line))["metrics"] }
        }
        #expect(measured[0]?["validation:rmse"]?.double != nil)
        #expect(measured[0]?["validation:rmse"] == measured[1]?["validation:rmse"])
    }

    @Test func whatIsSaidOfTheFileIsOfTheFileAndNotOfWhatStepsMakeOfIt() throws {
        let steps = try scratch.write(Self.steps, as: "steps.json"), data = Program.sample("insurance")
        let trained = try run(
            "train", data, "--pipeline", steps, "--algorithm", "linear-learner", "--set", "epochs=1", "--name", "piped")
        #expect(trained.code == 0 && trained.errors.contains("1,338 rows × 7 columns"), "\(trained.errors)")
    }

    /// Means of other folds are others than those of all training rows, and no shift of the data.
    @Test func whatTrainingRowsHaveOutOfFoldIsNoShift() throws {
        let steps = try scratch.write(
            #"[{"step": "encode", "columns": ["sex"], "how": "target"}, {"step": "scale", "columns": ["sex (mean of y)"]}]"#,
            as: "steps.json")
        let rows = (0..<400).map { "\(["f", "m"][$0 * 7 % 11 % 2]),\($0 * 13 % 29),\($0 * 17 % 101)" }
        let data = try scratch.write("sex,x,y\n" + rows.map { $0 + "\n" }.joined(), as: "d.csv")
        let trained = try run(
            "train", data, "--target", "y", "--pipeline", steps, "--algorithm", "linear-learner", "--set", "epochs=2")
        #expect(trained.code == 0 && !trained.errors.contains("DataShift"), "\(trained.errors)")
        #expect(trained.errors.contains("step 1 (encode): sex: 2 categories"), "\(trained.errors)")
    }

    @Test func eachStepIsShownWithItsColumnsBeforeAndAfter() throws {
        let steps = try scratch.write(Self.steps, as: "steps.json"), data = Program.sample("insurance")
        let shown = try run("data", "prepare", data, "--pipeline", steps, "--show")
        #expect(shown.code == 0, "\(shown.errors)")
        #expect(shown.output.contains("3  filter age > 20"))
        #expect(shown.output.contains("tells of charges") && shown.output.contains("bmi") && shown.output.contains("categorical"))
        let lines = try run("data", "prepare", data, "--pipeline", steps, "--show", "--json").output.split(separator: "\n")
            .map { try JSONValue(parsing: String($0)) }
        #expect(lines.count == 8 && lines.allSatisfy { $0["kind"]?.string == "pipelineStep" })
        #expect(lines[7]["columns"]?["before"]?.integer == 11 && lines[7]["columns"]?["after"]?.integer == 10)
        let clip = try #require(lines[3]["changes"]?.array?.first)
        #expect(clip["column"]?.string == "bmi" && clip["before"]?["max"]?.double != clip["after"]?["max"]?.double)
        #expect(clip["after"]?["targetPower"]?.double != nil)
    }

    @Test func whatWouldBeLostOrMisreadIsRefused() throws {
        let steps = try scratch.write(Self.steps, as: "steps.json")
        let data = try scratch.write("x,y\n1,2\n3,4\n5,6\n7,9\n", as: "d.csv")
        func refused(_ code: Int32, _ words: String, _ arguments: String...) throws {
            let ended = try Program.run(["data", "prepare"] + arguments + ["--workspace", workspace])
            #expect(ended.code == code && ended.errors.contains(words), "\(ended.code) \(ended.errors)")
        }
        let plain = try scratch.write(#"[{"step": "scale"}]"#, as: "plain.json")
        try refused(2, "there are no steps", data)
        try refused(2, "there is nothing to do", data, "--pipeline", plain)
        try refused(3, "is read here", data, "--pipeline", plain, "--out", data)
        try refused(3, "--force", data, "--pipeline", plain, "--out", steps)
        try refused(
            3, "step 1 (scal", data, "--pipeline", try scratch.write(#"[{"step": "scale", "columns": ["z"]}]"#, as: "z.json"),
            "--show")
        try refused(2, "--held-out FILE", Program.sample("insurance"), "--pipeline", steps, "--out", out + "o.csv")
        try refused(3, "no such file", data, "--pipeline", out + "none.json", "--show")
        try refused(3, "is no fitted pipeline", data, "--fitted", plain, "--out", out + "o.csv")
        #expect(
            try run("data", "prepare", data, "--pipeline", plain, "--out", out + "o.parquet", "--fitted", out + "f.json").code
                == 0)
        let other = try scratch.write("y\n1\n2\n", as: "other.csv")
        try refused(3, "step 1 (scale): there is no column 'x'", other, "--fitted", out + "f.json", "--out", out + "p.csv")
    }

    /// What is kept of a pipeline keeps how its file was read.
    @Test func whatAStepLosesIsSaidWhenNobodyLooksAtTheSteps() throws {
        let data = try scratch.write("day,x,name\n1,10,ann\n1,20,bob\n2,30,cyd\n", as: "ties.csv")
        let steps = try scratch.write(
            #"[{"step": "retype", "columns": ["name"], "to": "numeric"}, {"step": "lag", "columns": ["x"], "rows": 1, "order": "day"}]"#,
            as: "ties.json")
        let made = try run("data", "prepare", data, "--pipeline", steps, "--out", out + "ties-out.csv", "--quiet")
        #expect(
            made.code == 0 && made.errors.contains("warning: step 1 (retype): 'name': 3 values are no numbers"), "\(made.errors)")
        #expect(made.errors.contains("2 rows have the same day as another"), "\(made.errors)")
    }

    @Test func noFileIsWrittenOverThatIsReadHere() throws {
        let data = try scratch.write("a,b,y\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n2,1,0\n6,3,1\n", as: "own-input.csv")
        #expect(try run("train", data, "--target", "y", "--set", "epochs=2", "--name", "own").code == 0)
        let before = try scratch.read("own-input.csv")
        let refused = try run("predict", "own", data, "--out", data)
        #expect(refused.code == 3 && refused.errors.contains("is read here"), "\(refused.errors)")
        #expect(try scratch.read("own-input.csv") == before)
    }

    @Test func anotherFileIsReadAsTheOneThatWasLearnedFrom() throws {
        let steps = try scratch.write(
            #"[{"step": "impute", "columns": ["v"]}, {"step": "dates", "column": "d", "parts": ["month"]}]"#, as: "s.json")
        let first = try scratch.write("v;d\n1,5;05/13/2024\n2,5;06/14/2024\n-999;07/15/2024\n", as: "first.csv")
        let learned = try run(
            "data", "prepare", first, "--decimal", ",", "--missing==-999", "--pipeline", steps, "--fitted", out + "f.json")
        #expect(learned.code == 0, "\(learned.errors)")
        let second = try scratch.write("v;d\n1,500;01/02/2024\n-999;03/04/2024\nzz;05/06/2024\n", as: "second.csv")
        let made = try run("data", "prepare", second, "--fitted", out + "f.json", "--out", out + "made.csv")
        #expect(made.code == 0, "\(made.errors)")
        let rows = try Program.run("data", "rows", out + "made.csv", "--json", "--quiet").output.split(separator: "\n")
            .map { try JSONValue(parsing: String($0))["values"] }
        #expect(rows.prefix(3).map { $0?["v"]?.double } == [1.5, 2, 2], "\(rows) \(made.errors)")
        #expect(rows.prefix(3).map { $0?["d_month"]?.integer } == [1, 3, 5], "\(rows)")
    }

    /// What an explanation varies is prepared already.
    @Test func whatIfsOfAModelWithAPipelineAreThoseOfOneWithout() throws {
        let data = Program.sample("insurance")
        let steps = try scratch.write(
            #"[{"step": "scale", "columns": ["bmi"]}, {"step": "encode", "columns": ["sex"]}]"#, as: "s.json")
        let train = ["--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3", "--quiet"]
        #expect(
            try Program.run(["train", data, "--pipeline", steps, "--name", "piped", "--workspace", workspace] + train).code == 0)
        let effects = try run("explain", "piped", data, "--pdp", "bmi", "--rows", "20", "--json")
        #expect(effects.code == 0, "\(effects.errors)")
        let told = try effects.json().compactMap { $0["effects"]?.array ?? ($0["pdp"]?.array) }
        #expect(
            effects.code == 0 && Set(effects.output.matches(of: /-?\d+\.\d+/).map { String($0.output) }).count > 20, "\(told)")
        let other = try run("explain", "piped", data, "--counterfactual", "15000:18000", "--row", "3")
        #expect(other.code == 0, "\(other.errors)")
    }

    @Test func cellsThatNoStepChangesStayAsTheyAreWritten() throws {
        let data = try scratch.write(
            "when,price,size,n\n03/04/2024,1.50,007.0,1\n13/04/2024,2.00,,2\n14/04/2024,3.10,2e1,3\n15/04/2024,4.0,9,4\n",
            as: "own.csv")
        let steps = try scratch.write(
            #"[{"step": "rename", "column": "price", "to": "cost"}, {"step": "impute", "columns": ["size"], "how": "constant", "value": "5"}, {"step": "clip", "columns": ["n"], "upper": 3}]"#,
            as: "own.json")
        let made = try run("data", "prepare", data, "--pipeline", steps, "--out", out + "own-out.csv")
        #expect(made.code == 0, "\(made.errors)")
        #expect(
            try scratch.read("own-out.csv")
                == "when,cost,size,n\n03/04/2024,1.50,007.0,1\n13/04/2024,2.00,5,2\n14/04/2024,3.10,2e1,3\n15/04/2024,4.0,9,3\n")
    }

    @Test func aModelThatLooksAtEarlierRowsAnswersFilesAndNoRequests() throws {
        let steps = try scratch.write(
            #"[{"step": "lag", "columns": ["rentals"], "rows": [1, 24], "order": "hour"}]"#, as: "lag.json")
        let rows = (0..<400).map { "\($0),\(($0 * 7) % 50 + $0 % 24)" }
        let data = try scratch.write("hour,rentals\n" + rows.joined(separator: "\n") + "\n", as: "hours.csv")
        let trained = try run(
            "train", data, "--target", "rentals", "--pipeline", steps, "--algorithm", "linear-learner", "--set", "epochs=2",
            "--name",
            "lags", "--task", "regression")
        #expect(trained.code == 0, "\(trained.errors)")
        let told = try run("predict", "lags", data, "--out", out + "p.csv")
        #expect(told.code == 0 && told.errors.contains("24 rows have fewer than 24 rows before them"), "\(told.errors)")
        let request = try run("transform", "lags", data, "--out", out + "transformed")
        #expect(request.code != 0 && request.errors.contains("step 1 (lag)"), "\(request.errors)")
        let exported = try run("models", "export", "lags", "--out", out + "m.onnx")
        #expect(
            exported.code == 2 && exported.errors.contains("step 1 (lag) of its pipeline has no form in ONNX"),
            "\(exported.errors)")
        let joined = try run("automl", data, "--target", "rentals", "--pipeline", steps)
        #expect(joined.code == 2 && joined.errors.contains("step 1 (lag)"), "\(joined.errors)")
    }
}
