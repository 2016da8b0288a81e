import CCurl

/// A request to a server that speaks HTTP, safe or plain.
public struct WebRequest: Sendable {
    public var method = "POST"
    /// `https://…` or `http://…`; other schemes are refused.
    public var address: String
    /// `Name: value`.
    public var headers: [String] = []
    public var body: [UInt8] = []
    /// Seconds until the connection stands, and until the answer is there.
    public var connectSeconds = 10.0
    public var seconds = 30.0
    /// Seconds in which something has to come or go; nil = as long as all may take.
    public var stallSeconds: Double?
    /// Bytes of the answer that are kept.
    public var mostAnswerBytes = 1 << 16
    /// A file of authorities to trust instead of the system's.
    public var authorities: String?

    public init(_ address: String) { self.address = address }

    /// Sends it. No redirection is followed, so that nothing goes to a host that was not named.
    /// - Parameter isCancelled: whether nobody waits for the answer any more; asked about once a second.
    public func send(unless isCancelled: @escaping () -> Bool = { false }) throws(TransferError) -> WebAnswer {
        let transfer = try CurlTransfer()
        transfer.set(CX_CURLOPT_PROTOCOLS, CX_CURLPROTO_HTTP | CX_CURLPROTO_HTTPS)
        try transfer.set(CX_CURLOPT_URL, address)
        try transfer.set(CX_CURLOPT_CUSTOMREQUEST, method)
        try transfer.set(CX_CURLOPT_USERAGENT, "descent")
        // A body is sent at once, without asking first.
        try transfer.set(CX_CURLOPT_HTTPHEADER, lines: headers + ["Expect:"])
        transfer.set(connecting: connectSeconds, all: seconds)
        if let stallSeconds { transfer.set(stalling: stallSeconds) }
        transfer.keep(atMost: mostAnswerBytes)
        if let authorities { try transfer.set(CX_CURLOPT_CAINFO, authorities) }
        if method != "GET" {
            transfer.setSize(CX_CURLOPT_POSTFIELDSIZE_LARGE, body.count)
            try transfer.setBody(body)
        }
        let (status, flow) = try transfer.run(unless: isCancelled)
        return WebAnswer(status: status, headers: flow.headers, body: flow.answer)
    }
}

/// What a server answered.
public struct WebAnswer: Sendable {
    public var status: Int
    private var headers: [String]
    /// As much of it as was to be kept.
    public var body: [UInt8]

    public init(status: Int, headers: [String] = [], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    public var isGood: Bool { (200...299).contains(status) }

    /// The value of a header; nil where there is none.
    public func header(_ name: String) -> String? {
        for line in headers {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
            return String(
                line[line.index(after: colon)...].drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        return nil
    }
}
