/// A request as it came over the wire.
public struct HTTPRequest: Sendable {
    public var method: String
    /// Percent-encoded, without the query.
    public var path: String
    /// Percent-encoded, without the question mark.
    public var query: String
    /// In the order in which they came; names in lower case.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8] = []
    /// When its head was read.
    /// - Units: nanoseconds of the steady clock.
    public var receivedAt: UInt64 = 0

    public init(method: String, path: String, query: String = "", headers: [(name: String, value: String)] = []) {
        (self.method, self.path, self.query, self.headers) = (method, path, query, headers)
    }

    /// The first header of that name.
    /// - Parameter name: in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    public func headers(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}

/// What is answered.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// Whether the connection ends with it.
    public var closes = false
    /// What the access log tells of it beside status and size.
    public var record = AccessRecord.Subject()
    /// Done once the client has all of it, or has left. Called on the network's thread: it must be quick.
    public var afterwards: (@Sendable () -> Void)?

    public init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }
}

/// Who answers requests. Called on several threads at once.
public protocol HTTPHandler: AnyObject, Sendable {
    /// Called once the head of a request is there, on the network's thread: it must be quick.
    /// - Returns: a refusal, after which the body is not looked at; nil where the body is wanted.
    func refusal(of head: HTTPRequest) -> HTTPResponse?

    /// Whether a whole request is answered so quickly that handing it to another thread would cost more than waiting for it.
    func isQuick(_ request: HTTPRequest) -> Bool

    func answer(_ request: HTTPRequest) -> HTTPResponse
}
