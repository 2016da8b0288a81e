import Events
import Glibc
import Synchronization
import Tables
import TemporaryFolders
import Testing
import Training

@Suite struct EstimatorTests {
    /// What the README shows, to the letter, between the two comments.
    private func readme() throws {
        // README: begin
        let estimator = Estimator("linear-learner", ["epochs": 30, "objective_metric": "rmse"], seed: 1)
        let job = try estimator.fit("sample-data/insurance.csv", target: "charges") { progress in
            if let rmse = progress.metrics["validation:rmse"] { print("epoch \(progress.epoch): \(rmse)") }
        }
        print(job.reason, job.metrics["validation:rmse"] ?? .nan, job.curves["train:loss"]?.count ?? 0)
        let predictions = try job.model.predict("sample-data/insurance.csv")
        print(predictions[0].name, predictions[0].texts.prefix(3))
        try job.model.save(toFolder: "insurance-model")
        // README: end
        #expect(predictions[0].texts.count == 1_338)
        #expect(job.metrics["validation:rmse"].map { $0 > 1_000 && $0 < 12_000 } == true)
        #expect(try Model.load(fromFolder: "insurance-model")?.algorithm == "linear-learner")
    }

    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    private func lines(_ path: String) throws -> [String] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var text = ""
        var buffer = [CChar](repeating: 0, count: 65_536)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            text += String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func theReadmesProgramIsTheOneThatRunsHere() throws {
        let source = try lines(#filePath)
        let begin = try #require(source.firstIndex { $0.hasSuffix("// README: begin") })
        let end = try #require(source.firstIndex { $0.hasSuffix("// README: end") })
        let tested = source[(begin + 1)..<end].map { String($0.dropFirst(8)) }
        let readme = try lines(Self.root + "/README.md")
        let start = try #require(readme.firstIndex(of: "```swift"))
        let stop = try #require(readme[start...].firstIndex(of: "```"))
        #expect(Array(readme[(start + 1)..<stop]) == ["import Training", ""] + tested)
        #expect(tested.count <= 10)
        // Its paths are relative to the project's folder, where tests run.
        defer {
            unlink("insurance-model/model.json")
            rmdir("insurance-model")
        }
        try self.readme()
    }

    @Test func aTableInMemoryTrainsLikeItsFileAndTheJobSaysWhatItMeasured() async throws {
        let scratch = try TemporaryFolder()
        let path = try scratch.write(SampleTable.regression(rows: 400), as: "r.csv")
        let table = try Table(contentsOf: path)
        let estimator = Estimator("linear-learner", ["epochs": 5, "use_lr_scheduler": false], seed: 3)
        let heard = Counter()
        let job = try await estimator.fit(table, target: "y") { progress in heard.add(progress.metrics.count) }
        let same = try await estimator.fit(path, target: "y")
        #expect(job.metrics == same.metrics)
        #expect(job.status == .completed)
        #expect(job.reason == .maxEpochs)
        #expect(job.hyperparameters["use_lr_scheduler"] == "false")
        #expect(job.curves["validation:rmse"]?.count == 5)
        #expect(job.curves["train:loss"]?.map(\.value) == same.curves["train:loss"]?.map(\.value))
        #expect(heard.total == job.curves.values.reduce(0) { $0 + $1.count })
        let best = try #require(job.curves["validation:loss"]?.min { $0.value < $1.value })
        #expect(best.step == job.bestStep)
        #expect(try job.model.predict(table) == same.model.predict(path))
    }

    @Test func aCancelledTaskStopsTheJobWithItsBestModel() async throws {
        let scratch = try TemporaryFolder()
        let path = try scratch.write(SampleTable.sortedClasses(rows: 400), as: "c.csv")
        let first = AsyncStream<Void>.makeStream()
        let task = Task {
            try await Estimator("linear-learner", ["epochs": 1_000_000, "early_stopping_patience": "off"])
                .fit(path, target: "label") { _ in first.continuation.yield() }
        }
        for await _ in first.stream { break }
        task.cancel()
        let job = try await task.value
        #expect(job.status == .stopped)
        #expect(job.reason == .stoppedByUser)
        #expect(try job.model.predict(path).map(\.name) == ["prediction", "score"])
    }

    @Test func faultsAreThrownAsWhatTheyAre() throws {
        let scratch = try TemporaryFolder()
        let path = try scratch.write(SampleTable.regression(rows: 40), as: "r.csv")
        for (estimator, path, target, code) in [
            (Estimator("linear-lerner"), path, "y", .unknownAlgorithm),
            (Estimator("linear-learner", ["epochs": 0]), path, "y", .badHyperparameter),
            (Estimator("linear-learner"), path, nil, .badRequest), (Estimator("linear-learner"), path, "z", .badData),
            (Estimator("linear-learner"), scratch.path + "/none.csv", "y", .badData),
        ] as [(Estimator, String, String?, TrainingError.Code)] {
            let error = #expect(throws: TrainingError.self) { try estimator.fit(path, target: target) }
            #expect(error?.code == code)
        }
    }
}

/// Adds up from any thread.
private final class Counter: Sendable {
    private let sum = Mutex(0)
    var total: Int { sum.withLock { $0 } }
    func add(_ count: Int) { sum.withLock { $0 += count } }
}
