/// What a server takes from its clients.
public struct ServerLimits: Sendable {
    /// Bytes of a body; SageMaker's for real-time endpoints.
    public var bodyBytes = 6_291_456
    /// Bytes of all bodies that are held at one time.
    public var heldBytes = 256 << 20
    /// Bytes of a head, which the library keeps for each connection.
    public var headBytes = 32 << 10
    public var connections = 1024
    /// Requests that wait for a thread.
    public var waiting = 512
    /// Threads that answer.
    public var workers = 2
    /// How long a client may take to say its next request's head, from its connection or its last answer on.
    /// - Units: seconds.
    public var headSeconds = 60.0
    public var bodySeconds = 60.0
    /// How long it may take to read the answer.
    public var answerSeconds = 120.0
    /// How long requests that are being answered are waited for when the server ends.
    public var drainSeconds = 30.0

    public init() {}

    /// Whether the library can take a request's arguments apart within `headBytes`, its headers beside.
    ///
    /// - Source: libmicrohttpd 0.9.75 keeps 56 bytes for each argument, in steps of 16, and the address itself.
    func hasRoom(forArgumentsOf uri: String) -> Bool {
        guard let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) else { return true }
        let count = 1 + uri.utf8[mark...].count { $0 == UInt8(ascii: "&") }
        return 64 * count + 2 * uri.utf8.count <= headBytes * 3 / 4
    }

    /// A body beyond the limit is read up to so many times the limit before it is refused, so that its client, which writes before it
    /// reads, hears the refusal.
    let patience = 8
    /// Connections beyond the limit that are told so; those beyond these are closed.
    let toldConnections = 64
}
