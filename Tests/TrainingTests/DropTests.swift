import Events
import Tables
import TemporaryFolders
import Testing

@testable import Training

@Suite struct DropTests {
    /// `leak` is the target itself; `a` says half of it.
    private static let text =
        "a,b,leak,y\n" + (0..<300).map { "\($0 % 20),\($0 % 7),\($0 % 20 + $0 % 11),\($0 % 20 + $0 % 11)\n" }.joined()

    private func request(_ path: String, _ drop: [String], _ hyperparameters: [String: String] = [:]) -> JobRequest {
        JobRequest(
            datasetPath: path, target: "y", algorithm: "linear-learner", hyperparameters: hyperparameters, drop: drop)
    }

    @Test(arguments: ["false", "true"]) func aDroppedColumnIsNotLearnedFrom(streaming: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        func preparation(_ drop: [String]) throws -> Preparation {
            try Preparation(request: request(path, drop, ["streaming": streaming, "predictor_type": "regressor"]))
        }
        #expect(try preparation([]).training.features.columnCount == 3)
        let dropped = try preparation(["leak", "b"])
        #expect(dropped.training.features.columnCount == 1)
        #expect(dropped.validation?.features.columnCount == 1)
        if streaming == "false" {
            #expect(try preparation([]).warnings.contains { $0.code == "leakage" && $0.message.contains("--drop leak") })
            #expect(!dropped.warnings.contains { $0.code == "leakage" })
        }
    }

    @Test func aModelNeedsNoneOfTheColumnsItNeverSaw() throws {
        let lab = try Laboratory()
        var plan = lab.plan("run", data: try lab.folder.write(Self.text, as: "rows.csv"), target: "y")
        plan.record.request.drop = ["leak"]
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/run"))
        let other = try Table(contentsOf: try lab.folder.write("b,a\n1,5\n2,9\n", as: "other.csv"))
        #expect(try model.predict(other).count > 0)
    }

    @Test(arguments: [("y", "it is the target"), ("nothing", "no column named 'nothing'")])
    func whatCannotBeDroppedIsSaid(column: String, why: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        let error = try #require(throws: TrainingError.self) { try Preparation(request: request(path, [column])) }
        #expect(error.description.contains(why), "\(error)")
    }
}
