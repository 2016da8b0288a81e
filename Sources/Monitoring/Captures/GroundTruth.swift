import CheckedNumbers
import Files
import JSON

/// Labels that came after the answers, by the request's inference id or event id: a label for each of its rows.
public struct GroundTruth: Sendable, Hashable {
    public private(set) var labels: [String: [String]] = [:]
    /// Lines that could not be read, and the first of them.
    public private(set) var faults = CaptureFolder.Faults()

    public init() {}

    /// Reads a file, or every `.jsonl` file below a folder.
    ///
    /// A line is SageMaker's `{"groundTruthData":{"data":"1","encoding":"CSV"},"eventMetadata":{"eventId":"ID"},"eventVersion":"0"}`.
    /// Of an id that comes again the later line counts.
    /// - Throws: `badData` where there is no such file or folder.
    public init(path: String) throws(MonitoringError) {
        switch FileKind(at: path) {
        case .file: try read(path)
        case .folder:
            for file in Self.files(below: path) { try read(file) }
        default:
            throw MonitoringError(.badData, "\(path) is not there: give a file or a folder with lines of ground truth")
        }
    }

    private static func files(below folder: String, depth: Int = 8) -> [String] {
        Folder.names(in: folder).flatMap { name -> [String] in
            let path = folder + "/" + name
            switch FileKind(at: path) {
            case .file: return name.hasSuffix(".jsonl") || name.hasSuffix(".json") ? [path] : []
            case .folder: return depth > 0 ? files(below: path, depth: depth - 1) : []
            default: return []
            }
        }
    }

    private mutating func read(_ file: String) throws(MonitoringError) {
        let bytes: [UInt8]
        do { bytes = try AtomicFile.read(file, atMost: 1 << 32) ?? [] } catch {
            throw MonitoringError(.badData, error.description)
        }
        for (place, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do { try add(line: String(decoding: line, as: UTF8.self)) } catch {
                faults.add("\(file), line \(place + 1)", error.message)
            }
        }
    }

    /// Takes one line.
    ///
    /// - Throws: `badData`.
    public mutating func add(line: String) throws(MonitoringError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: line) } catch {
            throw MonitoringError(.badData, "it is no whole line of JSON: \(error)")
        }
        let metadata = json["eventMetadata"]
        guard let id = metadata?["inferenceId"]?.string ?? metadata?["eventId"]?.string,
            let data = json["groundTruthData"]?["data"]
        else { throw MonitoringError(.badData, "groundTruthData.data or eventMetadata.eventId is missing") }
        let text: String
        switch data {
        case .string(let given): text = given
        case .integer, .number: text = data.text
        default: throw MonitoringError(.badData, "groundTruthData.data is neither a text nor a number")
        }
        labels[id] = text.split(separator: "\n").map { Self.trimmed($0) }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let last = text.last, last == " " || last == "\r" || last == "\t" { text.removeLast() }
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        return String(text)
    }
}
