import Glibc
import JSON
import TemporaryFolders
import Testing

/// What `explain` says of a model: values that add up, in words and for programs.
@Suite struct ExplainCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/w" }

    init() throws { scratch = try TemporaryFolder() }

    /// Two numbers and a word decide; a third number does not.
    private func rows(_ count: Int, labelled: Bool) throws -> String {
        let rows = (0..<count).map { row in
            let a = Double(row * 37 % 101) / 10, b = Double(row * 53 % 89) / 10, word = ["red", "blue", "green"][row % 3]
            let y = 3 * a - 2 * b + (word == "red" ? 5 : 0)
            return "\(a),\(b),\(row * 11 % 7),\(word)," + (labelled ? (y > 8 ? "yes" : "no") : "\(y)")
        }
        return try scratch.write("a,b,noise,word,y\n" + rows.joined(separator: "\n") + "\n", as: labelled ? "c.csv" : "r.csv")
    }

    private func train(_ data: String, _ algorithm: String, _ name: String) throws {
        let trained = try Program.run(
            "train", data, "--target", "y", "--algorithm", algorithm, "--name", name, "--set", "epochs=20", "--quiet",
            "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
    }

    private func explain(_ words: [String]) throws -> Program {
        try Program.run(["explain"] + words + ["--workspace", workspace])
    }

    @Test func `a linear model's values add up to its predictions, in words, as JSON and as CSV`() throws {
        let data = try rows(200, labelled: false), out = scratch.path + "/values.csv"
        try train(data, "linear-learner", "line")
        let text = try explain(["line", data])
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.hasPrefix("line on y: exact Shapley values of a weighted sum, in the margin\n"))
        #expect(text.output.contains("over 200 rows"))
        let told = try explain(["line", data, "--json", "--out", out, "--quiet"])
        let line = try #require(try told.json().last)
        #expect(line["kind"]?.string == "explained" && line["method"]?.string == "linear" && line["space"]?.string == "margin")
        #expect(line["rows"]?.integer == 200)
        let global = try #require(line["global"])
        #expect(global.members?.map(\.name) == ["a", "b", "noise", "word"])
        #expect((global["a"]?.double ?? 0) > (global["b"]?.double ?? 0))
        #expect((global["b"]?.double ?? 0) > (global["noise"]?.double ?? .infinity) * 5)
        let predicted = try Program.run("predict", "line", data, "--json", "--quiet", "--workspace", workspace).json()
        let written = try scratch.read("values.csv").split(separator: "\n")
        #expect(written.first == "a,b,noise,word,expected_value")
        #expect(written.count == 201)
        for (row, fields) in written.dropFirst().enumerated() {
            let sum = fields.split(separator: ",").compactMap { Double($0) }.reduce(0, +)
            #expect(abs(sum - (predicted[row]["prediction"]?.double ?? .nan)) < 1e-3)
        }
    }

    @Test func `a network of few columns is explained by every coalition, in probability too`() throws {
        let data = try rows(150, labelled: true)
        try train(data, "neural-network", "net")
        let told = try explain(["net", data, "--row", "7", "--space", "probability", "--json", "--quiet"])
        let line = try #require(try told.json().last)
        #expect(line["method"]?.string == "exact" && line["space"]?.string == "probability" && line["error"] == nil)
        let values = try #require(line["values"]?.members).compactMap { $0.value.double }
        let predicted = try Program.run("predict", "net", data, "--json", "--quiet", "--workspace", workspace).json()
        let score = try #require(predicted[6]["score"]?.double)
        #expect(abs(values.reduce(line["expected_value"]?.double ?? .nan, +) - score) < 1e-5)
        let few = try explain(["net", data, "--rows", "3", "--method", "kernel", "--samples", "10", "--json", "--quiet"])
        #expect((try few.json().last?["error"]?.double ?? 0) > 0)
        #expect(try few.json().last?["rows"]?.integer == 3)
    }

    @Test func `how a prediction goes with a column, what exchanging it costs, and the smallest change that flips a row`() throws
    {
        let data = try rows(150, labelled: true)
        try train(data, "linear-learner", "line")
        let told = try explain([
            "line", data, "--row", "2", "--pdp", "a", "--pdp", "word", "--permutation", "accuracy", "--counterfactual", "other",
            "--keep", "word", "--json", "--quiet",
        ])
        #expect(told.code == 0, "\(told.errors)")
        let lines = try told.json(), kinds = lines.compactMap { $0["kind"]?.string }
        #expect(kinds.contains("permutationImportance") && kinds.contains("counterfactual") && kinds.last == "explained")
        let plots = lines.filter { $0["kind"]?.string == "partialDependence" }
        #expect(plots.map { $0["column"]?.string } == ["a", "word"])
        let curve = try #require(plots[0]["predictions"]?.array?.first?.array).compactMap(\.double)
        #expect(curve.count == 15 && zip(curve, curve.dropFirst()).allSatisfy { $0 < $1 })
        let worse = try #require(lines.first { $0["kind"]?.string == "permutationImportance" }?["columns"])
        #expect((worse["a"]?["worse"]?.double ?? 0) > (worse["noise"]?["worse"]?.double ?? 1))
        let change = try #require(lines.first { $0["kind"]?.string == "counterfactual" })
        #expect(change["changes"]?.array?.contains { $0["column"]?.string == "word" } == false)
        let before = try #require(change["before"]?.array?.first?.double),
            after = try #require(change["after"]?.array?.first?.double)
        #expect((before < 0) != (after < 0))
    }

    @Test func `Clarify's configuration is carried out and its analysis written, and compared with`() throws {
        let data = try rows(120, labelled: true), analysis = scratch.path + "/analysis.json"
        try train(data, "linear-learner", "line")
        let configuration = try scratch.write(
            """
            {"methods": {"shap": {"baseline": [[5, 4, 3, "blue"]], "num_samples": 14, "agg_method": "mean_sq", "use_logit": true},
             "pdp": {"features": ["b"], "grid_resolution": 7}}}
            """, as: "analysis_config.json")
        let told = try explain([
            "line", data, "--config", configuration, "--analysis", analysis, "--rows", "20", "--json", "--quiet",
        ])
        #expect(told.code == 0, "\(told.errors)")
        let written = try JSONValue(parsing: try scratch.read("analysis.json"))
        let label = try #require(written["explanations"]?["kernel_shap"]?["label0"])
        #expect(label["global_shap_values"]?.members?.count == 4)
        #expect(written["explanations"]?["pdp"]?.array?.first?["feature_values"]?.array?.count == 7)
        let last = try #require(try told.json().last)
        #expect(last["space"]?.string == "margin")
        let row = try explain(["line", data, "--row", "1", "--baseline", "rows=1", "--against", analysis, "--quiet"])
        #expect(row.output.contains("NDCG"))
    }

    @Test func `what cannot be explained is refused with what to do`() throws {
        let data = try rows(60, labelled: true)
        try train(data, "linear-learner", "line")
        let cases: [([String], Int32, String)] = [
            (["--row", "61"], 2, "there is no row 61"), (["--method", "tree"], 2, "no trees"),
            (["--pdp", "nothing"], 2, "uses a, b"),
            (["--space", "probability", "--method", "linear"], 2, "exact or kernel"),
            (["--counterfactual", "other"], 2, "--row K"),
            (["--row", "1", "--counterfactual", "perhaps"], 2, "no, yes"), (["--permutation", "beauty"], 2, "accuracy"),
            (["--interactions"], 2, "trees alone"),
            (["--baseline", "rows=0"], 2, "whole number"),
            (["--row", "1", "--keep", "x", "--counterfactual", "other"], 2, "--keep 'x'"),
        ]
        for (words, code, said) in cases {
            let refused = try explain(["line", data] + words)
            #expect(refused.code == code && refused.errors.contains(said), "\(words): \(refused.errors)")
        }
        let lacking = try scratch.write("a,b,word\n1,2,red\n", as: "lacking.csv")
        let refused = try explain(["line", lacking])
        #expect(refused.code == 3 && refused.errors.contains("noise"), "\(refused.errors)")
        let groups = try Program.run(
            "train", data, "--algorithm", "kmeans", "--set", "k=3", "--name", "groups", "--quiet", "--workspace", workspace)
        #expect(groups.code == 0)
        #expect(try explain(["groups", data]).errors.contains("predicts no column"))
    }

    @Test func `a network's values by its layers add up, and are near those of every coalition`() throws {
        let data = try rows(150, labelled: true)
        try train(data, "neural-network", "net")
        let deep = try explain(["net", data, "--row", "7", "--method", "deep", "--json", "--quiet"])
        #expect(deep.code == 0, "\(deep.errors)")
        let line = try #require(try deep.json().last)
        #expect(line["method"]?.string == "deep" && line["space"]?.string == "margin")
        let values = try #require(line["values"]?.members).compactMap { $0.value.double }
        let predicted = try Program.run("predict", "net", data, "--json", "--quiet", "--workspace", workspace).json()
        let score = try #require(predicted[6]["score"]?.double), sum = values.reduce(line["expected_value"]?.double ?? .nan, +)
        #expect(abs(1 / (1 + exp(-sum)) - score) < 1e-4)
        let exact = try #require(
            try explain(["net", data, "--row", "7", "--method", "exact", "--json", "--quiet"]).json().last?["values"]?.members
        ).compactMap { $0.value.double }
        let most = exact.map(\.magnitude).max() ?? 0
        for (mine, value) in zip(values, exact) { #expect(abs(mine - value) < 0.5 * most) }
        try train(data, "linear-learner", "line")
        let refused = try explain(["line", data, "--method", "deep"])
        #expect(refused.code == 2 && refused.errors.contains("leave out --method deep"))
        #expect(try explain(["net", data, "--method", "deep", "--space", "probability"]).code == 2)
    }

    @Test func `the rows that two models see most differently are told with the columns that make them`() throws {
        let data = try rows(200, labelled: true)
        try train(data, "linear-learner", "line")
        // It never sees `word`, which decides for a third of the rows.
        let trained = try Program.run(
            "train", data, "--target", "y", "--algorithm", "linear-learner", "--name", "blind", "--set", "epochs=20", "--drop",
            "word",
            "--quiet", "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let told = try explain(["line", data, "--beside", "blind", "--json", "--quiet"])
        #expect(told.code == 0, "\(told.errors)")
        let line = try #require(try told.json().last), rows = try #require(line["rows"]?.array)
        #expect(line["kind"]?.string == "modelsCompared" && line["compared"]?.integer == 200 && rows.count == 12)
        let apart = rows.compactMap { $0["difference"]?.double }
        #expect(apart == apart.sorted(by: >) && (apart.last ?? 0) > 0)
        #expect(rows.allSatisfy { $0["columns"]?.array?.first?["column"]?.string == "word" })
        let first = try #require(rows.first?["columns"]?.array?.first?["attributions"]?.array).compactMap(\.double)
        #expect(first.count == 2 && first[0] != 0 && first[1] == 0)
        let text = try explain(["line", data, "--beside", "blind"])
        #expect(text.output.contains("the 12 of 200 rows that they see most differently") && text.output.contains("blind says"))
        for (words, said) in [
            (["--beside", "line"], "name another run"), (["--beside", "blind", "--row", "3"], "leave out --row"),
            (["--beside", "blind", "--baseline", "kmeans=3"], "rows=K"), (["--beside", "nobody"], "nobody"),
        ] {
            let refused = try explain(["line", data] + words)
            #expect(refused.code == 2 && refused.errors.contains(said), "\(refused.errors)")
        }
        let lacking = try explain(["line", try scratch.write("a,b\n1,2\n", as: "lacking.csv"), "--beside", "blind"])
        #expect(lacking.code == 3 && lacking.errors.contains("noise"), "\(lacking.errors)")
    }
}
