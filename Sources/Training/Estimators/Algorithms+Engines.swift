import Events
import Learners

/// What an engine that goes over rows on a cluster can be asked for.
extension Algorithms {
    /// Options that make sense of rows in this process alone.
    private static let localOptions = [
        "validation-order", "group", "folds", "weight", "reweigh", "text", "prepare", "baseline", "pipeline",
    ]

    /// - Throws: `badRequest` for a learner or an option that the engine has not.
    static func checkEngine(_ request: JobRequest, _ learner: Learner) throws(TrainingError) {
        let given = { (name: String) in JobOption.all.first { $0.name == name }.map { !$0.values(request).isEmpty } ?? false }
        let fault: String?
        if let engine = request.engine {
            let able = Learner.all.filter(\.distributes).map(\.name)
            if !learner.distributes {
                fault = "\(request.algorithm) is not to be had on \(engine): \(able.joined(separator: ", ")) are"
            } else if let option = localOptions.first(where: given) ?? (request.stack.isEmpty ? nil : "stack") {
                fault = "\(option) is not to be had on \(engine): leave it out"
            } else if let option = request.reading.keys.sorted().first(where: { name in
                !ClusterReading.ofFiles.contains(name) && !ClusterReading.ofValues.contains(name)
            }) {
                fault =
                    "\(option) is not to be had on \(engine), which reads CSV with or without a header, and Parquet: leave it out"
            } else if request.hyperparameters["streaming"] == "true" {
                fault = "streaming = 'true' is for one machine: leave it out, \(engine) never holds all rows in one process"
            } else if request.executors != nil, request.master?.hasPrefix("local") ?? true {
                fault =
                    "executors are processes of a cluster: name it with --master, or take cores of this machine with --master 'local[2]'"
            } else {
                fault = nil
            }
        } else {
            let option = JobOption.all.first { $0.topic == .cluster && given($0.name) }
            fault = option.map { "\($0.name) is for an engine: name one with --engine \(JobRequest.sparkEngine)" }
        }
        if let fault { throw TrainingError(.badRequest, fault, operation: "validate") }
    }
}
