import Files
import Threads

/// Why a job could not be prepared, trained or continued, in words for the user.
public struct TrainingError: Error, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case unknownAlgorithm, badHyperparameter, badData, badRequest, dataChanged, badCheckpoint, badModel, cannotWrite,
            notRunning, stopped, noThread,
            scriptFailed, clusterFailed
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String
    /// The operation that failed.
    public var operation: String
    /// What the layer below said, when it says more.
    public var cause: String?

    public init(_ code: Code, _ message: String, operation: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.operation = operation
        self.cause = cause
    }

    public var description: String { cause.map { "\(message) (\($0))" } ?? message }

    /// Whether the fault lies in what was read, data or a model, rather than in what was asked for.
    public var isDataFault: Bool { code == .badData || code == .dataChanged || code == .badModel }

    init(_ error: FileError) {
        self.init(.cannotWrite, error.message, operation: error.operation, cause: error.cause)
    }

    init(_ error: ThreadError) { self.init(.noThread, error.description, operation: "start") }
}
