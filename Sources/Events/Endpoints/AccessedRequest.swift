import JSON

/// A request to an endpoint as the host's access log has it: no payload, no secret.
public struct AccessedRequest: Hashable, Sendable {
    /// As the log has it: `2026-12-01T08:15:30.123Z`.
    public var time: String
    /// 0: the client left before it was answered.
    public var status: Int
    public var variant: String
    /// Who asked: the end of the access key's id, or `token`.
    public var caller: String
    public var requestBytes: Int, answerBytes: Int
    /// - Units: microseconds, from its first byte to the last of its answer.
    public var microseconds: Int

    public init(
        time: String, status: Int, variant: String, caller: String, requestBytes: Int, answerBytes: Int, microseconds: Int
    ) {
        (self.time, self.status, self.variant, self.caller) = (time, status, variant, caller)
        (self.requestBytes, self.answerBytes, self.microseconds) = (requestBytes, answerBytes, microseconds)
    }

    /// A line of the log.
    /// - Parameter endpoint: the endpoint's name.
    /// - Returns: nil where it tells of another endpoint, or is no line of it.
    public init?(logged line: JSONValue, of endpoint: String) {
        guard line["endpoint"]?.string == endpoint, let time = line["time"]?.string, let status = line["status"]?.integer else {
            return nil
        }
        self.init(
            time: time, status: status, variant: line["variant"]?.string ?? "", caller: line["caller"]?.string ?? "",
            requestBytes: max(0, line["bytesIn"]?.integer ?? 0), answerBytes: max(0, line["bytesOut"]?.integer ?? 0),
            microseconds: max(0, line["microseconds"]?.integer ?? 0))
    }
}
