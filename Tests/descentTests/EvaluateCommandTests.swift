import JSON
import TemporaryFolders
import Testing

/// What `evaluate`, `train` and `runs show` say of a model, for people and for programs.
@Suite struct EvaluateCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/w" }

    init() throws { scratch = try TemporaryFolder() }

    private static let rows = (0..<80).map { row in
        "\(row * 37 % 79),\(["red", "blue", "green"][row % 3]),\(row * 37 % 79 > 40 ? "yes" : "no")\n"
    }

    private func train(_ settings: String...) throws {
        let data = try scratch.write("a,colour,bought\n" + Self.rows.joined(), as: "rows.csv")
        let trained = try Program.run(
            ["train", data, "--target", "bought", "--name", "first", "--workspace", workspace] + settings)
        #expect(trained.code == 0, "\(trained.errors)")
        #expect(trained.output.contains("precision, recall, f1 and pr_auc are of yes"))
        #expect(trained.output.contains(" (baseline "))
        #expect(trained.output.contains("taken for (columns), by class (rows)"))
    }

    @Test func `evaluation tells rows, classes, what was taken for what, and a baseline`() throws {
        try train("--set", "epochs=5")
        let other = try scratch.write("a,colour,bought\n5,red,no\n70,blue,yes\n9,red,\n3,green,no\n4,red,perhaps\n", as: "o.csv")
        let text = try Program.run("evaluate", "first", other, "--workspace", workspace)
        #expect(text.code == 0)
        #expect(text.output.hasPrefix("first on \(other), 4 rows\n"))
        #expect(text.output.contains("perhaps"))
        #expect(text.errors.contains("warning: 1 row has no bought: it is left out"))
        #expect(text.errors.contains("warning: 1 row has a bought that training did not have, 'perhaps': it counts as wrong"))
        let evaluated = try Program.run("evaluate", "first", other, "--json", "--workspace", workspace).json()
        let line = try #require(evaluated.last)
        #expect(line["kind"]?.string == "evaluated" && line["rows"]?.integer == 4)
        #expect(line["positiveClass"]?.string == "yes")
        #expect(line["metrics"]?["test:accuracy"]?.double == 0.75)
        #expect(line["baseline"]?["test:accuracy"]?.double == 0.5)
        #expect(line["confusion"]?["classes"]?.array?.compactMap(\.string) == ["no", "yes", "perhaps"])
        #expect(line["confusion"]?["counts"]?.array?.count == 3)
        #expect(line["classes"]?.array?.first?["support"]?.double == 2)
        #expect(line["notes"]?.array?.count == 2)
        let bare = try scratch.write("a,colour,bought\n5,red,\n70,blue,\n", as: "bare.csv")
        let refused = try Program.run("evaluate", "first", bare, "--workspace", workspace)
        #expect(refused.code == 3)
        #expect(refused.errors.contains("no row has a bought"))
    }

    @Test func `what was said by hand of a file holds for others that the model is given`() throws {
        let rows = (0..<80).map { "\($0 / 10),\($0 % 10);\(["red", "blue"][$0 % 2]);\($0 > 40 ? "yes" : "no")\n" }
        let data = try scratch.write("a;colour;bought\n" + rows.joined(), as: "rows.csv")
        let trained = try Program.run(
            "train", data, "--target", "bought", "--delimiter", ";", "--decimal", ",", "--name", "semi", "--set", "epochs=40",
            "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        // One column by itself: nothing in it says that ; separates.
        let other = try scratch.write("a;colour\n7,5;red\n0,5;blue\n", as: "other.csv")
        let predicted = try Program.run("predict", "semi", other, "--workspace", workspace)
        #expect(predicted.code == 0, "\(predicted.errors)")
        #expect(predicted.output.hasPrefix("a;colour;prediction;score\n7,5;red;yes;"))
        let words =
            "as the training file was read by hand: --decimal , --delimiter ';'; an option of the same name says otherwise"
        #expect(predicted.errors.contains(words), "\(predicted.errors)")
        let commas = try scratch.write("a,colour,bought\n7.5,red,yes\n0.5,blue,no\n", as: "commas.csv")
        let evaluated = try Program.run(
            "evaluate", "semi", commas, "--delimiter", ",", "--decimal", ".", "--json", "--workspace", workspace)
        #expect(evaluated.code == 0 && !evaluated.errors.contains("by hand"), "\(evaluated.errors)")
        #expect(try evaluated.json().last?["rows"]?.integer == 2)
        let lacking = try Program.run("predict", "semi", try scratch.write("x\n1\n", as: "x.csv"), "--workspace", workspace)
        #expect(lacking.code == 3 && lacking.errors.contains("no columns named 'a', 'colour'"), "\(lacking.errors)")
    }

    @Test func `a run shows the coefficients of its model by name, and all of them to programs`() throws {
        try train("--set", "epochs=40")
        let shown = try Program.run("runs", "show", "first", "--workspace", workspace)
        #expect(shown.output.contains("\nCoefficients, where positive ones favour yes, 1 of 5 are 0\n"))
        // An indicator was divided by no deviation.
        let line = try #require(shown.lines.first { $0.contains("colour=red") })
        #expect(line.split(separator: " ")[1] == "–")
        let weights = try #require(
            try Program.run("runs", "show", "first", "--json", "--workspace", workspace).json().first?["featureWeights"])
        #expect(weights["kind"]?.string == "coefficients" && weights["favoured"]?.string == "yes")
        let rows = try #require(weights["rows"]?.array)
        #expect(
            Set(rows.compactMap { $0["feature"]?.string }) == [
                "a", "colour=blue", "colour=green", "colour=red", "colour=(other)",
            ])
        // What decides is `a`; a unit of it is less than a deviation.
        #expect(rows.first?["feature"]?.string == "a")
        let value = try #require(rows.first?["value"]?.double), unit = try #require(rows.first?["perUnit"]?.double)
        #expect(value > 0 && unit > 0 && value > 10 * unit)
    }
}
