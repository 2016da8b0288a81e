import JSON

/// A tuning job that runs was paused, goes on, or is searched otherwise from now on.
public struct TuningNotice: Hashable, Sendable {
    public var tuning: String
    public var name: String
    public var status: JobStatus
    /// What is different, in words.
    public var text: String

    public init(tuning: String, name: String, status: JobStatus, text: String) {
        (self.tuning, self.name, self.status, self.text) = (tuning, name, status, text)
    }

    var json: JSONValue {
        .object([
            "tuning": .string(tuning), "name": .string(name), "status": .string(status.rawValue), "text": .string(text),
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let name = json["name"]?.string,
            let status = json["status"]?.string.flatMap(JobStatus.init), let text = json["text"]?.string
        else { return nil }
        self.init(tuning: tuning, name: name, status: status, text: text)
    }
}
