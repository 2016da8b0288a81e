import Events

/// Which cluster Spark runs on, and how much of it.
package struct ClusterSize: Sendable, Hashable {
    package var master: String
    /// Processes, cores of each, memory of each such as `4g`; nil = as the cluster has it.
    package var executors: Int?, executorCores: Int?, executorMemory: String?

    package init(_ request: JobRequest) {
        master = request.master ?? Self.thisMachine
        (executors, executorCores, executorMemory) = (request.executors, request.executorCores, request.executorMemory)
    }

    package init(master: String) { self.master = master }

    /// - Parameter options: of a job, by name.
    package init(options: [String: String]) {
        var request = JobRequest(datasetPath: "", target: nil, algorithm: "")
        request.clusterOptions = options
        self.init(request)
    }

    /// Tasks that run together, as far as that was said.
    ///
    /// - Parameter processorCount: of this machine.
    package func taskCount(processorCount: Int) -> Int {
        guard isLocal else { return max(1, (executors ?? 1) * (executorCores ?? 1)) }
        if master == "local" { return 1 }
        let said = master.dropFirst("local[".count).prefix { $0.isNumber }
        return Int(said).map { max(1, $0) } ?? processorCount
    }

    /// The master that is this machine's cores.
    package static let thisMachine = "local[*]"

    /// Whether tasks run within the driver's own process, on this machine.
    package var isLocal: Bool { master.hasPrefix("local") }

    /// As the driver's program takes them.
    func arguments(name: String) -> [String] {
        var arguments = ["--master", master, "--name", "descent \(name)"]
        if let executors { arguments += ["--executors", "\(executors)"] }
        if let executorCores { arguments += ["--executor-cores", "\(executorCores)"] }
        if let executorMemory { arguments += ["--executor-memory", executorMemory] }
        return arguments
    }
}
