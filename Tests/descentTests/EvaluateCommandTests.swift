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

    @Test func `a run shows the coefficients of its model by name, and all of them to programs`() throws {
        try train("--set", "epochs=40")
        let shown = try Program.run("runs", "show", "first", "--workspace", workspace)
        #expect(shown.output.contains("\nCoefficients\n"))
        #expect(shown.output.contains("colour=red"))
        let weights = try #require(
            try Program.run("runs", "show", "first", "--json", "--workspace", workspace).json().first?["featureWeights"])
        #expect(weights["kind"]?.string == "coefficients")
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
