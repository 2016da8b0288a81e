/// Why something could not be sent. Its text names no address and no secret.
public struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        case noLibrary
        /// The host's name has no address.
        case unknownHost
        case noConnection
        case timedOut
        /// The connection cannot be made safe, or the server is not who it should be.
        case notSafe
        case loginDenied
        /// The server said no.
        case refused
        /// Nobody wants it any more.
        case cancelled
        /// The address or what is sent makes no sense.
        case badRequest
        case failed
    }

    public var code: Code
    /// What happened; what to do where that is known.
    public var message: String
    /// Whether it may go well when tried again.
    public var isPassing: Bool

    public init(_ code: Code, _ message: String, isPassing: Bool = false) {
        (self.code, self.message, self.isPassing) = (code, message, isPassing)
    }

    public var description: String { message }

    /// What one of libcurl's codes means.
    /// - Source: libcurl-errors(3).
    init(curl code: Int32, _ words: String, reply: Int) {
        let said = reply > 0 ? "\(words) (the server said \(reply))" : words
        switch code {
        case 1, 3, 4: self.init(.badRequest, "the address cannot be used (\(words)): check it")
        case 6: self.init(.unknownHost, "the host's name has no address", isPassing: true)
        case 7: self.init(.noConnection, "nobody listens at the address", isPassing: true)
        case 28: self.init(.timedOut, "no answer in time", isPassing: true)
        case 42: self.init(.cancelled, "given up", isPassing: true)
        case 35, 60, 64, 77, 83, 90, 91:
            self.init(.notSafe, "the connection is not safe (\(words)): name the authority that vouches for it with ca=FILE")
        case 67: self.init(.loginDenied, "the server refuses user and password")
        case 8, 52, 55, 56, 16, 92:
            // A mail server's reply of 5xx is for good.
            self.init(.refused, said, isPassing: reply < 500 || reply > 599)
        default: self.init(.failed, said, isPassing: reply >= 400 && reply < 500)
        }
    }
}
