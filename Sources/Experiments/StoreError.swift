/// What went wrong in the workspace, in words for the user.
public struct StoreError: Error, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case cannotOpen, busy, diskFull, readOnly, corrupt, newerVersion, notFound, ambiguous, alreadyRunning, nameTaken, notOurs,
            failed
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String
    /// The operation that failed, such as `commit`.
    public var operation: String
    /// The library's own message, if it was the library that failed.
    public var cause: String?

    public init(code: Code, message: String, operation: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.operation = operation
        self.cause = cause
    }

    public var description: String { cause.map { "\(message) (\(operation): \($0))" } ?? message }
}
