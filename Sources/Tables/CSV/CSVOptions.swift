import Numerics

/// How to read a delimited text file; what is not said is found out.
public struct CSVOptions: Sendable, Hashable {
    /// What separates fields: `,` `;` tab or `|`; `nil` = detected.
    public var delimiter: Character?
    /// Whether the first record names the columns; `nil` = detected.
    public var hasHeader: Bool?
    /// Threads for large files; 0 = as many as there are cores, at most 8.
    public var threadCount: Int

    /// The number of threads this comes to.
    var threads: Int { threadCount > 0 ? threadCount : min(8, WorkerThreads.coreCount) }

    /// Options with everything detected.
    public init(delimiter: Character? = nil, hasHeader: Bool? = nil, threadCount: Int = 0) {
        self.delimiter = delimiter
        self.hasHeader = hasHeader
        self.threadCount = threadCount
    }
}
