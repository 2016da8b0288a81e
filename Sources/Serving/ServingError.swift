/// Why requests cannot be served, in words for the user.
public struct ServingError: Error, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// libmicrohttpd is not installed, or is another one.
        case noLibrary
        /// The address is taken, not of this machine, or not allowed to this user.
        case cannotListen
        case badCertificate, badCredentials
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String

    init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { message }
}
