import Events
import Testing
import Training

@testable import Spark

/// A run's plan on its way to the process of a task.
@Suite struct TrialDocumentTests {
    @Test func `what is to be trained comes out as it went in`() throws {
        var request = JobRequest(
            datasetPath: "/data/d.csv", target: "y", algorithm: "xgboost", hyperparameters: ["eta": "0.1"], drop: ["id"])
        request.folds = 3
        var record = RunRecord(
            id: RunID("r1"), name: "a trial", experiment: "default", algorithm: "xgboost", request: request,
            hyperparameters: ["eta": "0.1"],
            objective: Objective(metric: MetricName("validation:rmse"), direction: .minimised), seed: 7, dataFingerprint: "",
            gitRevision: nil, version: "1", createdAt: 3, processID: 5)
        record.tuning = RunTuning(tuning: "t1", name: "search", trial: 2)
        record.threads = 3
        var plan = JobPlan(record: record, artifactFolder: "relative", recordedStep: 12)
        plan.lastStep = 40
        let text = TrialDocument(plan, folder: "/workspace/artifacts/r1").text
        #expect(!text.contains("\n"))
        let read = try #require(TrialDocument(parsing: text)).plan
        #expect(read.record == record)
        #expect(read.artifactFolder == "/workspace/artifacts/r1" && read.recordedStep == 12 && read.lastStep == 40)
        #expect(TrialDocument(parsing: "{}") == nil && TrialDocument(parsing: "stop") == nil)
    }
}
