import Events
import Glibc

/// How much of the machine all jobs together may use. One value, from which thread counts and the number of jobs at a time come.
public struct ComputeBudget: Hashable, Sendable {
    /// Threads that all jobs together may keep busy.
    public let threadCount: Int
    /// Jobs that train at the same time; others wait as Pending.
    public let concurrentJobs: Int
    /// Bytes of memory that all jobs together may fill with rows. Linear learners leave in its file what would take more.
    public let memory: Int

    /// - Parameters:
    ///   - threadCount: at least 1; by default the processors this process may run on.
    ///   - concurrentJobs: at least 1; by default one a thread, at least two so that a short job can pass a long one.
    ///   - memory: bytes; by default what the environment variable DESCENT_MEMORY says, such as 512M or 8G, or half of what is
    ///     free.
    public init(threadCount: Int? = nil, concurrentJobs: Int? = nil, memory: Int? = nil) {
        let threads = max(1, threadCount ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        self.threadCount = threads
        self.concurrentJobs = max(1, concurrentJobs ?? max(2, threads))
        self.memory = max(1, memory ?? FreeMemory.wanted ?? FreeMemory.available / 2)
    }

    /// Bytes of memory that can be had now without swapping, in this machine or container.
    public static var availableMemory: Int { FreeMemory.available }

    /// Threads one job's library calls may use. A constant, so that a job's arithmetic does not depend on what else runs.
    public var threadsPerJob: Int { max(1, threadCount / concurrentJobs) }
}

extension ComputeBudget {
    /// Processors of this machine.
    package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Fixes how many threads a run's job computes with, unless an earlier attempt did. Learners compute with one, XGBoost with as many
    /// as its setting says; a script is told of all processors.
    package static func fixThreads(of record: inout RunRecord) {
        guard record.threads == 0 else { return }
        record.threads = record.request.isScript ? processorCount : record.hyperparameters["nthread"].flatMap { Int($0) } ?? 1
    }
}
