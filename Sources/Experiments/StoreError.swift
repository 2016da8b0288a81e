import Events
import Threads

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

    init(_ error: ThreadError) { self.init(code: .failed, message: error.description, operation: "start a thread") }

    public var description: String { cause.map { "\(message) (\($0))" } ?? message }

    /// The error as the reason why nothing is recorded.
    public var recordingProblem: RecordingProblem {
        let words =
            switch code {
            case .diskFull: "disk full"
            case .readOnly: "workspace is read-only"
            case .corrupt: "workspace damaged"
            case .gone: "workspace gone"
            case .busy: "workspace in use"
            case .outOfMemory: "no memory"
            default: "workspace cannot be written"
            }
        return RecordingProblem(words: words, message: description)
    }
}
