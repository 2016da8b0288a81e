import Glibc

/// Why a file cannot be read or written, in words for the user.
public struct FileError: Error, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The system refused.
        case refused
        case notAFile, tooLarge
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String
    /// The operation that failed.
    public var operation: String
    /// What the system said, when it said something.
    public var cause: String?

    init(_ code: Code, _ message: String, operation: String) {
        (self.code, self.message, self.operation) = (code, message, operation)
    }

    /// What the system's error number says about a call that just failed on this thread.
    public init(failing operation: String, _ path: String) {
        let number = errno
        self.init(.refused, "cannot read or write \(path): check the disk's space and permissions", operation: operation)
        cause = String(cString: strerror(number))
    }

    public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
