import Events
import Glibc
import JSON
import Testing

/// What `RecordedRun.all` raised when rules were fed one value of one metric at a time.
///
/// What a rule raises is to change only where that is meant: then `DESCENT_RECORD=1`, with the tests of this target, records it anew.
enum RecordedAlerts {
    private static let path = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/alerts.jsonl"

    static var isRecording: Bool { getenv("DESCENT_RECORD") != nil }

    /// Writes the alerts of each run in the order of the runs.
    static func record(_ lines: [String: [String]]) throws {
        let file = try #require(fopen(path, "we"))
        defer { fclose(file) }
        for line in RecordedRun.all.flatMap({ lines[$0.record.id.text] ?? [] }) {
            try #require(fputs(line + "\n", file) >= 0)
        }
    }

    /// The alerts of each run in the order in which they were raised, a line each in the wire form.
    static func lines() throws -> [String: [String]] {
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
