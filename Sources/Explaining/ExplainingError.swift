/// Why a model cannot be explained as asked.
public struct ExplainingError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The model has no such explanation.
        case unsupported
        /// What was asked for does not fit the model or the rows.
        case badRequest
        /// Rows that the model cannot take.
        case badData
        case noMemory
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
