import Events
import Learners
import Numerics
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// Rows that stay in their file.
@Suite struct StreamingTests {
    /// 4,000 rows sorted by their target, with a few gaps and quotes: a b word y.
    static let text: String = {
        var random = RandomSource(seed: 5)
        let rows = (0..<4000).map { _ -> (Double, Double, Int, Double) in
            let (a, b, word) = (random.normal(), random.normal(), Int(random.uniform() * 3))
            return (a, b, word, 3 * a - 2 * b + Double(word) + 0.1 * random.normal())
        }
        let lines = rows.sorted { $0.3 < $1.3 }.enumerated().map { index, row in
            let a = index % 97 == 0 ? "" : "\(row.0)", y = index % 500 == 499 ? "" : "\(row.3)"
            return "\(a),\(row.1),\(["\"red, dark\"", "green", "blue"][row.2]),\(y)"
        }
        return "a,b,word,y\n" + lines.joined(separator: "\n") + "\n"
    }()

    static func request(_ path: String, _ settings: [String: String] = [:], target: String = "y") -> JobRequest {
        JobRequest(
            datasetPath: path, target: target, algorithm: "linear-learner",
            hyperparameters: ["streaming": "true", "shuffle_buffer_rows": "500"].merging(settings) { $1 },
            validationSplit: 0.2, seed: 7)
    }

    @Test(arguments: [true, false])
    func `an epoch takes every row once, in an order of its own when shuffled`(shuffles: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        let preparation = try Preparation(request: Self.request(path, ["shuffle": String(shuffles)]))
        let stream = try #require(preparation.stream)
        let validation = try #require(preparation.validation)
        #expect(stream.rowCount + validation.rowCount == 4000 - 8)
        #expect(abs(Double(validation.rowCount) - 800) < 100)
        func epoch(_ number: Int, by size: Int) throws -> [Float] {
            try Swift.stride(from: 0, to: stream.rowCount, by: size).flatMap {
                try stream.rows($0..<min($0 + size, stream.rowCount), epoch: number).targets
            }
        }
        let first = try epoch(0, by: 500)
        #expect(try epoch(0, by: 333) == first)
        #expect(try (epoch(1, by: 500) == first) == !shuffles)
        #expect(try epoch(1, by: 500).sorted() == first.sorted())
        let all = try Table(contentsOf: path).column(named: "y")?.numbers?.filter { !$0.isNaN }.map { Float($0) } ?? []
        #expect((first + validation.targets).sorted() == all.sorted())
        if !shuffles { #expect(first == first.sorted()) }
    }

    @Test func `a stream trains as well as rows in memory do, sorted though the file is`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        var losses: [Double] = []
        for streaming in ["true", "false"] {
            let request = Self.request(path, ["streaming": streaming, "shuffle_buffer_rows": "1000"])
            let preparation = try Preparation(request: request)
            #expect((preparation.stream != nil) == (streaming == "true"))
            #expect(preparation.warnings.contains { $0.code == "streamed" } == (streaming == "true"))
            let setup = try Algorithms.train(request, on: preparation)
            #expect(setup.resolved["streaming"] == streaming)
            while !setup.trainer.isFinished { _ = setup.trainer.trainStep() }
            #expect(setup.trainer.failure == nil)
            losses.append(setup.trainer.evaluate().first { $0.name == "train:r2" }?.value ?? .nan)
        }
        #expect(losses[1] > 0.98 && abs(losses[0] - losses[1]) < 0.003, "\(losses)")
    }

    @Test func `a streamed run goes on bit for bit from its snapshot`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        let request = Self.request(path, ["num_models": "2", "epochs": "3"])
        let (whole, second) = (
            try Algorithms.train(request, on: try Preparation(request: request)).trainer,
            try Algorithms.train(request, on: try Preparation(request: request)).trainer
        )
        for _ in 0..<whole.stepsPerEpoch + 5 { _ = whole.trainStep() }
        try second.restore(whole.snapshot())
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        #expect(whole.snapshot() == second.snapshot())
    }

    @Test func `rows stream when they would fill the memory there is`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        var request = Self.request(path, ["streaming": "auto", "shuffle_buffer_rows": "auto"])
        #expect(try Preparation(request: request, memory: 1 << 30).stream == nil)
        #expect(try Preparation(request: request, memory: 100_000).stream?.windowRowCount == 1024)
        request.hyperparameters["optimizer"] = "lbfgs"
        let preparation = try Preparation(request: request, memory: 100_000)
        #expect(throws: TrainingError.self) { try Algorithms.train(request, on: preparation) }
        #expect(FreeMemory.bytes("1.5g") == 3 << 29 && FreeMemory.bytes("512M") == 512 << 20 && FreeMemory.bytes("much") == nil)
    }

    @Test func `what a run decided by the memory there was brings the same rows again whatever there is`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        let request = Self.request(path, ["streaming": "auto", "shuffle_buffer_rows": "auto"])
        func rows(_ request: JobRequest, memory: Int) throws -> (order: [Float], sample: [Float], settings: [String: String]) {
            let preparation = try Preparation(request: request, memory: memory)
            let stream = try #require(preparation.stream)
            return (
                try stream.rows(0..<stream.rowCount, epoch: 3).targets, preparation.training.targets,
                try Algorithms.train(request, on: preparation).resolved
            )
        }
        let first = try rows(request, memory: 100_000), second = try rows(request, memory: 200_000)
        #expect(first.order != second.order, "the memory at hand decides")
        var again = request
        again.hyperparameters.merge(first.settings.filter { StreamingPlan.settingNames.contains($0.key) }) { $1 }
        for memory in [50_000, 400_000, 1 << 30] {
            let repeated = try rows(again, memory: memory)
            #expect(repeated.order == first.order)
            #expect(repeated.sample == first.sample)
            #expect(repeated.settings == first.settings)
        }
    }

    @Test func `a rare class, a late word among numbers and a fault deep in the file are seen`() throws {
        let folder = try TemporaryFolder()
        var lines = (0..<3000).map { "\($0 % 7),\($0 % 2 == 0 ? "no" : "yes"),\($0)" }
        for line in [2890, 2892, 2894, 2896, 2898, 2900] { lines[line] = "word,maybe,\(line)" }
        let path = try folder.write("a,y,b\n" + lines.joined(separator: "\n") + "\n", as: "classes.csv")
        let preparation = try Preparation(request: Self.request(path))
        #expect(preparation.task == .multiclassClassifier)
        #expect(preparation.pipeline.featureNames.contains("a=(other)"))
        let stream = try #require(preparation.stream)
        #expect(try stream.rows(0..<stream.rowCount, epoch: 0).rowCount == stream.rowCount)
        // A few words among numbers are missing values, in whichever block they stand.
        for line in [2892, 2894, 2896] { lines[line] = "1,maybe,\(line)" }
        let stray = try folder.write("a,y,b\n" + lines.joined(separator: "\n") + "\n", as: "stray.csv")
        let kept = try Preparation(request: Self.request(stray))
        #expect(kept.pipeline.featureNames == ["a", "b"])
        #expect(kept.warnings.contains { $0.code == "strayValues" && $0.column == "a" })
        lines[2500] = "1,yes"
        let broken = try folder.write("a,y,b\n" + lines.joined(separator: "\n") + "\n", as: "broken.csv")
        let error = #expect(throws: TrainingError.self) { try Preparation(request: Self.request(broken)) }
        #expect(error?.message.contains("broken.csv:2502") == true, "\(error?.message ?? "")")
    }

    @Test func `every category of the file is known, not just those of the sample`() throws {
        let folder = try TemporaryFolder()
        // 2,000 users of 10 rows each, of which a sample of 4,096 rows sees most but not all twice.
        let lines = (0..<20_000).map { "user-\($0 * 7919 % 2000),\($0 * 7919 % 2000 % 2)" }
        let path = try folder.write("user,y\n" + lines.joined(separator: "\n") + "\n", as: "users.csv")
        let preparation = try Preparation(
            request: Self.request(path, ["streaming": "auto", "shuffle_buffer_rows": "auto"]), memory: 100_000)
        #expect(preparation.training.rowCount < 6000)
        #expect(preparation.pipeline.cardinalities == [2001])
    }

    @Test func `a file that changes under a run stops it with an error`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text, as: "rows.csv")
        let request = Self.request(path)
        let trainer = try Algorithms.train(request, on: try Preparation(request: request)).trainer
        _ = trainer.trainStep()
        _ = try folder.write("a,b,word,y\n1,2,red,3\n", as: "rows.csv")
        while !trainer.isFinished { _ = trainer.trainStep() }
        #expect(trainer.failure?.code == .streamFailed)
        #expect(trainer.step < trainer.plannedSteps)
    }
}
