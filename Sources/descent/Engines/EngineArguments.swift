import Events
import Spark

/// Options that say which engine a command is to ask, and on which cluster.
enum EngineArguments {
    /// The same as those of a job.
    static let options: [OptionSpecification] = zip(OptionSpecification.job, JobOption.all).filter { $1.topic == .cluster }.map(
        \.0)

    /// - Returns: nil where this program is to do it.
    /// - Throws: usage, for an engine that there is not, for options of one where none is named.
    static func size(_ arguments: ParsedArguments) throws(CommandError) -> ClusterSize? {
        var request = JobRequest(datasetPath: "", target: nil, algorithm: "")
        for option in JobOption.clusters {
            let values = arguments.values("--" + option.name)
            guard let value = values.last else { continue }
            if let problem = option.problem(with: value) { throw .usage("--\(option.name) '\(value)': give \(problem)") }
            option.set(values, in: &request)
            if arguments.value("--engine") == nil {
                throw .usage("--\(option.name) is for an engine: name one with --engine \(JobRequest.sparkEngine)")
            }
        }
        guard request.engine != nil else { return nil }
        let size = ClusterSize(request)
        if size.executors != nil, size.isLocal {
            throw .usage(
                "--executors are processes of a cluster: name it with --master, or take cores of this machine with --master 'local[2]'"
            )
        }
        return size
    }
}
