import JSON

/// Something that a cell's code gave.
public enum NotebookOutput: Hashable, Sendable {
    /// What was printed: `stdout` or `stderr`.
    case stream(name: String, text: String)
    /// Something shown, in the forms in which it can be: by their MIME types. A number where it is what the cell's last line was.
    case data(NotebookData, result: Int?)
    case error(name: String, value: String, traceback: [String])
    /// A kind that is not known, kept as it was read.
    case other(JSONValue)

    /// nbformat 4's own form.
    public init(json: JSONValue) {
        switch json["output_type"]?.string {
        case "stream":
            self = .stream(name: json["name"]?.string ?? "stdout", text: NotebookLines.text(json["text"]) ?? "")
        case "execute_result": self = .data(NotebookData(json: json), result: json["execution_count"]?.integer ?? 0)
        case "display_data", "update_display_data": self = .data(NotebookData(json: json), result: nil)
        case "error":
            self = .error(
                name: json["ename"]?.string ?? "", value: json["evalue"]?.string ?? "",
                traceback: json["traceback"]?.array?.compactMap(\.string) ?? [])
        default: self = .other(json)
        }
    }

    public var json: JSONValue {
        switch self {
        case .stream(let name, let text):
            .object(["name": .string(name), "output_type": .string("stream"), "text": NotebookLines.json(text)])
        case .data(let data, let result):
            .object(
                [.init("data", data.bundle)] + (result.map { [.init("execution_count", .integer($0))] } ?? [])
                    + [
                        .init("metadata", data.metadata),
                        .init("output_type", .string(result == nil ? "display_data" : "execute_result")),
                    ])
        case .error(let name, let value, let traceback):
            .object([
                "ename": .string(name), "evalue": .string(value), "output_type": .string("error"),
                "traceback": .array(traceback.map { .string($0) }),
            ])
        case .other(let json): json
        }
    }
}

/// One thing in several forms, by MIME type.
public struct NotebookData: Hashable, Sendable {
    var bundle: JSONValue
    var metadata: JSONValue

    init(json: JSONValue) { (bundle, metadata) = (json["data"] ?? .object([]), json["metadata"] ?? .object([])) }

    public init(text: String) {
        (bundle, metadata) = (.object(["text/plain": NotebookLines.json(text)]), .object([]))
    }

    /// - Parameter forms: texts by MIME type, the best one first.
    public init(_ forms: KeyValuePairs<String, String>) {
        (bundle, metadata) = (.object(forms.map { .init($0.key, NotebookLines.json($0.value)) }), .object([]))
    }

    /// In the document's order.
    public var types: [String] { bundle.members?.map(\.name) ?? [] }

    /// A form as text; nil where it has none such.
    public func text(_ type: String) -> String? { NotebookLines.text(bundle[type]) }

    /// A picture's bytes; nil where it has none of this type, or they are damaged.
    public func bytes(_ type: String) -> [UInt8]? {
        text(type).flatMap { Base64.bytes($0.filter { !$0.isWhitespace }) }
    }
}
