import Glibc

/// What to watch, and how to understand it.
public struct WatchRequest: Sendable, Hashable {
    /// Files and folders.
    public var paths: [String]
    public var columns: LogColumnNames
    /// What runs are judged by; nil = chosen by their metrics' names.
    public var objective: ObjectiveChoice?
    /// Whether to read what is there and be done.
    public var isOnce: Bool

    public init(
        paths: [String], columns: LogColumnNames = LogColumnNames(), objective: ObjectiveChoice? = nil, isOnce: Bool = false
    ) {
        self.paths = paths
        self.columns = columns
        self.objective = objective
        self.isOnce = isOnce
    }
}
