import Glibc

/// Why a thread cannot be made, in words for the user.
public struct ThreadError: Error, Hashable, CustomStringConvertible {
    /// The thread's name.
    public var name: String
    /// What the system said, such as `Resource temporarily unavailable`.
    public var cause: String

    init(name: String, code: Int32) {
        self.name = name
        cause = String(cString: strerror(code))
    }

    public var description: String {
        "no thread can be made for '\(name)': end other programs, or raise the limits on processes and memory "
            + "(ulimit -u, ulimit -v) (pthread_create: \(cause))"
    }
}
