import JSON
import TemporaryFolders
import Testing

/// What `bias` says of data and models.
@Suite struct BiasCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/w" }

    init() throws { scratch = try TemporaryFolder() }

    /// 100 rows: 40 women, of whom 10 are paid, 60 men, of whom 30 are; predictions refuse two more women.
    private func data() throws -> String {
        var rows: [String] = []
        for row in 0..<100 {
            let isWoman = row < 40, paid = isWoman ? row < 10 : row < 70
            let predicted = isWoman ? row < 8 : paid
            rows.append(
                "\(isWoman ? "f" : "m"),\(20 + row % 40),\(["north", "south"][row % 2]),\(paid ? "yes" : "no"),\(predicted ? "yes" : "no")"
            )
        }
        return try scratch.write("sex,age,region,paid,guess\n" + rows.joined(separator: "\n") + "\n", as: "pay.csv")
    }

    private func bias(_ words: [String]) throws -> Program { try Program.run(["bias"] + words + ["--workspace", workspace]) }

    private func metrics(_ words: [String]) throws -> [JSONValue] {
        let told = try bias(words + ["--json", "--quiet"])
        #expect(told.code == 0, "\(told.errors)")
        let line = try #require(try told.json().last)
        #expect(line["kind"]?.string == "biasMeasured")
        return line["facets"]?.array ?? []
    }

    @Test func `metrics of data and of predictions, with sentences for people`() throws {
        let data = try data(), asked = [data, "--label", "paid", "--positive", "yes", "--facet", "sex=f"]
        let before = try #require(try metrics(asked).first)
        #expect(before["facet"]?.string == "sex" && before["value"]?.string == "f")
        #expect(before["metrics"]?["CI"]?.double == 0.2 && before["metrics"]?["DPL"]?.double == 0.25)
        #expect(before["metrics"]?["DPPL"] == nil)
        let after = try #require(try metrics(asked + ["--predicted-label", "guess", "--group", "region"]).first)
        #expect(after["metrics"]?["DPPL"]?.double == 0.3 && abs((after["metrics"]?["RD"]?.double ?? 0) - 0.2) < 1e-12)
        #expect(after["metrics"]?["DI"]?.double == 0.4)
        let interval = try #require(after["intervals"]?["DPL"]?.array).compactMap(\.double)
        #expect(interval[0] < 0.25 && interval[1] > 0.25)
        let text = try bias(asked + ["--predicted-label", "guess"])
        #expect(text.output.contains("25.0 % of f have a positive label, 50.0 % of the others"))
        #expect(text.output.contains("f are predicted positive 0.400 times as often as the others: less than four fifths"))
    }

    @Test func `facets are values, thresholds, intersections, and every value of a column`() throws {
        let data = try data(), asked = [data, "--label", "paid", "--positive", "yes", "--metrics", "CI,DPL"]
        let each = try metrics(asked + ["--facet", "sex"])
        #expect(each.map { $0["value"]?.string } == ["f", "m"])
        #expect(each[0]["metrics"]?["DPL"]?.double == -(each[1]["metrics"]?["DPL"]?.double ?? 0))
        let young = try #require(try metrics(asked + ["--facet", "age<30"]).first)
        #expect(young["rows"]?["facet"]?.integer == 30)
        let both = try #require(try metrics(asked + ["--facet", "sex=f&age<30"]).first)
        #expect(both["facet"]?.string == "sex & age" && both["rows"]?["facet"]?.integer == 10)
        let guessed = try bias(asked + ["--facet", "age=40"])
        #expect(guessed.errors.contains("age=40 is taken as age>40"))
        let segment = try #require(try metrics(asked + ["--facet", "sex=f", "--segment", "region=north"]).first)
        #expect(segment["rows"]?["facet"]?.integer == 20)
    }

    @Test func `a model's own predictions are measured`() throws {
        let data = try data()
        let trained = try Program.run(
            "train", data, "--target", "paid", "--algorithm", "linear-learner", "--drop", "guess", "--name", "pay", "--quiet",
            "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let found = try #require(
            try metrics([data, "--label", "paid", "--positive", "yes", "--facet", "sex=f", "--model", "pay"]).first)
        #expect(found["metrics"]?["AD"]?.double != nil && found["metrics"]?["FT"]?.double != nil)
    }

    @Test func `Clarify's configuration is carried out and its analysis written`() throws {
        let data = try data(), out = scratch.path + "/analysis.json"
        let configuration = try scratch.write(
            """
            {"label": "paid", "label_values_or_threshold": ["yes"], "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}],
             "group_variable": "region", "predicted_label": "guess",
             "methods": {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": ["DPPL", "DCAcc"]}}}
            """, as: "analysis_config.json")
        let told = try bias([data, "--config", configuration, "--out", out, "--quiet"])
        #expect(told.code == 0, "\(told.errors)")
        let written = try JSONValue(parsing: try scratch.read("analysis.json"))
        let facet = try #require(written["pre_training_bias_metrics"]?["facets"]?["sex"]?.array?.first)
        #expect(facet["value_or_threshold"]?.string == "f")
        #expect(facet["metrics"]?.array?.count == 8)
        #expect(facet["metrics"]?.array?.first?["name"]?.string == "CI")
        let later = written["post_training_bias_metrics"]?["facets"]?["sex"]?.array?.first?["metrics"]?.array
        #expect(later?.compactMap { $0["name"]?.string } == ["DPPL", "DCA"])
    }

    @Test func `what cannot be measured is said plainly`() throws {
        let data = try data(), label = ["--label", "paid", "--positive", "yes"]
        let cases: [([String], Int32, String)] = [
            ([data], 2, "--label is missing"), ([data] + label, 2, "--facet is missing"),
            ([data] + label + ["--facet", "sex=x"], 3, "no row has 'x' in sex: it has f, m"),
            ([data] + label + ["--facet", "height=3"], 3, "height"),
            ([data, "--label", "paid", "--positive", "maybe", "--facet", "sex=f"], 3, "it has "),
            ([data] + label + ["--facet", "sex=f,m"], 3, "nobody to compare with"),
            ([data] + label + ["--facet", "age>100"], 3, "the facet is empty"),
            ([data, "--label", "age", "--positive", "90", "--facet", "sex=f"], 3, "no row has age=90, and none is above it"),
            ([data] + label + ["--facet", "sex=f", "--metrics", "XY"], 2, "CI, DPL"),
            ([data] + label + ["--facet", "sex=f", "--predicted-label", "nothing"], 3, "nothing"),
        ]
        for (words, code, said) in cases {
            let refused = try bias(words)
            #expect(refused.code == code && refused.errors.contains(said), "\(words): \(refused.code) \(refused.errors)")
        }
        let alike = try bias([data, "--label", "age", "--positive", ">0", "--facet", "sex=f"])
        #expect(alike.code == 0 && alike.errors.contains("every label is positive"), "\(alike.errors)")
    }

    /// 600 rows whose `paid` goes with `age`, and `sex` with both.
    private func more() throws -> String {
        let rows = (0..<600).map { row in
            let isWoman = row % 5 < 2, age = 20 + row * 37 % 53 + (isWoman ? 0 : 15)
            return "\(isWoman ? "f" : "m"),\(age),\(age + row * 11 % 17 > 52 ? "yes" : "no")"
        }
        return try scratch.write("sex,age,paid\n" + rows.joined(separator: "\n") + "\n", as: "more.csv")
    }

    private func train(_ data: String, _ name: String, _ words: String...) throws {
        let trained = try Program.run(
            ["train", data, "--target", "paid", "--algorithm", "linear-learner", "--name", name, "--set", "epochs=5", "--quiet"]
                + words + ["--workspace", workspace])
        #expect(trained.code == 0, "\(trained.errors)")
    }

    private func page(_ run: String, _ question: String, _ keys: String = "") throws -> String {
        let typed = question.map { $0 == " " ? "space" : String($0) }.joined(separator: " ")
        let frame = try Program.run(
            "frame", "run", "--run", run, "--keys", "= ctrl-u \(typed) enter \(keys)", "--size", "120x40", "--workspace",
            workspace)
        #expect(frame.code == 0, "\(frame.errors)")
        return frame.output
    }

    @Test func `the studio measures a run's model on the rows it was not trained on, and says where it cannot`() throws {
        let data = try more()
        try train(data, "line")
        let shown = try page("line", "paid=yes; sex=f; by sex")
        #expect(shown.contains("sex f  beside all others") && shown.contains("120 rows that the model was not trained on"))
        for name in ["CI", "DPL", "DPPL", "DI", "FT", "GE"] { #expect(shown.contains(" \(name) "), "\(name)") }
        #expect(try page("line", "paid=yes; age>40", "right right").contains("the model's threshold"))
        #expect(try page("line", "paid=no; age>40", "right right").contains("the model's threshold"))
        #expect(try page("line", "paid=yes; sex=x").contains("no row has 'x' in sex: it has"))
        #expect(try page("line", "paid=yes; weight>4").contains("no column named 'weight'"))
        try train(data, "folds", "--folds", "3")
        #expect(try page("folds", "paid=yes; sex=f").contains("measured on all rows, those of training among them"))
    }

    @Test func `a threshold a group brings the groups together on held-out rows, and quality stands beside it`() throws {
        let data = try more(),
            asked = [data, "--label", "paid", "--positive", "yes", "--facet", "sex=f", "--remedy", "thresholds"]
        try train(data, "line")
        let told = try bias(asked + ["--model", "line", "--json", "--quiet"])
        #expect(told.code == 0, "\(told.errors)")
        let line = try #require(try told.json().last), facet = try #require(line["facets"]?.array?.first)
        #expect(line["kind"]?.string == "biasRemedy" && line["remedy"]?.string == "thresholds" && line["rows"]?.integer == 120)
        #expect(facet["chosenOnRows"]?.integer == 480)
        let before = try #require(facet["before"]?["metrics"]?["DPPL"]?.double),
            after = facet["after"]?["metrics"]?["DPPL"]?.double
        #expect(before > 0.15 && abs(after ?? 1) < before / 2)
        let interval = try #require(facet["after"]?["intervals"]?["accuracy"]?.array).compactMap(\.double)
        let accuracy = try #require(facet["after"]?["quality"]?["accuracy"]?.double)
        #expect(interval[0] <= accuracy && accuracy <= interval[1])
        // The other class as the positive one has the same rows on the other side of the same kind of threshold.
        let other = try bias(asked.map { $0 == "yes" ? "no" : $0 } + ["--model", "line", "--json", "--quiet"])
        #expect(try other.json().last?["facets"]?.array?.first?["positiveWhereScore"]?.string == "atMost")
        let mirrored = try other.json().last?["facets"]?.array?.first?["before"]?["metrics"]?["DPPL"]?.double
        #expect(abs((mirrored ?? 0) + before) < 1e-12)
        let text = try bias(asked + ["--model", "line"])
        #expect(
            text.output.contains("positive from a score of at least") && text.output.contains("120 rows that the model was not"))
        #expect(try page("line", "paid=yes; sex=f", "t").contains("chosen on 480 rows"))
    }

    @Test func `a remedy that cannot be measured is refused in words`() throws {
        let data = try more(),
            asked = [data, "--label", "paid", "--positive", "yes", "--facet", "sex=f", "--remedy", "thresholds"]
        #expect(try bias(asked).errors.contains("name the run with --model"))
        try train(data, "folds", "--folds", "3")
        let folds = try bias(asked + ["--model", "folds"])
        #expect(folds.code == 2 && folds.errors.contains("cannot be measured on held-out rows"))
        let number = try Program.run(
            "train", data, "--target", "age", "--algorithm", "linear-learner", "--name", "number", "--set", "epochs=2", "--quiet",
            "--workspace", workspace)
        #expect(number.code == 0, "\(number.errors)")
        #expect(try bias(asked + ["--model", "number"]).errors.contains("does not choose between two classes"))
        try train(data, "line")
        let elsewhere = try bias([try self.data()] + asked.dropFirst() + ["--model", "line"])
        #expect(elsewhere.code == 2 && elsewhere.errors.contains("was trained on another file"))
        #expect(try bias(asked + ["--model", "line", "--remedy", "prayer"]).code == 2)
    }

    @Test func `rows are weighed in a new run of its own, and both are measured on the rows that they held out`() throws {
        let data = try more()
        let asked = [data, "--label", "paid", "--positive", "yes", "--facet", "sex=f", "--remedy", "reweigh"]
        try train(data, "line")
        let told = try bias(asked + ["--model", "line", "--json", "--quiet"])
        #expect(told.code == 0, "\(told.errors)")
        let line = try #require(try told.json().last), facet = try #require(line["facets"]?.array?.first)
        #expect(line["kind"]?.string == "biasRemedy" && line["remedy"]?.string == "reweigh" && line["rows"]?.integer == 120)
        let before = try #require(facet["before"]?["metrics"]?["DPPL"]?.double)
        let after = try #require(facet["after"]?["metrics"]?["DPPL"]?.double)
        #expect(before > 0.15 && after < before)
        #expect(facet["after"]?["quality"]?["accuracy"]?.double != nil)
        // What was trained is a run like others, that says where it comes from.
        let shown = try Program.run("runs", "show", "line-reweighed", "--workspace", workspace)
        #expect(shown.output.contains("sex=f") && shown.output.contains("Bias of line"), "\(shown.output)")
        let alone = try bias([data, "--label", "paid", "--positive", "yes", "--facet", "sex=f", "--model", "line-reweighed"])
        #expect(alone.code == 0, "\(alone.errors)")
        let again = try bias(asked + ["--model", "line-reweighed"])
        #expect(again.code == 2 && again.errors.contains("weighs its rows already"))
        let page = try page("line", "paid=yes; sex=f", "left")
        #expect(page.contains("Weighed training rows") && page.contains("line-reweighed"), "\(page)")
        let two = try bias(asked + ["--facet", "age>40", "--model", "line"])
        #expect(two.code == 2 && two.errors.contains("give one --facet"))
        let other = try bias([
            data, "--label", "sex", "--positive", "f", "--facet", "age>40", "--remedy", "reweigh", "--model", "line",
        ])
        #expect(other.code == 2 && other.errors.contains("line predicts paid"))
    }

    @Test(arguments: ["linear-learner", "neural-network"])
    func `a learner weighs its rows by groups, and what they count is said`(algorithm: String) throws {
        let data = try more()
        func trained(_ words: String...) throws -> (code: Int32, said: String, loss: Double?) {
            let name = "r\(words.count)"
            let run = try Program.run(
                ["train", data, "--target", "paid", "--algorithm", algorithm, "--name", name, "--json"] + words
                    + ["--workspace", workspace])
            let last = try run.json().last { $0["kind"]?.string == "jobFinished" }
            return (run.code, run.output, last?["metrics"]?["train:loss"]?.double)
        }
        let plain = try trained(), weighed = try trained("--reweigh", "sex")
        #expect(plain.code == 0 && weighed.code == 0)
        #expect(weighed.said.contains("training rows count so that paid does not depend on sex: f no"))
        #expect(plain.loss != nil && plain.loss != weighed.loss)
        let wrong = try Program.run(
            "train", data, "--target", "paid", "--algorithm", algorithm, "--reweigh", "height=3", "--quiet", "--workspace",
            workspace)
        #expect(wrong.code == 3 && wrong.errors.contains("reweigh 'height=3'"), "\(wrong.errors)")
        let number = try Program.run(
            "train", data, "--target", "age", "--algorithm", algorithm, "--reweigh", "sex", "--quiet", "--workspace", workspace)
        #expect(number.code == 3 && number.errors.contains("rows are weighed by classes"), "\(number.errors)")
    }
}
