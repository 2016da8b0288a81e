import Glibc

/// Why a file is not transformed.
public struct TransformError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// What is in the file is at fault: others go on.
        case data
        /// What was asked for makes no sense.
        case usage
        /// The system refused: nothing goes on.
        case system
    }

    public var code: Code
    public var path: String
    /// The line that the record at fault begins on, from 1, or its number in a file without lines.
    public var line: Int?
    /// What happened: what to do.
    public var message: String

    public init(_ code: Code, path: String, line: Int? = nil, _ message: String) {
        (self.code, self.path, self.line, self.message) = (code, path, line, message)
    }

    /// What the system's error number says about a call that just failed on this thread.
    init(failing path: String, _ what: String) {
        self.init(.system, path: path, "\(what) (\(String(cString: strerror(errno)))): check the disk's space and permissions")
    }

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
