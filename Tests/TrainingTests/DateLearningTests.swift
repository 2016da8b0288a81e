import Events
import Glibc
import Learners
import Numerics
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// What dates, keys and numbers of many digits become in a trained model, for every algorithm.
@Suite struct DateLearningTests {
    /// A constant looks at no feature.
    private static let names = AlgorithmContractTests.names.filter { $0 != "constant" }
    private static let supervised = names.filter { $0 != "kmeans" && $0 != "pca" }

    /// 120 days, hour by hour: what a day looks like, less at the weekend, with a little noise.
    private static let hourly: String = {
        var random = RandomSource(seed: 3)
        let lines = (0..<2880).map { row in
            let days = row / 24, hour = row % 24, date = ["01", "02", "03", "04"], lengths = [31, 29, 31, 30]
            var month = 0, day = days
            while day >= lengths[month] { (day, month) = (day - lengths[month], month + 1) }
            let y = 8 * sin(Double(hour) * 0.8) + (hour == 17 ? 6 : 0) - (days % 7 > 4 ? 4 : 0) + 0.3 * random.normal()
            return "2024-\(date[month])-\(day < 9 ? "0" : "")\(day + 1) \(hour < 10 ? "0" : "")\(hour):00,\(y)"
        }
        return "t,y\n" + lines.joined(separator: "\n") + "\n"
    }()

    private static func job(_ algorithm: String, _ text: String, _ settings: [String: String] = [:]) throws -> TrainingJob {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let needsTarget = supervised.contains(algorithm)
        let wanted = needsTarget ? settings : algorithm == "kmeans" ? ["k": "4"] : ["num_components": "2"]
        return try Estimator(algorithm, wanted).fit(try folder.write(text, as: "rows.csv"), target: needsTarget ? "y" : nil)
    }

    @Test(arguments: names)
    func `an hourly series is learned`(algorithm: String) throws {
        let job = try Self.job(algorithm, Self.hourly)
        #expect(job.status == .completed)
        if Self.supervised.contains(algorithm) {
            #expect(try #require(job.metrics["validation:r2"]) > (algorithm == "knn" ? 0.85 : 0.98))
        } else {
            #expect(job.metrics["validation:loss"]?.isFinite == true)
        }
    }

    @Test func `an hourly series is learned from its file block by block`() throws {
        let job = try Self.job("linear-learner", Self.hourly, ["streaming": "true"])
        #expect(try #require(job.metrics["validation:r2"]) > 0.98)
    }

    /// Seconds since 1970 differ in digits that single precision does not have, and so do these.
    @Test(arguments: names, [("ts", 1_793_523_600.0), ("x", 1e15), ("x", 1e40), ("x", 1e-40)])
    func `numbers of many digits, and very large and small ones, are learned from`(
        algorithm: String, column: (name: String, start: Double)
    ) throws {
        var random = RandomSource(seed: 4)
        let lines = (0..<600).map { row -> String in
            let isOffset = (1e9...1e20).contains(column.start)
            let x = isOffset ? column.start + Double(row) : column.start * (1 + Double(row))
            return "\(x),\(Double(row) / 30 + 0.3 * random.normal())"
        }
        let job = try Self.job(algorithm, "\(column.name),y\n" + lines.joined(separator: "\n") + "\n")
        if Self.supervised.contains(algorithm) {
            #expect(try #require(job.metrics["validation:r2"]) > 0.98)
        } else {
            #expect(job.metrics["validation:loss"]?.isFinite == true)
        }
    }

