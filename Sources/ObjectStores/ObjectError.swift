/// Why an object cannot be had or kept. Its text names no secret.
public struct ObjectError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    public enum Code: String, Sendable, Hashable {
        /// It makes no sense as an address.
        case badAddress
        case notFound
        /// Who asks is not let in, or is not known.
        case denied
        /// The clock of this machine and the store's differ too much.
        case clock
        /// Nobody answered, or not in time, however often it was tried.
        case unreachable
        /// It became another one while it was read.
        case changed
        /// The store said no for another reason.
        case refused
        /// The file on this machine cannot be read or written.
        case file
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { message }
}
