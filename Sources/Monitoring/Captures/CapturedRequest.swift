import JSON
import Tables

/// A request with its answer, as an endpoint wrote it down.
public struct CapturedRequest: Sendable, Hashable {
    public var eventID: String
    public var inferenceID: String?
    /// - Units: seconds since 1970.
    public var time: Double
    public var input: Body
    /// Nil where answers are not captured.
    public var output: Body?

    public struct Body: Sendable, Hashable {
        public var type: String
        public var bytes: [UInt8]
    }

    /// What labels come under.
    public var key: String { inferenceID ?? eventID }
}

extension CapturedRequest {
    /// Reads a line of a capture file.
    ///
    /// - Throws: `badData` for what is no such line.
    public init(line: String) throws(MonitoringError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: line) } catch {
            throw MonitoringError(.badData, "it is no whole line of JSON: \(error)")
        }
        let version = json["eventVersion"]?.string
        guard version == nil || version == "0" else {
            throw MonitoringError(.badData, "it is of version \(version ?? ""), and only 0 is known")
        }
        guard let data = json["captureData"], let input = try Self.body(data["endpointInput"]),
            let metadata = json["eventMetadata"], let eventID = metadata["eventId"]?.string,
            let time = metadata["inferenceTime"]?.string.flatMap({ CalendarTime.seconds(iso: $0) })
        else { throw MonitoringError(.badData, "captureData.endpointInput, eventId or inferenceTime is missing") }
        self.init(
            eventID: eventID, inferenceID: metadata["inferenceId"]?.string, time: time, input: input,
            output: try Self.body(data["endpointOutput"]))
    }

    private static func body(_ json: JSONValue?) throws(MonitoringError) -> Body? {
        guard let json, let data = json["data"]?.string else { return nil }
        let type = json["observedContentType"]?.string ?? ""
        guard json["encoding"]?.string == "BASE64" else { return Body(type: type, bytes: Array(data.utf8)) }
        guard let bytes = Base64.bytes(data) else { throw MonitoringError(.badData, "its BASE64 is damaged") }
        return Body(type: type, bytes: bytes)
    }
}
