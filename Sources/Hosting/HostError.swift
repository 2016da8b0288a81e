import Glibc

/// Why the host cannot do what it was to do, in words for the user.
public struct HostError: Error, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// - Parameter code: what the system said.
    public init(_ what: String, _ code: Int32) { description = "\(what): \(String(cString: strerror(code)))" }
}
