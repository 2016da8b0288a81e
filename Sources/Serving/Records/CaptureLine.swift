import Clocks
import JSON

/// Captures as lines of JSON, in SageMaker's form. Bytes are put together here and no JSON values: whatever a captured request costs,
/// the endpoint that is watched pays.
struct CaptureLine {
    /// The second that was written last, and its text: most requests have one with the request before them.
    private var second = -Double.infinity
    private var secondText: [UInt8] = []
    /// As what bytes of the types that were met are written.
    private var encodings: [String: String?] = [:]

    /// Appends the line with its end.
    mutating func append(_ capture: Capture, to out: inout [UInt8]) {
        out.append(contentsOf: #"{"captureData":{"endpointInput":"#.utf8)
        append(capture.input, mode: "INPUT", to: &out)
        out.append(contentsOf: #","endpointOutput":"#.utf8)
        append(capture.output, mode: "OUTPUT", to: &out)
        out.append(contentsOf: #"},"eventMetadata":{"eventId":"#.utf8)
        JSONValue.write(quoted: capture.eventID, into: &out)
        if let id = capture.inferenceID {
            out.append(contentsOf: #","inferenceId":"#.utf8)
            JSONValue.write(quoted: id, into: &out)
        }
        out.append(contentsOf: #","inferenceTime":""#.utf8)
        out.append(contentsOf: text(capture.time))
        out.append(contentsOf: "\"},\"eventVersion\":\"0\"}\n".utf8)
    }

    private mutating func text(_ time: Double) -> [UInt8] {
        if time.rounded(.down) != second {
            second = time.rounded(.down)
            secondText = Array((WallClock.text(time).prefix(19) + "Z").utf8)
        }
        return secondText
    }

    private mutating func append(_ content: (type: String, bytes: [UInt8]), mode: String, to out: inout [UInt8]) {
        out.append(contentsOf: #"{"observedContentType":"#.utf8)
        JSONValue.write(quoted: content.type, into: &out)
        out.append(contentsOf: #","mode":""#.utf8)
        out.append(contentsOf: mode.utf8)
        out.append(contentsOf: #"","data":"#.utf8)
        var encoding = encoding(content.type)
        if encoding == nil || !JSONValue.write(quoted: content.bytes, into: &out) {
            encoding = "BASE64"
            JSONValue.write(quoted: Base64.text(content.bytes), into: &out)
        }
        out.append(contentsOf: #","encoding":""#.utf8)
        out.append(contentsOf: (encoding ?? "").utf8)
        out.append(contentsOf: "\"}".utf8)
    }

    /// As what a type's bytes are written where they are UTF-8; nil where they are no text.
    private mutating func encoding(_ type: String) -> String? {
        if let known = encodings[type] { return known }
        let name = type.prefix { $0 != ";" }.lowercased()
        let encoding = name == "text/csv" ? "CSV" : name.hasPrefix("application/json") ? "JSON" : nil
        // Whoever asks says what type it is, and may say something else each time.
        if encodings.count >= 64 { encodings = [:] }
        encodings[type] = .some(encoding)
        return encoding
    }
}
