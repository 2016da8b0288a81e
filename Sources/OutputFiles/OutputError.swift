import Glibc
import PrintableText

/// Something that could not be written, in words for the user.
public struct OutputError: Error, Hashable, CustomStringConvertible {
    /// The file, or `standard output`.
    public let path: String
    /// The system's error number.
    public let code: Int32
    /// What to do, when it is not what the code says.
    private let advice: String?

    init(path: String, code: Int32, advice: String? = nil) {
        self.path = path
        self.code = code
        self.advice = advice
    }

    /// Whether the reader of a pipe went away: that is no fault, and nobody is there to be told.
    public var isClosedPipe: Bool { code == EPIPE }

    /// What happened: what to do; without the path.
    public var message: String {
        "cannot be written: \(String(cString: strerror(code))): \(advice ?? Self.advice(for: code))"
    }

    public var description: String { "\(path.printable) \(message)" }

    private static func advice(for code: Int32) -> String {
        switch code {
        case ENOENT, ENOTDIR: "make the folder first"
        case EACCES, EROFS, EPERM: "choose a folder you may write to"
        case ENOSPC, EDQUOT: "free some space"
        case EFBIG: "raise the limit on file sizes (ulimit -f)"
        case EISDIR: "name a file in it"
        default: "choose another place"
        }
    }
}
