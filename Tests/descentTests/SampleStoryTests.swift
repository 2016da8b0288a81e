import Events
import JSON
import TemporaryFolders
import Testing

/// What sample-data/README.md tells of each file, from the file to the figures.
@Suite struct SampleStoryTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/w" }

    init() throws { scratch = try TemporaryFolder() }

    private func metrics(_ arguments: [String]) throws -> [String: Double] {
        let program = try Program.run(["train"] + arguments + ["--json", "--workspace", workspace])
        guard case .job(.finished(let result))? = try program.events().last?.kind else {
            Issue.record("\(program.errors)")
            return [:]
        }
        #expect(result.status == .completed, "\(result.reason)")
        return Dictionary(result.metrics.map { ($0.key.text, $0.value) }) { $1 }
    }

    /// Words of a run whose weights are not 0, and those with the largest.
    private func words(_ run: String) throws -> (kept: Int, strongest: [String]) {
        let shown = try #require(try Program.run("runs", "show", run, "--json", "--workspace", workspace).json().first)
        let rows = try #require(shown["featureWeights"]?["rows"]?.array)
        let words = rows.compactMap { row -> (String, Double)? in
            guard let name = row["feature"]?.string, name.contains("\""), let value = row["value"]?.double else { return nil }
            return (name, abs(value))
        }
        let kept = words.filter { $0.1 != 0 }.sorted { $0.1 > $1.1 }
        return (kept.count, kept.prefix(12).map(\.0))
    }

    @Test func whoPaysForEachWordKeepsThoseThatTell() throws {
        let common = [
            Program.sample("reviews"), "--target", "again", "--text", "review=words", "--set", "wd=0", "--set", "epochs=40",
        ]
        let all = try metrics(common + ["--name", "all"])
        let few = try metrics(common + ["--set", "l1=0.01", "--name", "few"])
        let (allWords, fewWords) = (try words("all"), try words("few"))
        #expect(fewWords.kept * 2 < allWords.kept, "\(fewWords.kept) of \(allWords.kept)")
        #expect(try #require(few["validation:f1"]) > (try #require(all["validation:f1"])) - 0.05)
        let telling =
            "lovely spotless friendly quiet delicious comfortable helpful perfect charming generous "
            + "dirty noisy rude broken cold overpriced smelly tiny stained slow"
        for word in fewWords.strongest { #expect(telling.contains(word.split(separator: "\"")[1]), "\(word)") }
    }

    @Test func aPenaltyTamesColumnsThatSayNearlyTheSame() throws {
        let errors = try ["0", "0.3"].map { decay in
            try #require(
                try metrics([
                    Program.sample("demand"), "--target", "demand", "--validation-order", "time", "--rows", "120", "--drop",
                    "date",
                    "--set", "optimizer=lbfgs", "--set", "wd=\(decay)",
                ])["validation:rmse"])
        }
        #expect(errors[1] < errors[0] * 0.8, "\(errors)")
    }

    @Test func accuracyFlattersWhereTheAreaUnderTheCurveDoesNot() throws {
        let found = try metrics([
            Program.sample("credit"), "--target", "default", "--objective", "validation:roc_auc", "--early-stopping", "10",
        ])
        let constant = try metrics([Program.sample("credit"), "--target", "default", "--algorithm", "constant"])
        #expect(try #require(constant["validation:accuracy"]) > 0.9)
        #expect(try #require(constant["validation:roc_auc"]) == 0.5)
        #expect(try #require(found["validation:roc_auc"]) > 0.8)
        let shown = try Program.run("runs", "show", "credit", "--workspace", workspace)
        #expect(shown.output.contains("validation:roc_auc"))
    }

    @Test func moreDropoutHelpsWhereImagesAreFew() throws {
        let losses = try ["0.2", "0.5"].map { dropout in
            try #require(
                try metrics([
                    Program.sample("digits"), "--target", "digit", "--algorithm", "neural-network", "--rows", "300", "--set",
                    "hidden_layers=128,128", "--set", "epochs=60", "--set", "early_stopping_patience=off", "--set",
                    "dropout=\(dropout)",
                ])["validation:log_loss"])
        }
        #expect(losses[1] < losses[0], "\(losses)")
    }
}
