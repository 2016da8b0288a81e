import Events
import Glibc
import JSON
import Testing

/// What `RecordedRun.all` raised when rules were fed one value of one metric at a time.
enum RecordedAlerts {
    /// The alerts of each run in the order in which they were raised, a line each in the wire form.
    static func lines() throws -> [String: [String]] {
        let path = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/alerts.jsonl"
        let file = try #require(fopen(path, "re"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        var lines: [String: [String]] = [:]
        for line in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n") {
            let event = try #require(StudioEvent(json: try JSONValue(parsing: String(line))))
            lines[try #require(event.run).text, default: []].append(String(line))
        }
        return lines
    }
}
