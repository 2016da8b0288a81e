/// Why the terminal cannot be used.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// Input or output is not a terminal.
        case notATerminal
        /// No terminal description fits.
        case unknownTerminal
        /// A system call failed.
        case systemCall
    }

    public var code: Code
    /// What happened and what to do.
    public var message: String
    /// The function that failed.
    public var operation: String

    public init(code: Code, message: String, operation: String) {
        self.code = code
        self.message = message
        self.operation = operation
    }

    public var description: String { message }
}
