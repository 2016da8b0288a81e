import Events
import Files
import Training

/// What a job is likely to need of the machine's memory.
enum MemoryNeed {
    /// Bytes that can be had without swapping.
    static var available: Int { ComputeBudget.availableMemory }

    /// Bytes: three times its data's files, which a table and its features take; what the job leaves in its file is not in memory.
    static func of(_ request: JobRequest) -> Int {
        [request.datasetPath, request.validationPath].compactMap { $0 }.filter { !$0.isEmpty }
            .reduce(0) { $0 + (FileStamp($1)?.size ?? 0) * 3 }
    }
}
