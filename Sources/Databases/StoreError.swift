/// What went wrong in the workspace, in words for the user.
public struct StoreError: Error, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case cannotOpen, busy, diskFull, readOnly, corrupt, gone, outOfMemory, noWorkspace, newerVersion, olderVersion, notFound,
            ambiguous, alreadyRunning, stillRunning, nameTaken, notOurs, failed
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String
    /// The operation that failed, such as `commit`; for the developer, and never shown.
    public var operation: String
    /// What the library or the system said, if it was one of them that failed.
    public var cause: String?

    public init(code: Code, message: String, operation: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.operation = operation
        self.cause = cause
    }

    public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
