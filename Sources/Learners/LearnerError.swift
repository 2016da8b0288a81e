/// Why a learner cannot be configured, trained or loaded.
public struct LearnerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault; stable, for tests and callers.
    public enum Code: String, Sendable, Hashable {
        case unknownHyperparameter, invalidHyperparameter, unknownLearner
        case noRows, shapeMismatch, nonFiniteFeature, invalidTarget, invalidSnapshot, invalidModel, unsupported
        /// A library that is loaded at run time is not there, or it refused a call.
        case libraryMissing, libraryFailed
        /// Rows that stay in their file cannot be read any more.
        case streamFailed
        /// The cluster that holds the rows cannot do what is asked of it, or the job is to stop while it does.
        case clusterFailed, interrupted
    }

    /// The kind of fault.
    public var code: Code
    /// What happened: what to do.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

extension LearnerError {
    /// What cannot be set while a job runs, and what can.
    static func notSteerable(_ name: String, _ text: String, _ steerable: [String]) -> LearnerError {
        let advice = steerable.isEmpty ? "nothing can: start a new run" : "only numbers for \(steerable.joined(separator: ", "))"
        return LearnerError(.unsupported, "\(name) = '\(text)' cannot be set while training: \(advice)")
    }
}
