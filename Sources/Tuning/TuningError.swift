/// Why a search cannot be made or go on.
public struct TuningError: Error, Hashable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// A range, condition or value that cannot be.
        case range
        /// A strategy that does not fit the space or the limits.
        case strategy
        /// Trials from which nothing can be learned yet.
        case trials
    }

    public let code: Code
    /// What is wrong, and what to do.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
