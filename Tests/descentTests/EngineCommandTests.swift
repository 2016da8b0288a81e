import JSON
import TemporaryFolders
import Testing

@testable import descent

/// Engines from the command line, where none is installed: nothing is begun, and what is missing is named.
@Suite struct EngineCommandTests {
    private let folder: TemporaryFolder
    private let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = try folder.write("x,y\n" + (0..<50).map { "\($0),\($0 * 2)\n" }.joined(), as: "rows.csv")
    }

    private func run(_ words: [String]) throws -> Program {
        try Running(words, variables: ["XDG_DATA_HOME=\(folder.path)/data"]).finish()
    }

    private func train(_ more: String...) throws -> Program {
        try run(["train", data, "--target", "y", "--workspace", folder.path + "/w"] + more)
    }

    @Test func `an engine that is not there is told, and what brings it`() throws {
        let status = try run(["engine", "status", "--json"])
        #expect(status.code == 0)
        let said = try #require(try status.json().first)
        #expect(said["installed"]?.boolean == false && said["partial"]?.boolean == false)
        let trained = try train("--engine", "spark", "--master", "local[1]")
        #expect(trained.code == 1)
        #expect(trained.errors.contains("descent: Spark is not installed: descent engine install spark"))
    }

    @Test(arguments: [
        (["--engine", "flink"], "--engine 'flink': one of spark"),
        (["--master", "local[2]"], "master is for an engine: name one with --engine spark"),
        (["--engine", "spark", "--executors", "2"], "executors are processes of a cluster: name it with --master"),
        (["--engine", "spark", "--folds", "3"], "folds is not to be had on spark: leave it out"),
        (["--engine", "spark", "--algorithm", "neural-network"], "neural-network is not to be had on spark: linear-learner, "),
        (["--engine", "spark", "--decimal", ","], "decimal is not to be had on spark"),
        (["--engine", "spark", "--executor-memory", "4"], "--executor-memory '4': a size such as 4g or 512m"),
    ])
    func `what an engine has not is refused by name`(_ words: [String], _ message: String) throws {
        let refused = try run(["train", data, "--target", "y", "--workspace", folder.path + "/w"] + words)
        #expect(refused.code == 2)
        #expect(refused.errors.contains(message), "\(refused.errors)")
    }

    @Test func `searches and profiles on an engine want it, too, and leave nothing`() throws {
        let range = ["--range", "learning_rate=0.1:0.2", "--workspace", folder.path + "/w"]
        let search = try run(["tune", data, "--target", "y", "--engine", "spark"] + range)
        #expect(search.code == 1 && search.errors.contains("descent: Spark is not installed: descent engine install spark"))
        #expect(try run(["tune", "list", "--json", "--workspace", folder.path + "/w"]).output.isEmpty)
        let profile = try run(["data", "profile", data, "--engine", "spark"])
        #expect(profile.code == 1 && profile.errors.contains("descent: Spark is not installed: descent engine install spark"))
        for (words, message) in [
            (
                ["tune", data, "--target", "y", "--master", "local[2]"] + range,
                "--master is for an engine: name one with --engine spark"
            ),
            (["data", "profile", data, "--executors", "2"], "--executors is for an engine: name one with --engine spark"),
            (["data", "profile", data, "--engine", "spark", "--against", data], "--against is not to be had on spark"),
            (["data", "profile", data, "--engine", "spark", "--decimal", ","], "decimal is not to be had on spark"),
            (["data", "profile", data, "--engine", "dask"], "--engine 'dask': give one of spark"),
        ] {
            let refused = try run(words)
            #expect(refused.code == 2 && refused.errors.contains(message), "\(refused.errors)")
        }
    }

    @Test func `several files are for an engine, and automatic searches are not`() throws {
        let several = try run(["train", data, data, "--target", "y", "--workspace", folder.path + "/w"])
        #expect(several.code == 2)
        #expect(several.errors.contains("one FILE is trained on, and 2 are given: name one, or several with --engine spark"))
        let search = try run(["tune", data, "--target", "y", "--engine", "spark", "--workspace", folder.path + "/w"])
        #expect(search.code == 2 && search.errors.contains("nothing is searched"))
        let automl = try run(["automl", data, "--target", "y", "--engine", "spark", "--workspace", folder.path + "/w"])
        #expect(automl.code == 2)
        #expect(automl.errors.contains("descent automl tries many models on this machine, and --engine spark is for one"))
        #expect(try run(["engine", "remove", "dask"]).code == 2)
        #expect(try run(["engine", "remove", "spark"]).output.contains("spark is not installed: there is nothing to remove"))
    }
}
