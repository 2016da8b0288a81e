import Databases
import JSON
import TemporaryFolders
import Testing

/// What a tuning job tells of itself and leaves for other programs, by the real program.
@Suite(.serialized) struct TuningExportTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws {
        scratch = try TemporaryFolder()
        try search("search", "asha")
    }

    private func search(_ name: String, _ strategy: String) throws {
        let ended = try Program.run(
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=9",
            "--objective", "validation:rmse", "--range", "learning_rate=log:1e-5:1", "--range", "optimizer=cat:adam,sgd",
            "--range", "momentum=0:0.9?optimizer==sgd", "--range", "mini_batch_size=int:16:64", "--strategy", strategy,
            "--max-jobs", "16", "--name", name, "--quiet", "--workspace", workspace)
        #expect(ended.code == 0, "\(ended.errors)")
    }

    private func run(_ words: String...) throws -> Program { try Program.run(words + ["--workspace", workspace]) }

    @Test func importanceSaysOfEachParameterHowMuchAndHowSure() throws {
        // Where trials end early, which do depends on the machine.
        try search("whole", "random")
        let found = try #require(try run("tune", "importance", "whole", "--json").json().first)
        #expect(found["kind"]?.string == "tuningImportanceFound" && found["trials"]?.integer == 16)
        let parameters = try #require(found["parameters"]?.array)
        let names = parameters.compactMap { $0["names"]?.array?.first?.string }
        #expect(names.sorted() == ["learning_rate", "mini_batch_size", "momentum", "optimizer"])
        // Rates from a hundred-thousandth to one decide whether anything is learned at all.
        #expect(names.first == "learning_rate", "\(names)")
        #expect(found["pairs"]?.array?.count == 6)
        let text = try run("tune", "importance", "whole")
        #expect(text.output.contains("of 16 trials; the model foretells"), "\(text.output)")
        let few = try Program.run(
            "tune", "importance", "nothing", "--workspace", workspace)
        #expect(few.code != 0 && few.errors.contains("no tuning job 'nothing'"))
    }

    @Test func aTableHasALineATrial() throws {
        let written = try run("tune", "export", "search")
        #expect(written.code == 0, "\(written.errors)")
        #expect(written.lines.count == 17)
        #expect(
            written.lines[0]
                == "trial,run,name,status,validation:rmse,learning_rate,optimizer,mini_batch_size,momentum,seconds,reason,why")
        #expect(written.lines[1].hasPrefix("1,") && written.lines[1].contains(",search-001,"))
    }

    @Test func aStudyHasTrialsParametersAndCurvesAsOptunaKeepsThem() throws {
        let path = scratch.path + "/study.db"
        let written = try run("tune", "export", "search", "--format", "optuna", "--out", path)
        #expect(written.code == 0, "\(written.errors)")
        let database = try ForeignDatabase(path: path)
        let shown = try run("tune", "show", "search", "--json").json().filter { $0["trial"] != nil }
        let states = try database.rows("SELECT state FROM trials ORDER BY number").compactMap { $0[0].text }
        let expected = shown.map { $0["status"]?.string == "Completed" ? "COMPLETE" : "PRUNED" }
        #expect(states == expected && states.contains("PRUNED") && states.contains("COMPLETE"))
        // A parameter is only there where it exists, and words are places in their list.
        let momenta = try database.rows("SELECT count(*) FROM trial_params WHERE param_name = 'momentum'")[0][0].integer
        let sgd = try database.rows("SELECT count(*) FROM trial_params WHERE param_name = 'optimizer' AND param_value = 1")
        #expect(momenta == sgd[0][0].integer && momenta != 0 && momenta != 16)
        let rates = try database.rows(
            "SELECT DISTINCT distribution_json FROM trial_params WHERE param_name = 'learning_rate'")
        let rate = try JSONValue(parsing: #require(rates[0][0].text))
        #expect(rates.count == 1 && rate["name"]?.string == "FloatDistribution")
        #expect(rate["attributes"]?["low"]?.double == 1e-5 && rate["attributes"]?["log"] == .boolean(true))
        let values = try database.rows(
            "SELECT t.number, v.value FROM trial_values v JOIN trials t USING (trial_id) ORDER BY t.number")
        let known = shown.filter { $0["status"]?.string == "Completed" }
        #expect(values.map { $0[1].number } == known.map { $0["value"]?.double })
        let curves = try database.rows("SELECT trial_id, count(*) FROM trial_intermediate_values GROUP BY trial_id")
        #expect(curves.count == 16)
        #expect(try database.rows("SELECT direction FROM study_directions")[0][0].text == "MINIMIZE")
        let again = try run("tune", "export", "search", "--format", "optuna", "--out", path)
        #expect(again.code == 3 && again.errors.contains("is there already"), "\(again.errors)")
    }
}
