/// A request that has ended, as the access log and the counters have it. It has no payload and no secret.
public struct AccessRecord: Sendable {
    /// What a request was about.
    public struct Subject: Sendable {
        public var requestID = ""
        public var endpoint = ""
        public var variant = ""
        /// The end of the access key's id, or `token`; empty where nobody was asked who they are.
        public var caller = ""
        public init() {}
    }

    public var method: String
    /// As it came, percent-encoded, without the query.
    public var path: String
    /// 0: the client left before it was answered, or said what is no request.
    public var status: Int
    public var requestBytes: Int, answerBytes: Int
    public var nanoseconds: UInt64
    /// Whether all of the answer was taken over by the system.
    public var isWhole: Bool
    public var subject: Subject
}
