/// Why biases cannot be measured as asked.
public struct FairnessError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case badRequest
        /// The rows do not have what is asked for.
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
