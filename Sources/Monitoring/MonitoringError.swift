/// Why something cannot be monitored as asked.
public struct MonitoringError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case badRequest
        /// A baseline that is none, or data that does not have what its baseline asks for.
        case badData
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