    @Test(arguments: supervised)
    func `a target of many digits is predicted with them`(algorithm: String) throws {
        var random = RandomSource(seed: 6)
        let folder = try TemporaryFolder()
        let rows = (0..<800).map { _ in (random.normal(), random.normal()) }
        let text = rows.map { "\($0.0),\($0.1),\(1e9 + $0.0 - 0.5 * $0.1)" }
        let path = try folder.write("a,b,y\n" + text.joined(separator: "\n") + "\n", as: "rows.csv")
        let job = try Estimator(algorithm).fit(path, target: "y")
        #expect(try #require(job.metrics["validation:r2"]) > 0.9)
        let predictions = try #require(try job.model.predict(path).first).texts.compactMap { Double($0) }
        let errors = zip(predictions, rows).map { abs($0 - (1e9 + $1.0 - 0.5 * $1.1)) }
        #expect(errors.count == 800 && errors.reduce(0, +) / 800 < 0.3)
        // The same model, read back, measures the same, in the target's own units.
        try job.model.save(toFolder: folder.path + "/model")
        let model = try #require(try Model.load(fromFolder: folder.path + "/model"))
        let measured = try model.evaluate(try model.read(path))
        let rmse = (errors.reduce(0) { $0 + $1 * $1 } / 800).squareRoot()
        #expect(abs(try #require(measured[MetricName(split: "test", metric: "rmse")]) - rmse) < 1e-4)
        if let mape = measured[MetricName(split: "test", metric: "mape")] { #expect(mape < 1e-8) }
    }

    /// Of small targets XGBoost's own rounding would leave no split, and the squares of large ones are infinite.
    @Test(arguments: supervised, [1e-12, 1e12, 1e25])
    func `targets of any size are learned from`(algorithm: String, size: Double) throws {
        var random = RandomSource(seed: 6)
        let rows = (0..<400).map { _ in (random.normal(), random.normal()) }
        let text = rows.map { "\($0.0),\($0.1),\(size * ($0.0 - 0.5 * $0.1 + 0.5))" }
        let job = try Self.job(algorithm, "a,b,y\n" + text.joined(separator: "\n") + "\n")
        #expect(try #require(job.metrics["validation:r2"]) > 0.85)
        #expect(try #require(job.metrics["validation:rmse"]) < size)
        let folder = try TemporaryFolder()
        try job.model.save(toFolder: folder.path)
        let model = try #require(try Model.load(fromFolder: folder.path))
        let table = try Table(contentsOf: try folder.write("a,b\n1,0\n0,1\n", as: "other.csv"))
        let predictions = try #require(try model.predict(table).first).texts.compactMap { Double($0) }
        #expect(abs(predictions[0] / size - 1.5) < 0.5 && abs(predictions[1] / size) < 0.5, "\(predictions)")
    }

    @Test func `keys are left out with a word unless they are kept`() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<200).map { "\(1 + $0 * 37 % 200),\($0 % 13),\(Double($0 % 13) * 2 + 0.5)" }
        let path = try folder.write("customer_id,a,y\n" + lines.joined(separator: "\n") + "\n", as: "rows.csv")
        for streaming in ["false", "true"] {
            var request = JobRequest(
                datasetPath: path, target: "y", algorithm: "linear-learner", hyperparameters: ["streaming": streaming])
            let left = try Preparation(request: request)
            #expect(left.pipeline.featureNames == ["a"])
            #expect(left.warnings.contains { $0.code == "rowName" && $0.message.hasSuffix("--keep customer_id uses it") })
            request.keep = ["customer_id"]
            #expect(try Preparation(request: request).pipeline.featureNames == ["customer_id", "a"])
            #expect(try #require(JobRequest(json: request.json)) == request)
            request.drop = ["customer_id"]
            let error = #expect(throws: TrainingError.self) { try Preparation(request: request) }
            #expect(error?.message.contains("cannot be both kept and left out") == true)
        }
    }

    @Test func `rows numbered in the file's order are found in a sample of them`() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<4000).map { "\($0),\($0 % 13),\(Double($0 % 13) * 2 + 0.5)" }
        let path = try folder.write("subject,a,y\n" + lines.joined(separator: "\n") + "\n", as: "rows.csv")
        let request = JobRequest(
            datasetPath: path, target: "y", algorithm: "linear-learner",
            hyperparameters: ["streaming": "true", "shuffle_buffer_rows": "500"])
        #expect(try Preparation(request: request).pipeline.featureNames == ["a"])
    }
}
