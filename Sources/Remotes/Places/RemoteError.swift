import Glibc

/// Why a place cannot be reached, or does not do what it was asked for, in words for the user.
public struct RemoteError: Error, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// Somebody named it in a way that makes no sense.
        case badAddress
        /// The command to it cannot be started, or has ended.
        case unreachable
        /// Descent there speaks another version of the protocol.
        case otherVersion
        /// What came makes no sense.
        case nonsense
        /// The place says no.
        case refused
    }

    public var code: Code
    public var description: String

    public init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }
}
