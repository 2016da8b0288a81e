import Events
import Learners
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// Files that are hard to learn from, in `Files/learning`, and what becomes of them in a job.
enum LearningCases {
    /// Algorithms that look at features and can be trained here, and those of them that predict.
    static let learners = AlgorithmContractTests.names.filter { $0 != "constant" }
    static let supervised = learners.filter { $0 != "kmeans" && $0 != "pca" }
    /// Those that fit something: neighbours repeat what was, and know nothing of what lies between far rows.
    static let fitting = supervised.filter { $0 != "knn" }
    static let unsupervised = ["kmeans", "pca"]

    static func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/learning/" + name
    }

    struct Learned {
        let lab: Laboratory
        let result: JobResult
        let model: Model
        let goal: String
        let warnings: [String]

        func metric(_ name: String) throws -> Double { try #require(result.metrics[MetricName(name)]) }

        func table(_ name: String) throws -> Table { try model.read(path(name)) }
    }

    /// Trains on a file, with what an algorithm needs to be told.
    static func learn(
        _ file: String, _ algorithm: String, target: String = "y", _ settings: [String: String] = [:],
        _ change: (inout JobRequest) throws -> Void = { _ in }
    ) throws -> Learned {
        let lab = try Laboratory()
        let needed = ["kmeans": ["k": "2"], "pca": ["num_components": "1"]][algorithm] ?? [:]
        let events = try lab.run(
            "run", data: path(file), target: supervised.contains(algorithm) ? target : nil, algorithm: algorithm,
            settings.merging(needed) { $1 }, change)
        let result = try #require(events.result)
        #expect(result.status == .completed, "\(result.reason)")
        var goal = "", warnings: [String] = []
        for event in events {
            switch event.kind {
            case .job(.trainingDataSummarised(let summary)): goal = summary.goal ?? ""
            case .job(.dataWarned(let warning)): warnings.append(warning.message)
            default: continue
            }
        }
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/run"))
        return Learned(lab: lab, result: result, model: model, goal: goal, warnings: warnings)
    }
}
